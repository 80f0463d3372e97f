using Gmm.Core;
using Gmm.Maps;
using Gmm.Testing;

namespace Gmm.Torch.Tests;

public class TorchReconstructorTests
{
    [TorchTheory]
    [InlineData(CtfState.Unmodified, 1L << 30)]
    [InlineData(CtfState.Premultiplied, 1L << 23)]
    public void Sums_equal_the_managed_ones(CtfState state, long memory)
    {
        using var scope = NewDisposeScope();
        var disc = new FourierDisc(60, 15);
        const int images = 12;
        var poses = Samples.Poses(images);
        manual_seed(8);
        Tensor re = randn(images, disc.Count), im = randn(images, disc.Count), transfer = rand(images, disc.Count) + 0.2, weights = rand(images);
        var grid = new ReconstructionGrid(32, 60 / 32.0, 1.5);
        using var sums = new TorchReconstructor(grid, memoryBytes: memory);
        sums.Insert(disc, complex(re, im), transfer, TorchRotations.Rotations(poses), TorchRotations.Shifts(poses), weights, state, 1.5);
        Assert.Equal(images, sums.Count);

        var expected = new FourierAccumulator(grid);
        float[] Row(Tensor t, int b) => TensorMemory.Read<float>(t[b]);
        var slices = poses.Select((pose, b) =>
        {
            var slice = expected.CreateSlice();
            slice.Set(disc, pose, Row(re, b), Row(im, b), Row(transfer, b), state, weights[b].item<float>(), 1.5);
            return slice;
        }).ToArray();
        expected.Insert(slices, new ComputeOptions());
        var found = sums.ToAccumulator();
        double difference = 0, norm = 0;
        for (var z = 0; z < grid.PlaneCells.Length; z++)
        {
            Span<double> a = found.PlaneSums(z), b = expected.PlaneSums(z);
            for (var i = 0; i < b.Length; i++)
            {
                difference += Math.Pow(a[i] - b[i], 2);
                norm += Math.Pow(b[i], 2);
            }
        }

        // The managed slices' values are float32.
        Assert.InRange(Math.Sqrt(difference / norm), 0, 1e-6);
        Assert.Equal(expected.SliceCount, found.SliceCount);
        float[] map = found.Finish(new ComputeOptions()), wanted = expected.Finish(new ComputeOptions());
        Assert.InRange(Samples.RelativeError(Array.ConvertAll(map, v => (double)v), Array.ConvertAll(wanted, v => (double)v)), 0, 1e-5);
    }

