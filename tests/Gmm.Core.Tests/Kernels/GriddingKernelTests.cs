using FsCheck;
using FsCheck.Xunit;
using Gmm.Testing;
using static Gmm.Core.GriddingKernels;

namespace Gmm.Core.Tests.Kernels;

/// <summary>
/// The unchecked loops of the gridding projector under any geometry: nothing is written beside the grid, and what is written is the plain sum.
/// </summary>
public class GriddingKernelTests
{
    private const int Tests = 400;

    // Below a thousandth of this float32 has fewer digits, and sums run over up to 3,000 cells of such numbers.
    private const double Tiny = 1e-35;

    [Property(MaxTest = Tests)]
    public void Deposit_is_the_plain_sum_and_writes_nowhere_else(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var c = new Case(random);
        var grid = new Guarded(c.Cells);
        Deposit(c.Splats, c.Amplitudes, c.Size, grid.Values);
        Assert.True(grid.IsIntact);
        AssertClose(c.Sum((j, w, _, _) => c.Amplitudes[j] * w), grid.Values, c.Scale(_ => 1));
    }

    [Property(MaxTest = Tests)]
    public void Density_and_depth_are_the_plain_sums_and_write_nowhere_else(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var c = new Case(random);
        var depth = c.Numbers();
        Guarded a = new(c.Cells), b = new(c.Cells);
        var isAnyOutside = DepositInside(c.Splats, c.Amplitudes, depth, c.Size, a.Values, b.Values);
        Assert.True(a.IsIntact && b.IsIntact);
        Assert.Equal(Enumerable.Range(0, c.Count).Any(j => !IsInside(j)), isAnyOutside);
        AssertClose(c.Sum((j, w, _, _) => IsInside(j) ? c.Amplitudes[j] * w : 0), a.Values, c.Scale(_ => 1));
        DepositOutside(c.Splats, c.Amplitudes, depth, c.Size, a.Values, b.Values);
        Assert.True(a.IsIntact && b.IsIntact);
        AssertClose(c.Sum((j, w, _, _) => c.Amplitudes[j] * w), a.Values, c.Scale(_ => 1));
        AssertClose(c.Sum((j, w, _, _) => c.Amplitudes[j] * w * depth[j]), b.Values, c.Scale(j => Math.Abs(depth[j])));

        bool IsInside(int j) => GriddingKernels.IsInside(c.Splats, j, c.Runs.First(r => j < r.End).Footprint, c.Size);
    }

    [Property(MaxTest = Tests)]
    public void Velocities_are_the_plain_sum_and_write_nowhere_else(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var c = new Case(random);
        float[] vx = c.Numbers(), vy = c.Numbers(), rates = c.Numbers();
        var grid = new Guarded(c.Cells);
        DepositVelocity(c.Splats, c.Amplitudes, rates, vx, vy, c.Size, grid.Values);
        Assert.True(grid.IsIntact);
        AssertClose(
            c.Sum((j, w, dx, dy) => w * (rates[j] + (c.Amplitudes[j] * 2 * c.InverseTwoVariance[j] * ((vx[j] * dx) + (vy[j] * dy))))),
            grid.Values,
            c.Scale(j => Math.Abs(rates[j] / c.Amplitudes[j]) + (2 * c.InverseTwoVariance[j] * (Math.Abs(vx[j]) + Math.Abs(vy[j])) * c.Size)));
    }

    [Property(MaxTest = Tests)]
    public void Mended_moments_are_the_plain_sums_and_write_nowhere_else(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var c = new Case(random);
        var density = new float[c.Cells];
        Deposit(c.Splats, c.Amplitudes, c.Size, density);
        Guarded x = new(c.Cells), y = new(c.Cells);
        for (var i = 0; i < c.Cells; i++)
        {
            (x.Values[i], y.Values[i]) = (density[i] * (i % c.Size), density[i] * (i / c.Size));
        }

        AddWrappedMoments(c.Splats, c.Amplitudes, c.Size, x.Values, y.Values);
        Assert.True(x.IsIntact && y.IsIntact);
        AssertClose(c.Sum((j, w, dx, _) => c.Amplitudes[j] * w * (c.X[j] + dx)), x.Values, c.Scale(_ => 3 * c.Size));
        AssertClose(c.Sum((j, w, _, dy) => c.Amplitudes[j] * w * (c.Y[j] + dy)), y.Values, c.Scale(_ => 3 * c.Size));
    }

