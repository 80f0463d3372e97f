using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Who works through the parts of an iteration's halves: this process, or others that share a disk with it.</summary>
internal interface IPartRunner
{
    /// <summary>Before the first half of an iteration.</summary>
    /// <param name="prepare">Makes a half's pass (0 or 1) ready, with what its images say together: all that a part is worked through with.</param>
    /// <param name="parts">The particles of each part, of both halves.</param>
    /// <param name="cancellationToken">Stops it.</param>
    void Begin(Func<int, HalfPass> prepare, int[][][] parts, CancellationToken cancellationToken);

    /// <summary>Works through a half, or waits for those who do; its parts are added in their order.</summary>
    /// <param name="half">0 or 1.</param>
    /// <param name="estimates">Receives what is found for the half's particles.</param>
    /// <param name="sums">Receives the half's sums; null where the maps are made later.</param>
    /// <param name="done">Called with numbers of particles that are done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What the half's particles say of a motion; null where none is sought.</returns>
    HalfMotion? Run(int half, PoseEstimate?[] estimates, FourierAccumulator? sums, Action<int>? done, CancellationToken cancellationToken);
}
