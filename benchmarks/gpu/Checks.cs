using Gmm.Core;
using Gmm.Gpu;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.GpuBenchmark;

/// <summary>What the tests check on a simulated card, on a real one.</summary>
internal static class Checks
{
    /// <summary>Compares the card with the managed optimizer, and with itself.</summary>
    /// <returns>Checks that failed.</returns>
    public static int Run(GpuDevice device, Case set, int particles)
    {
        using var optimizer = new GpuPoseOptimizer(device);
        using var small = new GpuPoseOptimizer(device, null, null, mostSlots: 5);
        var managed = set.Refine(new LevenbergMarquardtPoseOptimizer(), particles);
        var found = set.Refine(optimizer, particles);
        double worst = 0;
        for (var i = 0; i < particles; i++)
        {
            var (a, b) = (managed[i], found[i]);
            var angle = b.Pose.Rotation.AngleTo(a.Pose.Rotation) * (180 / Math.PI) / a.RotationSigmaDegrees;
            var shift = Math.Sqrt(Math.Pow(b.Pose.ShiftX - a.Pose.ShiftX, 2) + Math.Pow(b.Pose.ShiftY - a.Pose.ShiftY, 2)) / a.ShiftSigmaAngstrom;
            worst = Math.Max(worst, a.Status == b.Status ? a.Status == PoseStatus.Refined ? Math.Max(angle, shift) : 0 : double.PositiveInfinity);
        }

        return Report($"poses of {particles} particles are the managed ones to {worst:G2} of their uncertainty (1/20 allowed)", worst <= 0.05)
            + Report("the same bits in a second run", Same(found, set.Refine(optimizer, particles)))
            + Report("the same bits in batches of 5", Same(found, set.Refine(small, particles)))
            + Sums(device, set, particles);
    }

    /// <summary>Compares the sums of a half map.</summary>
    private static int Sums(GpuDevice device, Case set, int particles)
    {
        using var inserter = new GpuSliceInserter(device);
        using var small = new GpuSliceInserter(device, 5);
        HalfMap managed = set.Sum(null, particles).Map, found = set.Sum(inserter, particles).Map;
        float[] difference = [.. found.Voxels.ToArray().Zip(managed.Voxels.ToArray(), (x, y) => x - y)];
        var whole = RadialProfiles.ShellPower(managed);
        var rest = RadialProfiles.ShellPower(new DensityMap(managed.Size, managed.PixelSize, difference));
        // Beyond the finest resolution there is nothing but rounding.
        var worst = Math.Sqrt(Enumerable.Range(0, whole.Length).Max(q => rest[q] / Math.Max(whole[q], 1e-6 * whole[1])));
        bool Same(HalfMap map) => map.Voxels.SequenceEqual(found.Voxels);
        return Report($"the half map of {particles} particles is the managed one to {worst:G2} in every shell (1e-4 allowed)", worst <= 1e-4)
            + Report("its same bits in a second run", Same(set.Sum(inserter, particles).Map))
            + Report("its same bits in batches of 5", Same(set.Sum(small, particles).Map));
    }

    private static bool Same(PoseEstimate[] a, PoseEstimate[] b) => a.Zip(b).All(
        p => p.First.Pose == p.Second.Pose && p.First.Score == p.Second.Score && p.First.Steps == p.Second.Steps
            && (p.First.Covariance ?? []).SequenceEqual(p.Second.Covariance ?? []));

    private static int Report(string what, bool isGood)
    {
        Console.WriteLine($"  {(isGood ? "ok    " : "FAILED")} {what}");
        return isGood ? 0 : 1;
    }
}
