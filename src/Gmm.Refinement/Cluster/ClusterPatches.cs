using Gmm.Core;
using Gmm.Maps;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>
/// Has the particles of an iteration of patches worked through, and the patches' maps summed, by other processes (docs/cluster.md): a board of parts of the
/// halves for the poses, then one of the patches' halves for the maps.
/// </summary>
/// <param name="folder">The run's folder.</param>
/// <param name="settings">Fingerprint of all that decides the run's result.</param>
/// <param name="plan">Who they are.</param>
/// <param name="logger">Told of what is lost, failed and tried again.</param>
internal sealed class ClusterPatches(string folder, string settings, ClusterPlan plan, ILogger logger) : IPatchRunner
{
    /// <summary>What a board was made ready with.</summary>
    public const string Input = "input.gmmpatch";

    /// <summary>The work of these boards.</summary>
    public const string Work = "patches";

    /// <summary>Particles of a part: fewer are not worth a task. What a part is decides nothing.</summary>
    private const int PartParticles = 20;

    private const int MostParts = 16;

    private PartTasks? _maps;

    /// <summary>The parts of a half.</summary>
    public static int[][] Parts(int[][] halves, int half) =>
        HalfParts.Split(halves[half], Math.Clamp(halves.Max(h => h.Length) / PartParticles, 1, MostParts));

    public void Refine(
        PatchState state, IReadOnlyList<GaussianModel> models, IReadOnlyList<PatchHalfPass> passes, int[][] halves, PatchEstimate?[][] estimates,
        Action<int> done, CancellationToken cancellationToken)
    {
        var tasks = Open(
            state.Iteration + 1, "poses",
            new PatchPass(
                state.Limit, Places(state), models, [.. passes.Select(p => p.Motions)],
                state.Estimates.Count == 0 ? null : [.. state.Estimates.Select(Poses)]),
            [Parts(halves, 0), Parts(halves, 1)]);
        for (var h = 0; h < 2; h++)
        {
            tasks.TakeHalf(
                h, (part, task, path) => PatchPartFile.Read(path, tasks.Key, task, part, estimates, passes[h]), done, cancellationToken);
        }
    }

    public void Sum(PatchState state, int patch, int[][] halves, int half, FourierAccumulator sums, CancellationToken cancellationToken)
    {
        // All patches of both halves at once, also those whose maps are there already: workers have done them, too.
        _maps ??= Open(
            state.Iteration, "sums", new PatchPass(state.Limit, Places(state), [], [], [.. state.Estimates.Select(Poses)]),
            [.. halves.Select(h => state.Patches.Select(_ => h).ToArray())]);
        _maps.Take(half, patch, (_, task, path) => PartFile.Read(path, _maps.Key, task, 0, sums), cancellationToken);
    }

    public void End()
    {
        _maps?.Stop();
        _maps = null;
    }

    private static IReadOnlyList<Pose> Poses(IReadOnlyList<PatchEstimate> estimates) => [.. estimates.Select(e => e.Pose)];

    private static PatchPlace[] Places(PatchState state) => [.. state.Patches.Select(p => new PatchPlace(p.Name, [p.X, p.Y, p.Z]))];

    private PartTasks Open(int iteration, string what, PatchPass pass, int[][][] parts)
    {
        var path = Path.Combine(folder, PartTasks.Boards, $"{ClusterParts.BoardName(iteration)}_{what}");
        Directory.CreateDirectory(path);
        var written = Path.Combine(path, TaskBoard.Next);
        PatchPassFile.Write(written, pass);
        return new PartTasks(
            path, Work, PartTasks.KeyOf(written, settings), parts, plan, logger, () => File.Move(written, Path.Combine(path, Input), overwrite: true));
    }
}
