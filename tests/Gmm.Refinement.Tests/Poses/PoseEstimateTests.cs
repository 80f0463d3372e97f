using Gmm.Core;

namespace Gmm.Refinement.Tests;

public sealed class PoseEstimateTests
{
    [Fact]
    public void An_estimate_without_its_covariance_keeps_its_standard_deviations_to_the_bit()
    {
        double[] covariance = [.. Enumerable.Range(0, 25).Select(i => 1e-4 * (1 + (i * 0.37)))];
        var whole = new PoseEstimate(Pose.Identity, new PoseScore(1, 0.5, 1), new PoseScore(0, 0.4, 1), covariance, 7, PoseStatus.Refined);
        var small = whole.WithoutCovariance();
        Assert.Null(small.Covariance);
        Assert.Equal(Math.Sqrt(covariance[0] + covariance[6] + covariance[12]) * (180 / Math.PI), small.RotationSigmaDegrees);
        Assert.Equal(Math.Sqrt(covariance[18] + covariance[24]), small.ShiftSigmaAngstrom);
        Assert.Equal((whole.Pose, whole.Score, whole.StartScore, 7, whole.Status), (small.Pose, small.Score, small.StartScore, small.Steps, small.Status));
        Assert.Equal(small, small.WithoutCovariance());

        // The scale and weight of its image are the same too, which an estimate without uncertainty does not give.
        var particle = new Particle(Pose.Identity, new CtfParameters { DefocusU = 1, DefocusV = 1 }, 0, 1);
        var group = new SignalGroup(3, 1) { Mean = 0.9, Spread = 0.04 };
        Assert.Equal(SignalScales.Of(particle, whole, particle, group), SignalScales.Of(particle, small, particle, group));
        Assert.NotEqual(1, SignalScales.Of(particle, small, particle, group).Scale);
        Assert.Equal(1, SignalScales.Of(particle, whole with { Covariance = null }, particle, group).Scale);

        // Another covariance counts again, and what never had one has no deviations.
        Assert.Equal(whole.ShiftSigmaAngstrom, (small with { Covariance = covariance }).ShiftSigmaAngstrom);
        Assert.True(double.IsNaN((whole with { Covariance = null }).WithoutCovariance().RotationSigmaDegrees));
    }
}
