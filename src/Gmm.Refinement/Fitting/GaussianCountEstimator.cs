namespace Gmm.Refinement;

/// <summary>Estimates how many Gaussians a map needs (the word `auto`).</summary>
/// <remarks>
/// The paper: the average distance of nearest neighbours matches the target resolution. (EMAN2 e2gmm_guess_n stops at the first N where the
/// 33 % point of the distances is below half the resolution, many times as many, or at 20,000.) Here the paper's rule is
/// solved directly, for points as evenly spread as can be: densely packed points at distance d take d^3 / sqrt(2) each, so
/// N = sqrt(2) V / d^3, V the volume of the molecule's envelope. (K-means centres crowd where density is high; of N centres found so the
/// mean distance is about a quarter less.) The distance is not taken below 2.9 angstrom, where each non-hydrogen atom of a protein (17 cubic
/// angstrom) has its own Gaussian, the paper's other rule. That gives N close to its figures: a spike (360,000 cubic angstrom) at 3.1
/// angstrom gets 17,000.
/// </remarks>
internal static class GaussianCountEstimator
{
    private const double SmallestSpacing = 2.9;

    /// <summary>Estimates N.</summary>
    /// <param name="cloud">The voxels of the molecule, as <see cref="VoxelCloud.InEnvelope"/> finds them.</param>
    /// <param name="resolution">Target resolution, angstrom.</param>
    /// <returns>N, from 1 to half the number of voxels.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The resolution is not positive.</exception>
    public static int Estimate(VoxelCloud cloud, double resolution)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(resolution);
        var count = Math.Sqrt(2) * cloud.RegionVolume / Math.Pow(Math.Max(resolution, SmallestSpacing), 3);
        return (int)Math.Clamp(Math.Round(count), 1, cloud.Count / 2);
    }

    /// <summary>The volume that an estimated number of Gaussians came from, cubic angstrom.</summary>
    internal static double Volume(int count, double resolution) => count * Math.Pow(Math.Max(resolution, SmallestSpacing), 3) / Math.Sqrt(2);
}
