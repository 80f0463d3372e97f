using Gmm.Core;
using Gmm.Maps;
using Gmm.Testing;

namespace Gmm.Gpu.Tests;

public class GpuSliceInserterTests(SimulatedCard card) : IClassFixture<SimulatedCard>
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
        using var inserter = new GpuSliceInserter(card.Device);
        var found = new FourierReconstructor { Inserter = inserter }.ReconstructHalves(new(source), options, s_compute);
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
        using var inserter = new GpuSliceInserter(card.Device);
        AssertShells(
            new FourierReconstructor().ReconstructHalf(input, 1, options, s_compute),
            new FourierReconstructor { Inserter = inserter }.ReconstructHalf(input, 1, options, s_compute));
    }

    [Fact]
    public void The_bits_do_not_depend_on_the_run_nor_on_how_many_images_are_inserted_together_nor_on_the_number_of_cards()
    {
        var input = new ReconstructionInput(Particles(CtfState.Unmodified));
        var options = new ReconstructionOptions { Symmetry = SymmetryGroup.Parse("C3"), Parts = 1 };
        using var inserter = new GpuSliceInserter(card.Device);
        using var small = new GpuSliceInserter(card.Device, 2);
        float[] Run(ISliceInserter by, int chunk)
        {
            var reconstructor = new FourierReconstructor { Inserter = by };
            var maps = reconstructor.Stream(input, options, s_compute, (half, reader, sums) =>
            {
                foreach (var part in input.Select(half + 1).Chunk(chunk))
                {
                    reader.Insert(part, sums, null, CancellationToken.None);
                }
            });
            return maps.Half1.Voxels.ToArray();
        }

        var first = Run(inserter, 6);
        Assert.Equal(first, Run(inserter, 4));
        Assert.Equal(first, Run(small, 6));
        using var device = GpuDevices.Open(GpuDevices.Simulated + ":0,1");
        using var two = new GpuSliceInserter(device, 4);
        Assert.Equal(first, Run(two, 6));
    }

    [Fact]
    public void A_batch_waits_once_and_allocates_nothing_once_there_is_room()
    {
        var input = new ReconstructionInput(Particles(CtfState.Unmodified));
        using var inserter = new GpuSliceInserter(card.Device, 2);
        var meters = card.Card.Meters;
        new FourierReconstructor { Inserter = inserter }.Stream(input, new ReconstructionOptions(), s_compute, (_, reader, sums) =>
        {
            int[] first = [.. input.Select(null).Where(i => input.Source.Particles[i].OpticsIndex == 0)];
            reader.Insert(first[..1], sums, null, CancellationToken.None);
            var (launches, bytes, waits) = (meters.Launches, meters.AllocatedBytes, meters.Waits);
            reader.Insert(first[1..5], sums, null, CancellationToken.None);
            // Two batches of two: transforms in two launches, samples and insertion in one each.
            Assert.Equal((2 * 4, 0, 2), (meters.Launches - launches, meters.AllocatedBytes - bytes, meters.Waits - waits));
        });
    }

    [Fact]
    public void The_first_bad_image_is_told_and_the_device_is_good_for_the_next()
    {
        var source = Particles(CtfState.Unmodified);
        Particle[] bad = [.. source.Particles.Select((p, i) => i is 5 or 7 ? p with { Ctf = p.Ctf with { BFactor = -1e6 } } : p)];
        float[] Pixels(int i)
        {
            var size = source.OpticsGroups[source.Particles[i].OpticsIndex].ImageSize;
            var pixels = new float[size * size];
            source.ReadImage(i, pixels);
            return pixels;
        }

        var hostile = new InMemoryParticles(source.OpticsGroups, bad, [.. bad.Select((_, i) => new ReadOnlyMemory<float>(Pixels(i)))]);
        using var inserter = new GpuSliceInserter(card.Device);
        var reconstructor = new FourierReconstructor { Inserter = inserter };
        var half = bad[5].Half;
        var error = Assert.Throws<InvalidInputException>(() => reconstructor.ReconstructHalf(new(hostile), half, new ReconstructionOptions(), s_compute));
        Assert.Contains(hostile.Describe(5), error.Message, StringComparison.Ordinal);
        AssertShells(
            new FourierReconstructor().ReconstructHalf(new(source), half, new ReconstructionOptions(), s_compute),
            reconstructor.ReconstructHalf(new(source), half, new ReconstructionOptions(), s_compute));
    }

    /// <summary>Images of two groups, of other sizes, pixels and detectors; one magnified, with aberrations, to its Nyquist frequency.</summary>
    private static InMemoryParticles Particles(CtfState state)
    {
        var random = new Random(8);
        var model = Draw.Model(random, new ModelShape { Count = 40, Radius = 14, BoxSize = 20, PixelSize = 2.5 });
        OpticsGroup[] groups =
        [
            new() { Id = 1, ImageSize = 20, PixelSize = 2.5, CtfState = state, Mtf = new DetectorMtf([0, 0.2], [1, 0.5]) },
            new()
            {
                Id = 2, ImageSize = 21, PixelSize = 2.2, Mtf = new DetectorMtf([0, 0.23], [1, 0.3]),
                Aberrations = new Aberrations(Aberrations.BeamTilt(0.4, 0.2, 2.7, 0.0197), [0.1, 0, 2, -3], new Magnification(1.02, 0.01, 0.005, 0.99)),
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