    [Property(MaxTest = Tests)]
    public void Gather_is_the_transpose_of_deposit(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var c = new Case(random);
        float[] field = new float[c.Cells], ones = new float[c.Count];
        for (var i = 0; i < field.Length; i++)
        {
            field[i] = (float)Draw.Signed(random);
        }

        for (var run = 0; run < c.Runs.Length; run++)
        {
            for (var j = c.Runs[run].First; j < c.Runs[run].End; j++)
            {
                var found = Gather(c.Splats, j, c.Runs[run].Footprint, c.Size, field).Value * c.Norm[j];
                Array.Clear(ones);
                ones[j] = 1;
                var grid = new Guarded(c.Cells);
                Deposit(c.Splats, ones, c.Size, grid.Values);
                double expected = 0, scale = 0;
                for (var i = 0; i < field.Length; i++)
                {
                    expected += (double)grid.Values[i] * field[i];
                    scale += Math.Abs(grid.Values[i]);
                }

                // The height of a Gaussian of no width is infinite, and no number times a weight of zero.
                Assert.True(
                    !float.IsFinite(c.Norm[j]) || !double.IsFinite(scale) || Math.Abs(expected - found) <= (1e-5 * scale) + Tiny,
                    $"{expected} and {found} of {scale}");
            }
        }
    }

