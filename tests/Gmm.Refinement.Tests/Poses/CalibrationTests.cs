using System.Globalization;
using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;
using Xunit.Abstractions;

namespace Gmm.Refinement.Tests;

/// <summary>
/// White noise, the true model as reference, poses disturbed by 3 degrees and 1 A rms: the errors left are those of the Cramer-Rao bound, and
/// the covariances reported are true.
/// </summary>
public class CalibrationTests(ITestOutputHelper output)
{
    private const int Count = 300;
    private const double Noise = 1.5;
    private const double Resolution = 6;

    [Fact]
    public void Poses_reach_the_Cramer_Rao_bound_in_four_steps_with_calibrated_covariances()
    {
        var source = PoseTestData.Particles(Count, Noise, 77);
        var random = new Random(78);
        var starts = source.Particles.Select(p => Draw.Near(random, p.Pose, 3, 1)).ToArray();

        // The bands of a refinement's first iteration.
        var reference = PoseTestData.Reference(PoseTestData.Model, PoseTestData.Group, Noise, 3 * Resolution, 1.8 * Resolution, Resolution);
        var found = PoseCalibration.Measure(reference, new LevenbergMarquardtPoseOptimizer(), source, starts, Noise, new ComputeOptions { Threads = 2 });
        var (rotation, shift) = (found.RotationDegrees / found.RotationBoundDegrees, found.ShiftAngstrom / found.ShiftBoundAngstrom);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"rotation rms {found.RotationDegrees:F4} deg, bound {found.RotationBoundDegrees:F4}; shift rms {found.ShiftAngstrom:F4} A, "
            + $"bound {found.ShiftBoundAngstrom:F4}; steps {found.MeanSteps:F2}; normalised {found.Calibration.ReducedChiSquare:F3}; "
            + $"each {string.Join(", ", found.Calibration.VarianceRatios.Select(v => v.ToString("F3")))}"));

        // 300 particles know a root mean square to 2 %, a variance of one parameter to 8 %.
        Assert.Equal(0, found.Failed);
        Assert.InRange(found.RotationBoundDegrees, 0.2, 1.5);
        Assert.InRange(rotation, 0.93, 1.1);
        Assert.InRange(shift, 0.93, 1.1);
        Assert.InRange(found.MeanSteps, 1, 4);
        Assert.InRange(found.Calibration.ReducedChiSquare, 0.8, 1.3);
        Assert.All(found.Calibration.VarianceRatios, v => Assert.InRange(v, 0.8, 1.3));
    }
}
