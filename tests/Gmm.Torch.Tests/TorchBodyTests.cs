using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch.Tests;

/// <summary>Poses of patches, scored on a device.</summary>
public class TorchBodyTests
{
    [TorchTheory]
    [InlineData(false, 1L << 30)]
    [InlineData(true, 200_000)]
    public void Poses_of_patches_on_the_device_are_the_managed_ones(bool joint, long memory)
    {
        var (source, _) = TiltingBody.Particles(240, 0.3);
        var options = new PatchOptions
        {
            Partition = new PatchPartitionOptions { Count = 2 },
            Iterations = 1,
            Gaussians = 60,
            Joint = joint,
            PriorParticles = 60,
            MaxResolution = 12,
        };
        var compute = new ComputeOptions { Threads = 2 };
        PatchState Run(PatchOptions with)
        {
            var loop = new PatchLoop(source, with, compute);
            return loop.Next(loop.Start());
        }

        var managed = Run(options);
        var device = Run(options with { BodyScorer = new TorchBodyScorer(CPU, new TorchProjectorOptions { MemoryBytes = memory }) });
        for (var k = 0; k < 2; k++)
        {
            for (var i = 0; i < source.Particles.Count; i++)
            {
                var (expected, found) = (managed.Estimates[k][i], device.Estimates[k][i]);
                Assert.Equal(PoseStatus.Refined, found.Status);
                var c = expected.Covariance!;
                Assert.InRange(expected.Pose.Rotation.AngleTo(found.Pose.Rotation), 0, Math.Sqrt(c[0] + c[6] + c[12]) / 20);
                Assert.InRange(Math.Abs(expected.Step[3] - found.Step[3]), 0, Math.Sqrt(c[18]) / 20);
                Assert.InRange(Math.Abs(expected.Step[4] - found.Step[4]), 0, Math.Sqrt(c[24]) / 20);
                Assert.Equal(expected.Correlation, found.Correlation, 0.001f);
            }

            Assert.Contains(device.Estimates[k], e => e.Step.Any(s => Math.Abs(s) > 0.01));
        }
    }

    [TorchFact]
    public void The_Ewald_sphere_is_not_for_poses_scored_on_a_device()
    {
        var options = new PatchOptions { BodyScorer = new TorchBodyScorer(CPU), Ewald = EwaldMode.Positive };
        Assert.Contains("torch-cpu", Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
    }
}
