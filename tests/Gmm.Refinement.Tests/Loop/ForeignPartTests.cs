using Gmm.Core;
using Gmm.Maps;
using Gmm.TestData;

namespace Gmm.Refinement.Tests;

/// <summary>Parts from outside that give what they must not: the loop says which, or marks the particles; it does not go on with it.</summary>
public class ForeignPartTests
{
    private static readonly RefinementOptions s_options = JobTestData.Options with { Iterations = 1 };

    [Fact]
    public void Maps_of_another_grid_or_exchanged_or_not_finite_name_the_reconstructor()
    {
        Refused(
            "gave a map of 24 voxels",
            s_options with { Reconstructor = new Maps((map, half) => new HalfMap(24, map.PixelSize, new float[24 * 24 * 24], half)) });
        Refused(
            "gave a map of 48 voxels of 1 A", s_options with { Reconstructor = new Maps((map, half) => new HalfMap(map.Size, 1, map.Voxels.ToArray(), half)) });
        Refused(
            "gave a map of half 2 for half 1",
            s_options with { Reconstructor = new Maps((map, half) => new HalfMap(map.Size, map.PixelSize, map.Voxels.ToArray(), 3 - half)) });
        Refused(
            "not finite",
            s_options with
            {
                Reconstructor = new Maps((map, half) => new HalfMap(map.Size, map.PixelSize, [.. map.Voxels.ToArray().Select(_ => float.NaN)], half)),
            });
    }

    [Fact]
    public void A_model_of_another_box_names_the_builder_and_an_exception_comes_out_as_it_is()
    {
        var other = new GaussianModel([0], [0], [0], [1], [2], 24, 2.5);
        Refused(
            "The model builder \"mine\" gave a model of a box of 24",
            s_options with { ModelBuilder = new Builder(() => new FitResult(other, 1, [], 0, 0, 0, 0)) });
        Refused("The model builder \"mine\" gave no model", s_options with { ModelBuilder = new Builder(() => null!) });
        Assert.Throws<TimeZoneNotFoundException>(
            () => JobTestData.Run(JobTestData.InMemory(), s_options with { ModelBuilder = new Builder(() => throw new TimeZoneNotFoundException()) }));
    }

    [Fact]
    public void A_projector_of_another_model_or_disc_is_named()
    {
        var other = JobTestData.Model;
        Refused(
            "\"mine\" gave one of another model", s_options with { Projector = Projectors.Of("mine", (model, disc) => new GriddingProjector(other, disc)) });
        Refused(
            "\"mine\" gave one of another disc",
            s_options with
            {
                Projector = Projectors.Of("mine", (model, disc) => new GriddingProjector(model, new FourierDisc(disc.BoxLength, disc.Radius - 1))),
            });
    }

    [Fact]
    public void Estimates_that_are_no_poses_mark_the_particles_as_failed()
    {
        foreach (var wrong in new Func<PoseEstimate, PoseEstimate>[]
        {
            e => e with { Pose = e.Pose with { ShiftX = double.NaN } },
            e => e with { Pose = e.Pose with { Rotation = new Rotation(2, 0, 0, 0, 2, 0, 0, 0, 2) } },
            e => e with { Covariance = [1, 2, 3] },
            e => e with { Score = new PoseScore(double.NaN, 1, 1) },
        })
        {
            var state = JobTestData.Run(JobTestData.InMemory(), s_options with { Optimizer = new Optimizer(wrong) });
            Assert.All(state.Particles, p => Assert.Equal(PoseStatus.Failed, p.Status));
            Assert.Equal(JobTestData.Starts, state.Poses);
        }

        Refused("The optimizer \"mine\" gave no estimate", s_options with { Optimizer = new Optimizer(_ => null!) });
    }

    [Fact]
    public void A_part_that_is_missing_or_has_no_printable_name_is_refused_before_anything_is_done()
    {
        Assert.Throws<ArgumentException>(() => (s_options with { Optimizer = null! }).Validate());
        foreach (var name in new[] { "", "two\nlines", new string('x', 300) })
        {
            Assert.Throws<ArgumentException>(
                () => (s_options with { Projector = Projectors.Of(name, (model, disc) => new GriddingProjector(model, disc)) }).Validate());
        }
    }

    private static void Refused(string message, RefinementOptions options) => Assert.Contains(
        message, Assert.Throws<InvalidOperationException>(() => JobTestData.Run(JobTestData.InMemory(), options)).Message, StringComparison.Ordinal);

    private sealed class Maps(Func<HalfMap, int, HalfMap> change) : IReconstructor
    {
        private readonly FourierReconstructor _inner = new();

        public string Name => "mine";

        public HalfMap ReconstructHalf(
            ReconstructionInput input, int half, ReconstructionOptions options, ComputeOptions compute, IProgress<ReconstructionProgress>? progress,
            CancellationToken cancellationToken) => change(_inner.ReconstructHalf(input, half, options, compute, progress, cancellationToken), half);
    }

    private sealed class Builder(Func<FitResult> build) : IModelBuilder
    {
        public string Name => "mine";

        public FitResult Build(
            DensityMap halfMap, SolventMask? mask, ModelBuildOptions build1, ComputeOptions? options, IProgress<FitProgress>? progress,
            CancellationToken cancellationToken) =>
            build();
    }

    private sealed class Optimizer(Func<PoseEstimate, PoseEstimate> change) : IPoseOptimizer
    {
        private readonly LevenbergMarquardtPoseOptimizer _inner = new();

        public string Name => "mine";

        public bool EstimatesCovariance => true;

        public PoseEstimate Optimize(PoseWorkspace workspace, Pose start) => change(_inner.Optimize(workspace, start));
    }
}
