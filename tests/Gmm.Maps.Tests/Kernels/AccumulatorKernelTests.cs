using FsCheck;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Simulation;

namespace Gmm.Maps.Tests;

/// <summary>The unchecked loops of the reconstruction and of the simulator under any geometry; in the checked build every access is looked at.</summary>
public class AccumulatorKernelTests
{
    private static readonly double[] Special = [double.NaN, double.PositiveInfinity, -1e300, 1e38, -1e12, 1.7e10, 2147483648, -2147483649, 1e-300, 0, 65536];

    [Property(MaxTest = 120)]
    public void Slices_of_any_pose_are_inserted_where_they_say(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var box = random.Next(4, 21);
        var grid = new ReconstructionGrid(
            box, 0.5 + random.NextDouble(), 1 + (3 * random.NextDouble()), random.Next(3) == 0 ? 0 : 2 + (20 * random.NextDouble()));
        var sums = new FourierAccumulator(grid);
        var slices = Enumerable.Range(0, 3).Select(_ => Slice(grid, random)).ToArray();
        sums.Insert(slices, new ComputeOptions { Threads = 1 + random.Next(3) });
        var extent = grid.Extent;
        var side = (2 * extent) + 1;
        var expected = new Dictionary<(int X, int Y, int Z), double>();
        foreach (var slice in slices)
        {
            foreach (var s in slice.Samples)
            {
                int x0 = (int)Math.Floor(s.X) - 1, y0 = (int)Math.Floor(s.Y) - 1, z0 = (int)Math.Floor(s.Z) - 1;
                for (var n = 0; n < 64; n++)
                {
                    var (x, y, z) = (x0 + (n % 4), y0 + (n / 4 % 4), z0 + (n / 16));
                    var w = s.W * grid.Window.Value(s.X - x) * grid.Window.Value(s.Y - y) * grid.Window.Value(s.Z - z);
                    expected[(x, y, z)] = expected.GetValueOrDefault((x, y, z)) + w;
                }
            }
        }

        double scale = expected.Values.DefaultIfEmpty().Max(Math.Abs), found = 0, wanted = expected.Values.Sum();
        for (var z = 0; z < side; z++)
        {
            var plane = sums.PlaneSums(z);
            for (var y = 0; y < side; y++)
            {
                var row = (z * side) + y;
                int start = grid.RowStart[row], end = y + 1 < side ? grid.RowStart[row + 1] : plane.Length;
                for (var cell = start; cell < end; cell += 3)
                {
                    var at = (((cell - start) / 3) - 1, y - extent, z - extent);
                    found += plane[cell + 2];
                    // The table has the window to 1/4096 of a cell.
                    Assert.True(
                        Math.Abs(plane[cell + 2] - expected.GetValueOrDefault(at)) <= 3e-3 * scale,
                        $"{at}: {plane[cell + 2]}, not {expected.GetValueOrDefault(at)}");
                }
            }
        }

        Assert.True(Math.Abs(found - wanted) <= 1e-3 * Math.Abs(wanted), $"{found}, not {wanted}");
    }

    [Property(MaxTest = 100)]
    public void Atoms_outside_the_box_are_not_in_the_image(DoNotSize<int> seed)
    {
        var random = new Random(seed.Item);
        var options = new SimulationOptions { ParticleCount = 1, BoxSize = random.Next(4, 40), PixelSize = 0.5 + (2 * random.NextDouble()) };
        var n = random.Next(1, 30);
        var half = 0.5 * options.BoxSize * options.PixelSize;
        double[] u = new double[n], v = new double[n];
        List<int> inside = [];
        for (var j = 0; j < n; j++)
        {
            (u[j], v[j]) = (Place(half, random), Place(half, random));
            // The kernel's eight taps are four pixels.
            var reach = half + (4 * options.PixelSize);
            if (Math.Abs(u[j]) < reach && Math.Abs(v[j]) < reach)
            {
                inside.Add(j);
            }
        }

        var (re, im) = Image(options, u, v);
        if (inside.Count == 0)
        {
            Assert.True(Array.TrueForAll(re, x => x == 0) && Array.TrueForAll(im, x => x == 0));
            return;
        }

        var (expectedRe, expectedIm) = Image(options, [.. inside.Select(j => u[j])], [.. inside.Select(j => v[j])]);
        Assert.Equal(expectedRe, re);
        Assert.Equal(expectedIm, im);
    }

    [Fact]
    public void Boxes_that_no_array_holds_are_refused_before_any_work()
    {
        Assert.Throws<InvalidInputException>(() => new ReconstructionGrid(1291, 1, 1));
        Assert.Throws<InvalidInputException>(() => new ReconstructionGrid(65536, 1, 2));
        Assert.Throws<InvalidInputException>(() => new ReconstructionGrid(int.MaxValue, 1, 4));
    }

    private static (float[] Re, float[] Im) Image(SimulationOptions options, double[] u, double[] v)
    {
        var atoms = Enumerable.Range(0, u.Length).Select(_ => new SimulatedAtom(0, 0, 0, "C", 20, 1)).ToArray();
        var transform = new AtomTransform(ScatteringModel.Create(atoms, options), options);
        float[] weights = new float[u.Length], re = new float[options.BoxSize * transform.SpectrumWidth], im = new float[re.Length];
        Array.Fill(weights, 1f);
        transform.Accumulate(u, v, weights, re, im, new AtomTransform.Scratch(transform));
        return (re, im);
    }

    private static double Place(double half, Random random) => random.Next(5) switch
    {
        0 => Special[random.Next(Special.Length)],
        1 => (random.Next(2) == 0 ? 1 : -1) * Math.Pow(10, 40 * random.NextDouble()),
        // An atom whose kernel just touches the edge, or just does not, is left to the fully inside and outside ones here.
        _ => 0.98 * half * ((2 * random.NextDouble()) - 1),
    };

    private static FourierSlice Slice(ReconstructionGrid grid, Random random)
    {
        var slice = new FourierSlice(grid);
        var disc = new FourierDisc(grid.BoxLength * Math.Pow(10, random.Next(3) == 0 ? TenTo(random) : 0), random.Next(1, 14));
        float[] re = new float[disc.Count], transfer = new float[disc.Count];
        for (var i = 0; i < re.Length; i++)
        {
            (re[i], transfer[i]) = ((float)random.NextDouble(), (float)(0.2 + random.NextDouble()));
        }

        double N() => (2 * random.NextDouble()) - 1;
        var rotation = random.Next(4) == 0
            ? new Rotation(Value(random), Value(random), Value(random), Value(random), Value(random), Value(random), 0, 0, 1)
            : random.Next(4) == 0 ? Rotation.Identity : Rotation.FromQuaternion(N(), N(), N(), N());
        slice.Set(disc, new Pose(rotation, Value(random), Value(random)), re, re, transfer, CtfState.Unmodified);
        return slice;
    }

    private static double TenTo(Random random) => 6 * (random.NextDouble() - 0.5);

    private static double Value(Random random) => random.Next(3) == 0 ? Special[random.Next(Special.Length)] : 2 * (random.NextDouble() - 0.5);
}
