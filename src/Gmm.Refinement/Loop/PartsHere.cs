using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Works through all parts in this process, one half after the other.</summary>
internal sealed class PartsHere : IPartRunner
{
    private Func<int, HalfPass> _prepare = null!;
    private int[][][] _parts = null!;

    public void Begin(Func<int, HalfPass> prepare, int[][][] parts, CancellationToken cancellationToken) => (_prepare, _parts) = (prepare, parts);

    public HalfMotion? Run(int half, PoseEstimate?[] estimates, FourierAccumulator? sums, Action<int>? done, CancellationToken cancellationToken)
    {
        // Made ready only now: the references of one half at a time are in memory.
        var pass = _prepare(half);
        var partSums = sums is null ? null : new PartSums(sums);
        foreach (var part in _parts[half])
        {
            pass.Run(part, estimates, partSums?.Current, done, cancellationToken);
            partSums?.EndPart();
            pass.LetGo(part, estimates);
        }

        return pass.Learn(estimates, cancellationToken);
    }
}