    [Fact]
    public void Grids_and_footprints_that_do_not_fit_are_refused()
    {
        float[] one = [1];
        foreach (var footprint in new[]
        {
            new Footprint(40, 8, 0), new Footprint(8, 40, 0), new Footprint(4, 8, 0), new Footprint(-8, 8, 0), new Footprint(16, 16, 9),
            new Footprint(16, 16, -1), new Footprint(520, 520, 0),
        })
        {
            Run[] runs = [new(0, 1, footprint)];
            Assert.Throws<ArgumentException>(() => Deposit(new Splats(one, one, one, one, runs), one, 32, new float[1024]));
            Assert.Throws<ArgumentException>(() => DepositVelocity(new Splats(one, one, one, one, runs), one, one, one, one, 32, new float[1024]));
            Assert.Throws<ArgumentException>(() => DepositInside(new Splats(one, one, one, one, runs), one, one, 32, new float[1024], new float[1024]));
            Assert.Throws<ArgumentException>(() => DepositOutside(new Splats(one, one, one, one, runs), one, one, 32, new float[1024], new float[1024]));
            Assert.Throws<ArgumentException>(() => AddWrappedMoments(new Splats(one, one, one, one, runs), one, 32, new float[1024], new float[1024]));
            Assert.Throws<ArgumentException>(() => Gather(new Splats(one, one, one, one, runs), 0, footprint, 32, new float[1024]));
        }

        Run[] good = [new(0, 1, new Footprint(8, 8, 0))];
        foreach (var (size, cells) in new[] { (32, 1023), (65536, 1024), (65537, 1024), (7, 1024), (0, 1024), (-32, 1024) })
        {
            Assert.Throws<ArgumentException>(() => Deposit(new Splats(one, one, one, one, good), one, size, new float[cells]));
            Assert.Throws<ArgumentException>(() => DepositVelocity(new Splats(one, one, one, one, good), one, one, one, one, size, new float[cells]));
            Assert.Throws<ArgumentException>(() => Gather(new Splats(one, one, one, one, good), 0, good[0].Footprint, size, new float[cells]));
            Assert.Throws<ArgumentException>(() => DepositInside(
                new Splats(one, one, one, one, good), one, one, size, new float[Math.Max(cells, 1024)], new float[cells]));
            Assert.Throws<ArgumentException>(() => DepositOutside(
                new Splats(one, one, one, one, good), one, one, size, new float[Math.Max(cells, 1024)], new float[cells]));
            Assert.Throws<ArgumentException>(() => AddWrappedMoments(
                new Splats(one, one, one, one, good), one, size, new float[Math.Max(cells, 1024)], new float[cells]));
        }

        // Runs past the ends of the columns are found by the spans themselves.
        Run[] beyond = [new(0, 2, new Footprint(8, 8, 0))];
        Assert.ThrowsAny<Exception>(() => Deposit(new Splats(one, one, one, one, beyond), one, 32, new float[1024]));
    }

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual, double scale)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            // Where the sum itself is no float32 there is nothing to compare. A place of up to 55 pixels is rounded by 3e-6, which narrow Gaussians feel: one
            // draw in thousands was off by 2.3e-6 of the scale.
            if (double.IsFinite(scale) && scale < 1e37)
            {
                Assert.True(Math.Abs(expected[i] - actual[i]) <= (4e-6 * scale) + Tiny, $"cell {i}: {expected[i]}, not {actual[i]}; scale {scale}");
            }
        }
    }

    /// <summary>Gaussians anywhere on a grid of any size, in runs of one footprint each.</summary>
    private sealed class Case
    {
        private static readonly int[] Sizes = [8, 9, 12, 15, 16, 17, 23, 24, 31, 32, 40, 55];
        private readonly Random _random;

        public Case(Random random)
        {
            _random = random;
            Size = Sizes[random.Next(Sizes.Length)];
            Count = random.Next(1, 12);
            (X, Y, InverseTwoVariance, Norm, Amplitudes) = (new float[Count], new float[Count], new float[Count], new float[Count], new float[Count]);
            Runs = new Run[Count];
            var finite = random.Next(3) != 0;
            for (var j = 0; j < Count; j++)
            {
                (X[j], Y[j]) = ((float)Hostile.Place(Size, random), (float)Hostile.Place(Size, random));
                // A place that is no number is kept away from the sums that are compared, and only its writes are looked at.
                if (finite)
                {
                    (X[j], Y[j]) = (float.IsNaN(X[j]) ? 1 : X[j], float.IsNaN(Y[j]) ? 1 : Y[j]);
                }

                var width = Hostile.Width(random);
                InverseTwoVariance[j] = (float)(0.5 / (width * width));
                Norm[j] = (float)(0.5 / (Math.PI * width * width));
                Amplitudes[j] = (float)(0.1 + random.NextDouble());
                var support = random.Next(3) switch { 0 => 8 * random.NextDouble(), 1 => width * 4, _ => Hostile.Place(Size, random) };
                Runs[j] = new Run(j, j + 1, Footprint.Of((float)Math.Abs(support), Size));
            }
        }

        public int Size { get; }

        public int Count { get; }

        public int Cells => Size * Size;

        public float[] X { get; }

        public float[] Y { get; }

        public float[] InverseTwoVariance { get; }

        public float[] Norm { get; }

        public float[] Amplitudes { get; }

        public Run[] Runs { get; }

        public Splats Splats => new(X, Y, InverseTwoVariance, Norm, Runs);

        public float[] Numbers() => [.. Enumerable.Range(0, Count).Select(_ => (float)(3 * Draw.Signed(_random)))];

        /// <summary>What rounding is measured by: the heights of the Gaussians that are on the grid.</summary>
        public double Scale(Func<int, double> factor)
        {
            double sum = 0;
            for (var j = 0; j < Count; j++)
            {
                sum += Touches(j) ? Norm[j] * Amplitudes[j] * (1 + factor(j)) : 0;
            }

            return Enumerable.Range(0, Count).All(j => float.IsFinite(InverseTwoVariance[j]) && !float.IsNaN(X[j] + Y[j])) ? sum : double.NaN;
        }

        /// <summary>
        /// The sum by its definition: each Gaussian over the cells of its footprint, in
        /// float64 and whole numbers of any length, wrapped where they are outside.
        /// </summary>
        public double[] Sum(Func<int, double, double, double, double> value)
        {
            var sum = new double[Cells];
            for (var j = 0; j < Count; j++)
            {
                if (!Touches(j))
                {
                    continue;
                }

                var (columns, rows, narrow) = Runs[j].Footprint;
                long x0 = First(X[j], columns), y0 = First(Y[j], rows);
                var inside = x0 >= 0 && y0 >= 0 && x0 + columns <= Size && y0 + rows <= Size;
                for (long y = y0; y < y0 + rows; y++)
                {
                    var cut = inside && (y < y0 + narrow || y >= y0 + rows - narrow) ? Lanes / 2 : 0;
                    for (long x = x0 + cut; x < x0 + columns - cut; x++)
                    {
                        double dx = x - (double)X[j], dy = y - (double)Y[j];
                        // The kernels' exponential is 1e-38 and not 0 at the ends of its range.
                        var w = Norm[j] * Math.Exp(Math.Max(-87, -dx * dx * InverseTwoVariance[j])) * Math.Exp(Math.Max(-87, -dy * dy * InverseTwoVariance[j]));
                        sum[(Wrap(y) * Size) + Wrap(x)] += value(j, w, dx, dy);
                    }
                }
            }

            return sum;
        }

        private bool Touches(int j)
        {
            var (columns, rows, _) = Runs[j].Footprint;
            double x0 = First2(X[j], columns), y0 = First2(Y[j], rows);
            return x0 > -columns - Size && x0 < 2 * Size && y0 > -rows - Size && y0 < 2 * Size;
        }

        private static double First2(float at, int count) => Math.Ceiling((double)(float)(at - (0.5f * count)));

        private static long First(float at, int count) => (long)First2(at, count);

        private long Wrap(long i) => ((i % Size) + Size) % Size;
    }
}
