using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Maps.Tests;

public class SymmetrizedCompositeTests
{
    private const int Box = 40;
    private static readonly SymmetryGroup C3 = SymmetryGroup.Parse("C3");
    private static readonly ComputeOptions Two = new() { Threads = 2 };

    [Fact]
    public void A_symmetric_map_stays_itself_whatever_the_mask()
    {
        // The oracle is the model's own map: turned by the group it is the same, so any error is the interpolation's.
        var map = RandomGaussians.Make(3, 22, 2.8, 5, C3).Map(Box, 2);
        var composite = SymmetrizedComposite.Make(map, Mask(12, 0, 0, 8), C3, map, Two);
        Assert.True(Distance(composite.Voxels, map.Voxels) < 3e-3, $"{Distance(composite.Voxels, map.Voxels)}");
        var two = SymmetrizedComposite.Make([map, map], [Mask(12, 0, 0, 8), Mask(6, 3, 2, 6)], C3, map, Two);
        Assert.True(Distance(two.Voxels, map.Voxels) < 3e-3, $"{Distance(two.Voxels, map.Voxels)}");
        var none = SymmetrizedComposite.Make(map, Mask(12, 0, 0, 8), SymmetryGroup.None, map, Two);
        Assert.All(none.Voxels.Zip(map.Voxels), v => Assert.Equal(v.Second, v.First, 1e-4f));
    }

    [Fact]
    public void The_part_in_the_mask_is_put_onto_its_three_places_and_the_rest_is_the_consensus()
    {
        // A model whose subunit sits at x = 22 A; the focused map has it there only, the consensus not at all.
        var subunit = RandomGaussians.Make(3, 22, 2.8, 4);
        var focused = subunit.Map(Box, 2);
        var mask = Mask(11, 0, 0, 9);
        var consensus = RandomGaussians.Make(8, 10, 3).Map(Box, 2);
        var composite = SymmetrizedComposite.Make(focused, mask, C3, consensus, Two);
        var masked = new float[focused.Voxels.Length];
        for (var i = 0; i < masked.Length; i++)
        {
            masked[i] = (mask.Voxels[i] * focused.Voxels[i]) + ((1 - mask.Voxels[i]) * consensus.Voxels[i]);
        }

        // The first place is read without any interpolation.
        foreach (var (x, y, z) in new[] { (31, 20, 20), (33, 22, 19), (29, 18, 23) })
        {
            var i = (((z * Box) + y) * Box) + x;
            Assert.Equal(masked[i], composite.Voxels[i], 1e-4f * focused.Voxels.Max());
        }

        // The other two have the same values at the turned places, which are no voxels: compared with the model's own map, turned.
        for (var s = 1; s < 3; s++)
        {
            var turned = RandomGaussians.Make(3, 22, 2.8, 4, null, C3.Operators[s].Transpose()).Map(Box, 2);
            var (px, py, pz) = C3.Operators[s].Transpose().Apply(11, 0, 0);
            var (x, y, z) = ((int)Math.Round(px) + 20, (int)Math.Round(py) + 20, (int)Math.Round(pz) + 20);
            foreach (var (dx, dy, dz) in new[] { (0, 0, 0), (2, 1, -1), (-1, 2, 2) })
            {
                var i = ((((z + dz) * Box) + y + dy) * Box) + x + dx;
                Assert.Equal(turned.Voxels[i], composite.Voxels[i], 5e-3f * focused.Voxels.Max());
            }
        }

        // Along the axis no copy of the mask reaches.
        for (var z = 0; z < Box; z++)
        {
            var i = (((z * Box) + 20) * Box) + 20;
            Assert.Equal(consensus.Voxels[i], composite.Voxels[i]);
        }
    }

    [Fact]
    public void Where_copies_of_the_mask_meet_they_are_averaged_and_threads_change_nothing()
    {
        // A constant map is itself under any weights; the sum of the three masks is over 1 at the axis.
        var ones = new DensityMap(Box, 2, [.. Enumerable.Repeat(3f, Box * Box * Box)]);
        var wide = Mask(4, 0, 0, 9);
        var composite = SymmetrizedComposite.Make(ones, wide, C3, ones, Two);
        Assert.All(composite.Voxels, v => Assert.Equal(3, v, 1e-4f));
        var map = RandomGaussians.Make(3, 22, 2).Map(Box, 2);
        Assert.Equal(
            SymmetrizedComposite.Make(map, wide, C3, ones, new ComputeOptions { Threads = 1 }).Voxels,
            SymmetrizedComposite.Make(map, wide, C3, ones, new ComputeOptions { Threads = 4 }).Voxels);
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        var map = new DensityMap(Box, 2, new float[Box * Box * Box]);
        var small = new DensityMap(20, 2, new float[8000]);
        Assert.Throws<InvalidInputException>(() => SymmetrizedComposite.Make(map, Mask(0, 0, 0, 5), C3, small));
        Assert.Throws<InvalidInputException>(() => SymmetrizedComposite.Make(small, Mask(0, 0, 0, 5), C3, small));
        Assert.Throws<InvalidInputException>(
            () => SymmetrizedComposite.Make(map, new SolventMask(Box, 2, [.. Enumerable.Repeat(0.3f, Box * Box * Box)]), C3, map));
    }

    /// <summary>A soft ball at a place in voxels from the centre.</summary>
    private static SolventMask Mask(double cx, double cy, double cz, double radius)
    {
        var voxels = new float[Box * Box * Box];
        for (int i = 0, z = 0; z < Box; z++)
        {
            for (var y = 0; y < Box; y++)
            {
                for (var x = 0; x < Box; x++, i++)
                {
                    var d = Math.Sqrt(Math.Pow(x - 20 - cx, 2) + Math.Pow(y - 20 - cy, 2) + Math.Pow(z - 20 - cz, 2)) - radius;
                    voxels[i] = d <= -3 ? 1 : d >= 0 ? 0 : (float)(0.5 - (0.5 * Math.Cos(Math.PI * d / 3)));
                }
            }
        }

        return new SolventMask(Box, 2, voxels);
    }

    private static double Distance(float[] a, float[] b) =>
        Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * (x - y)).Sum() / b.Sum(y => (double)y * y));
}