    [TorchTheory]
    [InlineData("C1", 1e-5)]
    [InlineData("C2", 1e-5)]
    [InlineData("C3", 1e-5)]
    public void Half_maps_of_particles_equal_the_managed_ones(string symmetry, double bound)
    {
        var model = Samples.Model(40);
        var first = new OpticsGroup { Id = 1, PixelSize = 3, ImageSize = 32 };
        OpticsGroup[] groups = [first, first with { Id = 2, PixelSize = 2.5, ImageSize = 36, CtfState = CtfState.Premultiplied }];
        var random = new Random(2);
        var ctf = new CtfParameters { DefocusU = 9000, DefocusV = 9500 };
        Particle Of(Pose pose, int i) => new(pose, ctf with { DefocusU = 9000 + (100 * i) }, i % 2, (i / 2 % 2) + 1);
        Particle[] particles = [.. Samples.Poses(60).Select(Of)];
        float[] Image(Particle p) => ExactImages.Of(model, groups[p.OpticsIndex], p.Pose, p.Ctf, 0.05, random);
        ReadOnlyMemory<float>[] images = [.. particles.Select((p, i) => (ReadOnlyMemory<float>)(i == 8 ? new float[32 * 32] : Image(p)))];
        float[] weights = [.. particles.Select((_, i) => i == 5 ? 0 : 0.5f + ((i % 7) / 7f))];
        var input = new ReconstructionInput(new InMemoryParticles(groups, particles, images), null, weights);
        var options = new ReconstructionOptions { Symmetry = SymmetryGroup.Parse(symmetry), BoxSize = 32, PixelSize = 3 };
        var managed = new FourierReconstructor().ReconstructHalf(input, 2, options, new ComputeOptions());
        var device = new FourierReconstructor { Inserter = new TorchSliceInserter(CPU, 1 << 24) };
        var found = device.ReconstructHalf(input, 2, options, new ComputeOptions());
        Assert.Equal((managed.Half, managed.Size, managed.PixelSize), (found.Half, found.Size, found.PixelSize));
        double[] Doubles(ReadOnlySpan<float> voxels) => Array.ConvertAll(voxels.ToArray(), v => (double)v);
        Assert.InRange(Samples.RelativeError(Doubles(found.Voxels), Doubles(managed.Voxels)), 0, bound);
        Assert.Equal("fourier(padding 1.5) on torch-cpu", device.Name);
        var curved = new FourierReconstructor { Inserter = new TorchSliceInserter(CPU), EwaldSign = 1 };
        var refused = Assert.Throws<InvalidInputException>(() => curved.ReconstructHalf(input, 2, options, new ComputeOptions()));
        Assert.Contains("Ewald", refused.Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void A_bad_image_read_ahead_is_the_one_that_is_told()
    {
        var group = new OpticsGroup { Id = 1, PixelSize = 3, ImageSize = 16 };
        var ctf = new CtfParameters { DefocusU = 9000, DefocusV = 9500 };
        Particle[] particles = [.. Samples.Poses(600).Select(p => new Particle(p, ctf, 0, 1))];
        var random = new Random(4);
        ReadOnlyMemory<float>[] images = [.. particles.Select((_, i) =>
        {
            float[] image = [.. Enumerable.Range(0, 256).Select(_ => (float)random.NextDouble())];
            image[7] = i is 300 or 599 ? float.NaN : image[7];
            return (ReadOnlyMemory<float>)image;
        })];
        var source = new InMemoryParticles([group], particles, images);
        var read = new List<int>();
        var bad = Assert.Throws<InvalidInputException>(() =>
        {
            foreach (var piece in DeviceImages.ReadAhead(
                new ParticleImages(source, 12), Enumerable.Range(0, 600).Chunk(100), CPU, new ComputeOptions(), CancellationToken.None))
            {
                using (piece)
                {
                    read.AddRange(piece.Members);
                }
            }
        });
        Assert.Equal(Enumerable.Range(0, 300), read);
        Assert.Contains("301", bad.Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Bad_tensors_are_named_and_live_tensors_stay_flat()
    {
        var disc = new FourierDisc(60, 15);
        using var sums = new TorchReconstructor(new ReconstructionGrid(32, 60 / 32.0, 1.5));
        long Run()
        {
            using (var scope = NewDisposeScope())
            {
                Tensor images = zeros([2, disc.Count], dtype: ScalarType.ComplexFloat32), transfers = ones(2, disc.Count);
                Tensor rotations = TorchRotations.Rotations(Samples.Poses(2)), shifts = TorchRotations.Shifts(Samples.Poses(2));
                sums.Insert(disc, images, transfers, rotations, shifts);
                var wrong = Assert.Throws<ArgumentException>(() => sums.Insert(disc, images, transfers.to(ScalarType.Float64), rotations, shifts));
                Assert.Contains("transfers must be Float32, not Float64", wrong.Message, StringComparison.Ordinal);
                transfers[1, 3] = double.NaN;
                Assert.Contains(
                    "transfers[1]", Assert.Throws<InvalidInputException>(() => sums.Insert(disc, images, transfers, rotations, shifts)).Message,
                    StringComparison.Ordinal);
            }

            return Tensor.TotalCount;
        }

        Run();
        var before = Run();
        Assert.Equal(before, Run());
    }
}
