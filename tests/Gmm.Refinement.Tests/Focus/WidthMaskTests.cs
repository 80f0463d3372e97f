using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Maps;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class WidthMaskTests
{
    private static readonly GaussianModel Model = PoseTestData.Ball(300, 40, 3, 64, 2.5);

    [Fact]
    public void A_variance_is_divided_by_the_level_and_the_mask()
    {
        var mask = SolventMasks.Sphere(64, 2.5, 20, 10);
        var masked = WidthMask.Apply(Model, mask, new FocusOptions());
        for (var j = 0; j < Model.Count; j++)
        {
            // The sphere's edge in closed form: a raised cosine from 20 to 30 angstrom; between voxels it is linear.
            var r = Math.Sqrt(Square(Model.X[j]) + Square(Model.Y[j]) + Square(Model.Z[j]));
            var m = r <= 20 ? 1 : r >= 30 ? 0 : 0.5 + (0.5 * Math.Cos(Math.PI * (r - 20) / 10));
            Assert.Equal(Square(Model.Widths[j]) / (0.25 + (0.75 * m)), Square(masked.Widths[j]), 0.12 * Square(Model.Widths[j]) / (0.25 + (0.75 * m)));
            if (r is < 15 or > 35)
            {
                Assert.Equal(Model.Widths[j] * (r < 15 ? 1 : 2), masked.Widths[j], 1e-5);
            }

            Assert.Equal(Model.Amplitudes[j], masked.Amplitudes[j]);
            Assert.Equal(Model.X[j], masked.X[j]);
        }
    }

    [Fact]
    public void Its_strength_does_not_depend_on_the_padding_of_the_box()
    {
        var small = WidthMask.Apply(Model, SolventMasks.Sphere(64, 2.5, 20, 10), new FocusOptions());
        var padded = WidthMask.Apply(In(Model, 96), SolventMasks.Sphere(96, 2.5, 20, 10), new FocusOptions());
        Assert.Equal(small.Widths.ToArray(), padded.Widths.ToArray());

        // The image too, at the same frequencies: those of box 64 are every second one of box 128.
        var wide = WidthMask.Apply(In(Model, 128), SolventMasks.Sphere(128, 2.5, 20, 10), new FocusOptions());
        var pose = Draw.Pose(new Random(4), 3);
        var a = new FourierDisc(160, 20);
        var b = new FourierDisc(320, 41);
        var pa = Project(small, a, pose);
        var pb = Project(wide, b, pose);
        var compared = 0;
        for (var i = 0; i < b.Count; i++)
        {
            if (b.Kx[i] % 2 == 0 && b.Ky[i] % 2 == 0)
            {
                for (var j = 0; j < a.Count; j++)
                {
                    if (a.Kx[j] * 2 == b.Kx[i] && a.Ky[j] * 2 == b.Ky[i])
                    {
                        Assert.Equal(pa[j], pb[i], 1e-6 * pa[0]);
                        compared++;
                    }
                }
            }
        }

        Assert.Equal(a.Count, compared);
    }

    [Fact]
    public void An_extra_B_factor_is_added_outside_whatever_the_width()
    {
        var masked = WidthMask.Apply(Model, SolventMasks.Sphere(64, 2.5, 20, 4), new FocusOptions { ExtraBFactor = 300 });
        for (var j = 0; j < Model.Count; j++)
        {
            var r = Math.Sqrt(Square(Model.X[j]) + Square(Model.Y[j]) + Square(Model.Z[j]));
            if (r is < 15 or > 29)
            {
                Assert.Equal(
                    GaussianModel.BFactorOfWidth(Model.Widths[j]) + (r < 15 ? 0 : 300), GaussianModel.BFactorOfWidth(masked.Widths[j]), 0.01);
            }
        }
    }

    [Property]
    public Property Inside_and_rest_are_the_whole() => Prop.ForAll(
        Gen.Choose(8, 30).ToArbitrary(),
        radius =>
        {
            var mask = SolventMasks.Sphere(64, 2.5, radius, 12);
            var disc = new FourierDisc(160, 24);
            var pose = Draw.Pose(new Random(radius), 3);
            var whole = Project(Model, disc, pose);
            var inside = Project(WidthMask.Apply(Model, mask, new FocusOptions { Mode = FocusMode.Subtract }), disc, pose);
            var rest = Project(WidthMask.Rest(Model, mask)!, disc, pose);
            for (var i = 0; i < whole.Length; i++)
            {
                Assert.Equal(whole[i], inside[i] + rest[i], 1e-9 * whole[0]);
            }

            Assert.True(inside[0] > 0 && rest[0] > 0);
        });

    [Fact]
    public void Amplitudes_are_multiplied_by_the_mask()
    {
        var mask = SolventMasks.Sphere(64, 2.5, 20, 10);
        var masked = WidthMask.Apply(Model, mask, new FocusOptions { Mode = FocusMode.Amplitude });
        var sampler = new MaskSampler(mask);
        var wanted = Enumerable.Range(0, Model.Count)
            .Select(j => Model.Amplitudes[j] * sampler.At(Model.X[j], Model.Y[j], Model.Z[j])).Where((a, j) => a >= 1e-3 * Model.Amplitudes[j]).ToArray();
        Assert.Equal(wanted.Length, masked.Count);
        Assert.Equal(wanted.Sum(), masked.Amplitudes.ToArray().Sum(a => (double)a), 1e-3 * wanted.Sum());
        Assert.InRange(masked.Count, 1, Model.Count - 1);
    }

    [Fact]
    public void A_mask_off_the_molecule_is_an_error()
    {
        var voxels = new float[64 * 64 * 64];
        voxels[(((60 * 64) + 60) * 64) + 60] = 1;
        var error = Assert.Throws<InvalidInputException>(() => WidthMask.Apply(Model, new SolventMask(64, 2.5, voxels), new FocusOptions()));
        Assert.Contains("off the molecule", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_level_out_of_range_is_an_error(double level) =>
        Assert.Throws<ArgumentException>(() => WidthMask.Apply(Model, SolventMasks.Sphere(64, 2.5, 20, 4), new FocusOptions { Level = level }));

    [Fact]
    public void The_sampler_is_linear_between_voxels_and_zero_outside()
    {
        var voxels = new float[8 * 8 * 8];
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = ((i % 8) + (2 * (i / 8 % 8)) + (3 * (i / 64))) / 42f;
        }

        var sampler = new MaskSampler(new SolventMask(8, 2, voxels));
        Assert.Equal((4.25 + (2 * 3.5) + (3 * 5.75)) / 42, sampler.At(0.5, -1, 3.5), 1e-6);
        Assert.Equal(1, sampler.At(6, 6, 6), 1e-6);
        Assert.Equal(0, sampler.At(6.1, 0, 0));
        Assert.Equal(0, sampler.At(0, -8.1, 0));
        var (x, y, z) = new FocusRegion(SolventMasks.Sphere(32, 2, 12, 4)).Centre;
        Assert.Equal(0, Math.Abs(x) + Math.Abs(y) + Math.Abs(z), 1e-3);
    }

    private static GaussianModel In(GaussianModel m, int box) => new(m.X, m.Y, m.Z, m.Amplitudes, m.Widths, box, m.PixelSize);

    private static double[] Project(GaussianModel model, FourierDisc disc, Pose pose)
    {
        var projector = new DirectProjector<double>(model, disc);
        double[] re = new double[disc.Count], im = new double[disc.Count];
        projector.Project(pose, re, im, projector.CreateScratch());
        return re;
    }

    private static double Square(double v) => v * v;
}
