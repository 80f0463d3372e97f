using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Maps.Tests;

/// <summary>What an image knows: strength and fall-off of its signal, and whether there is any.</summary>
public class SignalWeightsTests
{
    /// <summary>Standard deviation of the noise over the first image's root mean square.</summary>
    private const double Noise = 0.7;
    private static readonly OpticsGroup Optics = new() { PixelSize = 2, ImageSize = 32 };
    private static readonly AnalyticModel Model = RandomGaussians.Make(7, 20, 2.0);

    [Fact]
    public void Strength_fall_off_and_noise_alone_are_found()
    {
        var (source, truth) = Set(360);
        var signals = SignalWeights.Measure(new(source), new ReconstructionOptions(), new ComputeOptions { Threads = 1 });
        var shown = Enumerable.Range(0, truth.Length).Where(i => truth[i].Scale > 0).ToArray();
        Assert.Equal(shown, Enumerable.Range(0, truth.Length).Where(i => signals[i].Weight > 0.5f));
        Assert.InRange(Correlation(shown, i => truth[i].Scale, i => signals[i].Scale), 0.9, 1);
        Assert.InRange(Correlation(shown, i => truth[i].B, i => signals[i].BFactor), 0.8, 1);
        Assert.InRange(shown.Average(i => signals[i].Scale), 0.95, 1.05);

        // The map of what the images know is nearer to the truth.
        double Error(ReconstructionInput input) => Distance(new FourierReconstructor().Reconstruct(input, new ReconstructionOptions(), new ComputeOptions()));
        var weighted = SignalWeights.Apply(new(source), signals, new ReconstructionOptions(), new ComputeOptions());
        Assert.True(Error(weighted) < 0.95 * Error(new(source)), $"{Error(weighted)}, {Error(new(source))}");
    }

    [Fact]
    public void Images_that_are_all_alike_keep_their_bits_and_others_get_what_they_were_made_with()
    {
        var random = new Random(6);
        double[] quarterK2 = [0.001, 0.004, 0.009, 0.016, 0.02];
        SignalStatistics Image(double scale, double b)
        {
            float[] power = [80, 60, 40, 20, 10];
            return new(
                [.. power.Select((p, n) => (float)((scale * Math.Exp(-b * quarterK2[n]) * p) + (Math.Sqrt(p) * Draw.Normal(random))))], power);
        }

        var alike = new SignalFit([.. Enumerable.Range(0, 200).Select(_ => Image(1, 0))], quarterK2).Run();
        Assert.All(alike, s => Assert.Equal((1, 0, 1), (s.Scale, s.BFactor, s.Weight)));
        (double Scale, double B)[] truth = [.. Enumerable.Range(0, 600).Select(
            i => i % 5 == 0 ? (0, 0) : (1 + (0.2 * Draw.Normal(random)), 60 + (50 * Draw.Normal(random))))];
        var found = new SignalFit([.. truth.Select(t => Image(t.Scale, t.B))], quarterK2).Run();
        int[] shown = [.. Enumerable.Range(0, 600).Where(i => i % 5 != 0)];
        Assert.Equal(shown, Enumerable.Range(0, 600).Where(i => found[i].Weight > 0.5f));
        // Posterior means: what is left is no more than the prior's spread, and not correlated with what was found.
        double Rest(Func<int, double> rest) => Math.Sqrt(shown.Average(i => Math.Pow(rest(i), 2)));
        Assert.InRange(Rest(i => (found[i].Scale * 1.0) - truth[i].Scale), 0.03, 0.13);
        Assert.InRange(Rest(i => found[i].BFactor + 60 - truth[i].B), 3, 35);
    }

    [Fact]
    public void Bits_do_not_depend_on_threads()
    {
        var (source, _) = Set(120);
        var one = SignalWeights.Measure(new(source), new ReconstructionOptions(), new ComputeOptions { Threads = 1 });
        Assert.Equal(one, SignalWeights.Measure(new(source), new ReconstructionOptions(), new ComputeOptions { Threads = 3 }));
        var unknown = Enumerable.Repeat(ParticleSignal.Unknown, source.Particles.Count).ToArray();
        Assert.Equal(source.Particles, SignalWeights.Apply(new(source), unknown, new ReconstructionOptions(), new ComputeOptions()).Source.Particles);
    }

