using Gmm.Core;

namespace Gmm.Maps.Tests;

/// <summary>What defocus moves out of the box.</summary>
public class BoxCheckTests
{
    private const int Box = 64;
    private const double PixelSize = 2.5;

    [Theory]
    [InlineData(30, 0)]
    [InlineData(30, 45)]
    [InlineData(30, 70)]
    [InlineData(55, 60)]
    public void The_share_is_that_of_points_that_turn_and_are_moved(double radius, double distance)
    {
        var shells = new double[60];
        shells[(int)radius] = 1;
        var share = new BoxShare(shells, 1, 100);
        var random = new Random(3);
        int along = 0, any = 0;
        const int count = 200_000;
        for (var n = 0; n < count; n++)
        {
            // A point of the sphere: its coordinates are normal deviates, scaled.
            double x = Normal(), y = Normal(), z = Normal(), scale = (radius + 0.5) / Math.Sqrt((x * x) + (y * y) + (z * z));
            (x, y) = (x * scale, y * scale);
            along += x + distance < 50 ? 1 : 0;
            var (sin, cos) = Math.SinCos(2 * Math.PI * random.NextDouble());
            any += Math.Abs(x + (distance * cos)) < 50 && Math.Abs(y + (distance * sin)) < 50 ? 1 : 0;
        }

        Assert.Equal((double)along / count, share.Along(distance), 0.005);
        // Sides are cut by themselves here, which is exact where one of them cuts, and what is beyond the near side is not.
        Assert.Equal((double)any / count, share.Of(distance), radius > 50 ? 0.06 : 0.03);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    [Fact]
    public void A_box_that_holds_little_of_what_defocus_spreads_is_told_and_the_one_advised_is_not()
    {
        // 160 A; at 5 A and 300 kV detail lies 0.0039 times the defocus beside its place: 59 A and 118 A.
        Assert.Null(Warning(Box, 15_000, 5));
        var told = Warning(Box, 40_000, 5);
        Assert.NotNull(told);
        Assert.Matches(
            "^the box of 160 A is small for a defocus of 4.0 um \\(median\\): detail at 5.0 A lies up to 156 A beside its place, and [0-9]+ % of it outside",
            told);
        Assert.Null(Warning(Box, 40_000, 15));
        Assert.Null(Warning(Box, 40_000, null));
        var pixels = int.Parse(
            System.Text.RegularExpressions.Regex.Match(told, "in a box of ([0-9]+) pixels").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(pixels, 2 * Box, 4 * Box);
        Assert.Null(Warning(pixels, 40_000, 5));
        // Images that were multiplied by their CTF when they were cut out of the micrograph have it back.
        Assert.Null(Warning(Box, 40_000, 5, CtfState.Premultiplied));
    }

    [Fact]
    public void Maps_without_anything_in_common_say_nothing()
    {
        HalfMap Map(int half) => new(Box, PixelSize, new float[Box * Box * Box], half);
        Assert.Null(BoxCheck.Warning(new HalfMapPair(Map(1), Map(2), 1, 1), Particles(Box, 40_000, CtfState.Unmodified), 5));
    }

    /// <summary>Two half maps of a ball of 45 A with noise, and particles of a defocus.</summary>
    private static string? Warning(int box, double defocus, double? resolution, CtfState state = CtfState.Unmodified)
    {
        var random = new Random(5);
        HalfMap Map(int half)
        {
            var voxels = new float[Box * Box * Box];
            for (var i = 0; i < voxels.Length; i++)
            {
                double x = (i % Box) - 32, y = (i / Box % Box) - 32, z = (i / Box / Box) - 32;
                voxels[i] = (float)((Math.Sqrt((x * x) + (y * y) + (z * z)) < 18 ? 1 : 0) + (2 * (random.NextDouble() - 0.5)));
            }

            return new HalfMap(Box, PixelSize, voxels, half);
        }

        return BoxCheck.Warning(new HalfMapPair(Map(1), Map(2), 1, 1), Particles(box, defocus, state), resolution);
    }

    private static InMemoryParticles Particles(int box, double defocus, CtfState state) => new(
        [new OpticsGroup { ImageSize = box, PixelSize = PixelSize, CtfState = state }],
        [.. Enumerable.Range(0, 4).Select(i => new Particle(
            new Pose(Rotation.Identity, 0, 0), new CtfParameters { DefocusU = defocus + i, DefocusV = defocus - i }, 0, 1 + (i % 2)))],
        [.. Enumerable.Range(0, 4).Select(_ => (ReadOnlyMemory<float>)new float[box * box])]);
}
