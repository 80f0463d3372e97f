using FsCheck;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests.Kernels;

/// <summary>
/// The unchecked loops of the three-dimensional deposit under any geometry: nothing is written beside the grid, and what is written is the plain sum.
/// </summary>
public class GridKernelTests
{
    [Property(MaxTest = 300)]
    public void Deposit_is_the_plain_sum_and_writes_nowhere_else(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var size = random.Next(1, 19);
        var kernel = new GaussianGridKernel(size);
        var grid = new Guarded(size * size * size);
        var expected = new double[size * size * size];
        for (var n = 0; n < 4; n++)
        {
            // The kernel keeps its buffers from call to call.
            var place = Place(size, random);
            kernel.Deposit(grid.Values, 0, size, place, n + 1);
            Add(expected, size, place, n + 1);
            Assert.True(grid.IsIntact);
        }

        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - grid.Values[i]) <= 5e-5 * (1 + Math.Abs(expected[i])), $"cell {i}: {expected[i]}, not {grid.Values[i]}");
        }
    }

    [Property(MaxTest = 100)]
    public void Slabs_share_the_deposit_out(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var size = random.Next(2, 19);
        var place = Place(size, random);
        var kernel = new GaussianGridKernel(size);
        Guarded whole = new(size * size * size), parts = new(size * size * size);
        kernel.Deposit(whole.Values, 0, size, place, 1);
        var middle = random.Next(1, size);
        kernel.Deposit(parts.Values, 0, middle, place, 1);
        Assert.Equal(-1, parts.Values[(middle * size * size)..].IndexOfAnyExcept(0f));
        kernel.Deposit(parts.Values, middle, size, place, 1);
        Assert.True(parts.IsIntact && whole.Values.SequenceEqual(parts.Values));
    }

    [Property(MaxTest = 300)]
    public void Gather_is_the_transpose_of_deposit(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var size = random.Next(1, 19);
        var kernel = new GaussianGridKernel(size);
        var field = new float[size * size * size];
        for (var i = 0; i < field.Length; i++)
        {
            field[i] = (float)Draw.Signed(random);
        }

        var place = Place(size, random);
        var found = kernel.Gather(field, place).S0;
        var grid = new Guarded(field.Length);
        kernel.Deposit(grid.Values, 0, size, place, 1);
        double expected = 0, scale = 0;
        for (var i = 0; i < field.Length; i++)
        {
            expected += (double)field[i] * grid.Values[i];
            scale += grid.Values[i];
        }

        Assert.True(Math.Abs(expected - found) <= 1e-5 * (1 + scale), $"{expected}, not {found}, of {scale}");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e30)]
    [InlineData(81)]
    [InlineData(-1)]
    public void Supports_of_many_grids_are_refused(double support) =>
        Assert.Throws<ArgumentException>(() => new GaussianGridKernel(10).Deposit(new float[1000], 0, 10, new KernelPlace(5, 5, 5, 1, support), 1));

    [Theory]
    [InlineData(11, 1330)]
    [InlineData(65536, 4096)]
    [InlineData(1626, 4096)]
    [InlineData(0, 4096)]
    public void Grids_that_do_not_fit_are_refused(int size, int cells)
    {
        var place = new KernelPlace(5, 5, 5, 1, 3);
        Assert.Throws<ArgumentException>(() => new GaussianGridKernel(size).Deposit(new float[cells], 0, size, place, 1));
        Assert.Throws<ArgumentException>(() => new GaussianGridKernel(size).Gather(new float[cells], place));
    }

    private static KernelPlace Place(int size, Random random)
    {
        // The transform deposits nothing narrower than a cell.
        var variance = Math.Clamp(Math.Pow(Hostile.Width(random), 2), 0.1, 1e30);
        var support = random.Next(3) switch { 0 => 8.0 * size * random.NextDouble() / 4, 1 => 2.0 * random.Next(size), _ => 4 * random.NextDouble() };
        return new KernelPlace(Hostile.Place(size, random), Hostile.Place(size, random), Hostile.Place(size, random), variance, support);
    }

    /// <summary>The sum by its definition, in float64: every cell within the support, wrapped.</summary>
    private static void Add(double[] grid, int size, in KernelPlace p, double weight)
    {
        double x0 = Math.Ceiling(p.X - p.Support), y0 = Math.Ceiling(p.Y - p.Support), z0 = Math.Ceiling(p.Z - p.Support);
        double x1 = Math.Floor(p.X + p.Support), y1 = Math.Floor(p.Y + p.Support), z1 = Math.Floor(p.Z + p.Support);
        if (!(x0 < size && y0 < size && z0 < size && x1 >= 0 && y1 >= 0 && z1 >= 0))
        {
            return;
        }

        int Wrap(double i) => (int)((((long)i % size) + size) % size);
        var limit = (float)(p.Support * p.Support);
        for (var z = z0; z <= z1; z++)
        {
            for (var y = y0; y <= y1; y++)
            {
                double dy = y - p.Y, dz = z - p.Z;
                if ((float)(dy * dy) + (float)(dz * dz) > limit)
                {
                    continue;
                }

                for (var x = x0; x <= x1; x++)
                {
                    var d2 = ((x - p.X) * (x - p.X)) + (dy * dy) + (dz * dz);
                    grid[(((Wrap(z) * size) + Wrap(y)) * size) + Wrap(x)] += weight * Math.Exp(-0.5 * d2 / p.Variance);
                }
            }
        }
    }
}