    [Fact]
    public void Sums_are_read_between_the_grid_points()
    {
        var random = new Random(4);
        var source = Model.Images([Optics with { CtfState = CtfState.None }], 900, 5);
        var input = new ReconstructionInput(source).Prepare(new ImageOptions(), new ComputeOptions(), [.. Enumerable.Range(0, 900)]);
        var (reader, _) = new FourierReconstructor().Reader(input, new ReconstructionOptions(), new ComputeOptions());
        var sums = new FourierAccumulator(reader.Grid);
        reader.Insert([.. Enumerable.Range(0, 900)], sums, null, default);
        var sampler = new SumsSampler(sums);
        var truth = Model.Map(32, 2);
        for (var test = 0; test < 40; test++)
        {
            double x = 12 * (random.NextDouble() - 0.5), y = 12 * (random.NextDouble() - 0.5), z = 12 * (random.NextDouble() - 0.5);
            var (re, im) = sampler.At((float)x, (float)y, (float)z);
            // The map's transform there, by its voxels, faded as the window does.
            double a = 0, b = 0;
            for (var i = 0; i < truth.Voxels.Length; i++)
            {
                int vx = (i % 32) - 16, vy = (i / 32 % 32) - 16, vz = (i / 1024) - 16, n = reader.Grid.GridSize;
                // The window once where the images were spread, once where they are read.
                var fading = reader.Grid.Window.Transform((double)vx / n) * reader.Grid.Window.Transform((double)vy / n)
                    * reader.Grid.Window.Transform((double)vz / n);
                var v = truth.Voxels[i] * fading * fading;
                var (sin, cos) = Math.SinCos(-2 * Math.PI * ((x * vx) + (y * vy) + (z * vz)) / n);
                a += v * cos;
                b += v * sin;
            }

            var size = truth.Voxels.Sum(v => (double)v);
            Assert.InRange(Math.Sqrt(Math.Pow(a - re, 2) + Math.Pow(b - im, 2)) / size, 0, 0.08);
        }

        Assert.Equal((0f, 0f), sampler.At(100, 0, 0));
    }

    [Fact]
    public void The_uncertainty_of_a_pose_is_the_mean_spread_of_where_atoms_are_seen()
    {
        // A ball of radius of gyration R, turned and shifted at random: the spread of the displacements along x.
        var random = new Random(9);
        const double degrees = 2, shift = 1.5;
        var (sum, moment, count) = (0.0, 0.0, 0);
        for (var i = 0; i < 40000; i++)
        {
            var (x, y, z) = (Draw.Normal(random), Draw.Normal(random), Draw.Normal(random));
            var angle = degrees * Math.PI / 180 / Math.Sqrt(3);
            var (px, py, pz) = (30 * x, 30 * y, 30 * z);
            double wy = angle * Draw.Normal(random), wz = angle * Draw.Normal(random);
            var moved = (wy * pz) - (wz * py) + (shift / Math.Sqrt(2) * Draw.Normal(random));
            sum += moved * moved;
            moment += (px * px) + (py * py) + (pz * pz);
            count++;
        }

        var expected = 8 * Math.PI * Math.PI * sum / count;
        Assert.InRange(new PoseSigma(degrees, shift).BFactor(Math.Sqrt(moment / count)) / expected, 0.97, 1.03);
        Assert.Equal(0, new PoseSigma(-1, -1).BFactor(30));
    }

    private static (MemorySource Source, (double Scale, double B)[] Truth) Set(int count)
    {
        var random = new Random(3);
        var source = new MemorySource([Optics]);
        var truth = new (double Scale, double B)[count];
        var noise = 0.0;
        for (var p = 0; p < count; p++)
        {
            var ctf = new CtfParameters { DefocusU = 8000 + (8000 * random.NextDouble()), DefocusV = 9000 };
            var pose = Draw.Pose(random, 2);
            double scale = 0.5 + random.NextDouble(), b = -100 * Math.Log(random.NextDouble());
            truth[p] = p % 6 == 5 ? (0, 0) : (scale, b);
            var image = Model.Image(Optics, pose, ctf with { ScaleFactor = truth[p].Scale, BFactor = truth[p].B });
            noise = p == 0 ? Noise * Math.Sqrt(image.Average(v => (double)v * v)) : noise;
            source.Add(new Particle(pose, ctf, 0, 1 + (p % 2)), [.. image.Select(v => v + (float)(noise * Draw.Normal(random)))]);
        }

        return (source, truth);
    }

    private static double Correlation(int[] of, Func<int, double> a, Func<int, double> b)
    {
        double ma = of.Average(a), mb = of.Average(b);
        return of.Sum(i => (a(i) - ma) * (b(i) - mb)) / Math.Sqrt(of.Sum(i => Math.Pow(a(i) - ma, 2)) * of.Sum(i => Math.Pow(b(i) - mb, 2)));
    }

    /// <summary>One less the correlation with the truth.</summary>
    private static double Distance(DensityMap map)
    {
        var truth = Model.Map(32, 2);
        double ab = 0, aa = 0, bb = 0;
        for (var i = 0; i < map.Voxels.Length; i++)
        {
            ab += (double)map.Voxels[i] * truth.Voxels[i];
            aa += (double)map.Voxels[i] * map.Voxels[i];
            bb += (double)truth.Voxels[i] * truth.Voxels[i];
        }

        return 1 - (ab / Math.Sqrt(aa * bb));
    }
}
