using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Judges the poses of particles of a half by what had no part in them.</summary>
internal interface IHeldOut
{
    /// <summary>The gain in log-likelihood over the start of each particle; NaN where it cannot be told.</summary>
    /// <param name="indices">Images of the source.</param>
    /// <param name="start">The pose that an image's particle started from.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>A value for each particle among them.</returns>
    double[] Gains(IReadOnlyList<int> indices, Func<int, Pose> start, ComputeOptions compute, CancellationToken cancellationToken);
}
