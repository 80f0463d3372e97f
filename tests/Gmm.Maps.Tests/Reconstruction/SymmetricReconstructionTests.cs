using System.Numerics;
using Gmm.Core;
using Gmm.Refinement;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Maps.Tests;

public class SymmetricReconstructionTests
{
    private const int Box = 32;
    private const double Pixel = 2;
    private static readonly ComputeOptions Two = new() { Threads = 2 };
    private static readonly OpticsGroup[] Groups = [new() { PixelSize = Pixel, ImageSize = Box }];

    [Theory]
    [InlineData("C3", 60)]
    [InlineData("C4", 40)]
    [InlineData("D2", 40)]
    [InlineData("D3", 30)]
    [InlineData("T", 20)]
    [InlineData("O", 12)]
    [InlineData("I", 8)]
    [InlineData("I3", 8)]
    public void It_is_the_reconstruction_of_every_copy_of_every_image(string name, int images)
    {
        // The slow way is the oracle: each image read and inserted once for every operator, without any use of the grid's own symmetry.
        var group = SymmetryGroup.Parse(name);
        var source = RandomGaussians.Make(3, 20, 2, 4, group).Images(Groups, images, 21);
        AddNoise(source, 0.5);
        var fast = new FourierReconstructor().Reconstruct(new(source), new ReconstructionOptions { Symmetry = group }, Two);
        var slow = new FourierReconstructor().Reconstruct(new(new SymmetryExpandedParticles(source, group)), new ReconstructionOptions(), Two);
        var fsc = FourierShellCorrelation.Between(fast, slow, null, Two);
        for (var s = 1; s < Box / 2; s++)
        {
            Assert.True(fsc[s] > (s < (Box / 2) - 1 ? 0.9999 : 0.999), $"shell {s}: {fsc[s]}");
        }

        Assert.True(Distance(fast.Voxels, slow.Voxels) < 0.01, $"{Distance(fast.Voxels, slow.Voxels)}");
    }

    [Theory]
    [InlineData("C3", 300)]
    [InlineData("D2", 225)]
    [InlineData("T", 75)]
    [InlineData("O", 38)]
    [InlineData("I", 15)]
    public void Few_noise_free_images_of_a_symmetric_model_give_the_model(string name, int images)
    {
        var group = SymmetryGroup.Parse(name);
        var model = RandomGaussians.Make(5, 20, 2, 3, group);
        var source = model.Images(Groups, images, 23);
        var truth = model.Map(Box, Pixel);
        var map = new FourierReconstructor().Reconstruct(new(source), new ReconstructionOptions { Symmetry = group }, Two);
        var without = FourierShellCorrelation.Between(new FourierReconstructor().Reconstruct(new(source), new(), Two), truth, null, Two);
        var with = FourierShellCorrelation.Between(map, truth, null, Two);
        for (var s = 1; s <= 12; s++)
        {
            Assert.True(with[s] > 0.98 && with[s] >= without[s] - 0.002, $"shell {s}: {with[s]} and {without[s]}");
        }
    }

    [Theory]
    [InlineData("C3")]
    [InlineData("D3")]
    [InlineData("O")]
    [InlineData("I2")]
    public void The_map_of_anything_has_the_symmetry_it_was_given(string name)
    {
        // Images of a model without symmetry: only the group can make the transform the same at k and at S k. The transform is summed by its definition.
        var group = SymmetryGroup.Parse(name);
        var source = RandomGaussians.Make(9, 18, 2).Images(Groups, 60, 29);
        // Gridding itself is off by some per cent between grid points in the coarsest shells; a map without the symmetry is off by all.
        Assert.True(Asymmetry(new FourierReconstructor().Reconstruct(new(source), new ReconstructionOptions { Symmetry = group }, Two), group) < 0.08);
        Assert.True(Asymmetry(new FourierReconstructor().Reconstruct(new(source), new ReconstructionOptions(), Two), group) > 0.4);
    }

    private static double Asymmetry(DensityMap map, SymmetryGroup group)
    {
        var random = new Random(4);
        double off = 0, power = 0;
        for (var trial = 0; trial < 12; trial++)
        {
            double Draw() => ((2 * random.NextDouble()) - 1) * 5 / (Box * Pixel);
            var (x, y, z) = (Draw(), Draw(), Draw());
            var here = Transform(map, x, y, z);
            var s = group.Operators[1 + random.Next(group.Order - 1)];
            var (sx, sy, sz) = s.Apply(x, y, z);
            off += Math.Pow((Transform(map, sx, sy, sz) - here).Magnitude, 2);
            power += Math.Pow(here.Magnitude, 2);
        }

        return Math.Sqrt(off / power);
    }

