using Gmm.Core;
using Gmm.Maps;
using Gmm.Testing;

namespace Gmm.Gpu.Tests;

public class GpuFourierReconstructorTests(SimulatedCard card) : IClassFixture<SimulatedCard>
{
    private static readonly ComputeOptions s_compute = new() { Threads = 1 };

    [Theory]
    [InlineData("C1", CtfState.Unmodified)]
    [InlineData("C1", CtfState.Premultiplied)]
    [InlineData("C3", CtfState.PhaseFlipped)] // three cosets
    [InlineData("D2", CtfState.Unmodified)] // on the grid
    public void Half_maps_are_the_managed_ones(string symmetry, CtfState state)
    {
        var source = Particles(state);
        var options = new ReconstructionOptions { Symmetry = SymmetryGroup.Parse(symmetry) };
        var managed = new FourierReconstructor().ReconstructHalves(new(source), options, s_compute);
        IReconstructor reconstructor = new GpuFourierReconstructor(card.Device);
        var found = reconstructor.ReconstructHalves(new(source), options, s_compute);
        AssertShells(managed.Half1, found.Half1);
        AssertShells(managed.Half2, found.Half2);
    }

    [Fact]
    public void Weights_and_poses_given_in_place_of_the_particles_are_used()
    {
        var source = Particles(CtfState.Unmodified);
        var random = new Random(2);
        var input = new ReconstructionInput(
            source,
            [.. source.Particles.Select(p => Draw.Near(random, p.Pose, 5, 2))],
            [.. source.Particles.Select((_, i) => i == 3 ? 0 : 0.5f + (float)random.NextDouble())]);
        var options = new ReconstructionOptions { MaxResolution = 8, PixelSize = 3, BoxSize = 22 };
        AssertShells(
            new FourierReconstructor().ReconstructHalf(input, 1, options, s_compute),
            new GpuFourierReconstructor(card.Device).ReconstructHalf(input, 1, options, s_compute));
    }

    [Fact]
    public void Two_runs_give_the_same_bits()
    {
        var source = Particles(CtfState.Unmodified);
        float[] Run() => new GpuFourierReconstructor(card.Device).ReconstructHalf(new(source), 2, new ReconstructionOptions(), s_compute).Voxels.ToArray();
        Assert.Equal(Run(), Run());
    }

    /// <summary>Images of two groups, of other sizes and pixels; one with aberrations.</summary>
    private static InMemoryParticles Particles(CtfState state)
    {
        var random = new Random(8);
        var model = Draw.Model(random, new ModelShape { Count = 40, Radius = 14, BoxSize = 20, PixelSize = 2.5 });
        OpticsGroup[] groups =
        [
            new() { Id = 1, ImageSize = 20, PixelSize = 2.5, CtfState = state },
            new()
            {
                Id = 2, ImageSize = 21, PixelSize = 2.2, Aberrations = new Aberrations(Aberrations.BeamTilt(0.4, 0.2, 2.7, 0.0197), null, null),
            },
        ];
        return ExactImages.Particles(model, groups, 12, 0.5, random);
    }

    /// <summary>The power of the difference in each shell is under 1e-8 of the map's: amplitudes to 1e-4.</summary>
    private static void AssertShells(HalfMap managed, HalfMap found)
    {
        Assert.Equal((managed.Size, managed.PixelSize, managed.Half), (found.Size, found.PixelSize, found.Half));
        float[] difference = [.. found.Voxels.ToArray().Zip(managed.Voxels.ToArray(), (x, y) => x - y)];
        var whole = RadialProfiles.ShellPower(managed);
        var rest = RadialProfiles.ShellPower(new DensityMap(managed.Size, managed.PixelSize, difference));
        Assert.True(whole[1] > 0);
        for (var q = 0; q < whole.Length; q++)
        {
            // Beyond the finest resolution there is nothing but rounding.
            Assert.InRange(rest[q], 0, 1e-8 * Math.Max(whole[q], 1e-6 * whole[1]));
        }
    }
}
