using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Estimates how many Gaussians a map needs (the word `auto`).</summary>
/// <remarks>
/// The paper: the average distance of nearest neighbours matches the target resolution. (The published program stops at the first N where the
/// 33 % point of those distances is below half the resolution, eight times as many; method.md 5.2.) Here the paper's rule is solved
/// directly: points spread evenly by K-means fill about 0.7 d^3 each, so N = V / (0.7 d^3) with V the volume above the threshold, and then
/// K-means with that N says how far its mean distance is off, twice. The distance is not taken below 2.9 angstrom, where each non-hydrogen atom of a protein (17 cubic angstrom)
/// has its own Gaussian.
/// </remarks>
public static class GaussianCountEstimator
{
    private const double VolumeShare = 0.7;
    private const double SmallestSpacing = 2.9;

    /// <summary>Estimates N.</summary>
    /// <param name="cloud">The voxels above the threshold.</param>
    /// <param name="resolution">Target resolution, angstrom.</param>
    /// <param name="options">Threads and seed.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>N, from 2 to half the number of voxels.</returns>
    public static int Estimate(VoxelCloud cloud, double resolution, ComputeOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resolution);
        var most = cloud.Count / 2;
        var spacing = Math.Max(resolution, SmallestSpacing);
        var count = Math.Clamp((int)(cloud.Volume / (VolumeShare * Math.Pow(spacing, 3))), 2, most);
        for (var round = 0; round < 2; round++)
        {
            var mean = KMeansSeeder.NeighbourDistances(KMeansSeeder.Seed(cloud, count, options, rounds: 4, cancellationToken)).Average();
            count = Math.Clamp((int)Math.Round(count * Math.Pow(mean / spacing, 3)), 2, most);
        }

        return count;
    }
}