    [Fact]
    public void Only_cosets_of_the_grids_own_symmetry_are_inserted()
    {
        var counts = new Dictionary<string, int>
        {
            ["C1"] = 1,
            ["C2"] = 1,
            ["C3"] = 3,
            ["C4"] = 1,
            ["C6"] = 3,
            ["D2"] = 1,
            ["D3"] = 3,
            ["D4"] = 1,
            ["O"] = 1,
            ["I"] = 5,
            ["I1"] = 5,
        };
        Assert.All(counts, c => Assert.Equal(c.Value, new GridSymmetry(SymmetryGroup.Parse(c.Key)).Cosets.Count));
    }

    [Fact]
    public void Half_maps_and_the_filtered_map_have_it_too_and_bits_do_not_depend_on_threads()
    {
        var group = SymmetryGroup.Parse("C4");
        var source = RandomGaussians.Make(9, 18, 2).Images(Groups, 80, 31);
        var options = new ReconstructionOptions { Symmetry = group };
        var one = new FourierReconstructor().ReconstructHalves(new(source), options, new ComputeOptions { Threads = 1 });
        var many = new FourierReconstructor().ReconstructFiltered(new(source), options, m => RadialProfiles.SsnrFromFsc(
            FourierShellCorrelation.GoldStandard(m.Half1, m.Half2, null, Two).Values, true), Two);
        var half = new FourierReconstructor().ReconstructHalf(new(source), 2, options, new ComputeOptions { Threads = 3 });
        Assert.Equal(one.Half1.Voxels, many.Halves.Half1.Voxels);
        Assert.Equal(one.Half2.Voxels, many.Halves.Half2.Voxels);
        Assert.Equal(one.Half2.Voxels, half.Voxels);
        Assert.Equal(40, many.Halves.Count2);
        foreach (var map in new[] { many.Filtered, one.Half1 })
        {
            // A quarter turn about z takes voxel (x, y) to (-y, x) from the centre.
            var largest = map.Voxels.Max(Math.Abs);
            for (var y = 4; y < 28; y++)
            {
                for (var x = 4; x < 28; x++)
                {
                    Assert.Equal(map.Voxels[(((15 * Box) + y) * Box) + x], map.Voxels[(((15 * Box) + x) * Box) + 32 - y], 2e-5f * largest);
                }
            }
        }
    }

    [Fact]
    public void A_filtered_map_is_the_one_of_all_particles()
    {
        var source = RandomGaussians.Make(9, 18, 2).Images(Groups, 100, 33);
        var ssnr = Enumerable.Range(0, 17).Select(s => 1.0 + (16 - s)).ToArray();
        var both = new FourierReconstructor().ReconstructFiltered(new(source), new(), _ => ssnr, Two).Filtered;
        var direct = new FourierReconstructor().Reconstruct(new(source), new ReconstructionOptions(), Two, ssnr);
        Assert.True(Distance(both.Voxels, direct.Voxels) < 1e-5);
    }

    private static Complex Transform(DensityMap map, double kx, double ky, double kz)
    {
        Complex sum = 0;
        for (int i = 0, z = 0; z < Box; z++)
        {
            for (var y = 0; y < Box; y++)
            {
                for (var x = 0; x < Box; x++, i++)
                {
                    var turns = Pixel * ((kx * (x - 16)) + (ky * (y - 16)) + (kz * (z - 16)));
                    sum += map.Voxels[i] * Complex.FromPolarCoordinates(1, -2 * Math.PI * turns);
                }
            }
        }

        return sum;
    }

    private static double Distance(float[] a, float[] b) =>
        Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * (x - y)).Sum() / b.Sum(y => (double)y * y));

    private static void AddNoise(MemorySource source, double sigmas)
    {
        var random = new Random(77);
        var power = Math.Sqrt(source.Images.Average(i => i.Average(v => (double)v * v)));
        foreach (var image in source.Images)
        {
            for (var i = 0; i < image.Length; i++)
            {
                image[i] += (float)(sigmas * power * Draw.Normal(random));
            }
        }
    }
}
