using Gmm.Core;
using Gmm.TestData;
using Xunit;
using Xunit.Abstractions;

namespace Gmm.Heterogeneity.Tests;

public class HeterogeneityAnalysisTests(ITestOutputHelper output)
{
    private static readonly HeterogeneityOptions Options = new() { LatentDimension = 2, Resolution = 9, Anchors = 16, LinearEpochs = 6, Epochs = 6, Folds = 1 };

    [Fact]
    public void The_first_coordinate_is_the_true_tilt_in_both_halves()
    {
        var (source, truth) = TiltData.Make(600, 0.3, TiltData.Reach, 1);
        var result = new HeterogeneityAnalysis(source, TiltData.Neutral, TiltData.Neutral, Options, new ComputeOptions { Threads = 2 }).Run();
        Show(result);
        Assert.True(result.MotionFound);
        for (var half = 1; half <= 2; half++)
        {
            int[] members = [.. Enumerable.Range(0, truth.Length).Where(i => source.Particles[i].Half == half)];
            var rank = TiltData.Spearman([.. members.Select(i => truth[i])], [.. members.Select(i => (double)result.Latents.Points[i][0])]);
            output.WriteLine($"half {half}: Spearman {rank:F4}, "
                + $"range {Range(half == 1 ? result.Half1 : result.Half2, [.. members.Select(i => result.Latents.Points[i])]):F2}");
            Assert.True(Math.Abs(rank) > 0.95, $"{rank}");
        }
    }

    [Fact]
    public void Coordinates_that_are_given_show_where_to_start()
    {
        var (source, truth) = TiltData.Make(600, 2.5, TiltData.Reach, 5);
        var random = new Random(7);
        // As another program would have them: another scale, errors, and a second coordinate that says nothing.
        double[][] given = [.. truth.Select(t => new[] { 30 + (4 * t) + Testing.Draw.Normal(random), Testing.Draw.Normal(random) })];
        double[] Ranks(HeterogeneityOptions options)
        {
            var result = new HeterogeneityAnalysis(source, TiltData.Neutral, TiltData.Neutral, options, new ComputeOptions { Threads = 2 }).Run();
            return [.. new[] { 1, 2 }.Select(half =>
            {
                int[] members = [.. Enumerable.Range(0, truth.Length).Where(i => source.Particles[i].Half == half)];
                var rank = TiltData.Spearman([.. members.Select(i => truth[i])], [.. members.Select(i => (double)result.Latents.Points[i][0])]);
                output.WriteLine($"half {half}: Spearman {rank:F4}");
                return Math.Abs(rank);
            })];
        }

        // The points are those that the images tell, in both: the closed form does not see the motion in so much noise.
        var options = Options with { LinearEpochs = 1, Epochs = 0 };
        Assert.All(Ranks(options).Zip(Ranks(options with { StartLatents = given })), r => Assert.True(r.Second > 0.45 && r.Second > r.First + 0.1, $"{r}"));
    }

    [Fact]
    public void Coordinates_that_cannot_be_used_are_told()
    {
        var (source, _) = TiltData.Make(240, 0.6, TiltData.Reach, 3);
        string Message(double[][] given) => Assert.Throws<InvalidInputException>(() => new HeterogeneityAnalysis(
            source, TiltData.Neutral, TiltData.Neutral, Options with { StartLatents = given }, new ComputeOptions { Threads = 2 }).Run()).Message;
        double[][] Rows(int count, Func<int, double[]> row) => [.. Enumerable.Range(0, count).Select(row)];
        Assert.Contains("has 239 rows, there are 240 particles", Message(Rows(239, i => [i, i * i])), StringComparison.Ordinal);
        Assert.Contains("is larger than the number of coordinates that are given, 1", Message(Rows(240, i => [i])), StringComparison.Ordinal);
        Assert.Contains("row 8: must be 2 finite numbers", Message(Rows(240, i => [i, i == 7 ? double.NaN : 1])), StringComparison.Ordinal);
        Assert.Contains("differ among particles in 1 independent ways", Message(Rows(240, i => [i, 2 * i])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Without_motion_the_held_out_particles_say_so(int folds)
    {
        var (source, _) = TiltData.Make(600, 0.3, 0, 2);
        var result = new HeterogeneityAnalysis(
            source, TiltData.Neutral, TiltData.Neutral, Options with { Folds = folds }, new ComputeOptions { Threads = 2 }).Run();
        Show(result);
        Assert.False(result.MotionFound);
        Assert.All(result.Training, t => Assert.False(t.MotionFound));
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var (source, _) = TiltData.Make(240, 0.6, TiltData.Reach, 3);
        var options = Options with { LinearEpochs = 1, Epochs = 1 };
        var one = new HeterogeneityAnalysis(source, TiltData.Neutral, TiltData.Neutral, options, new ComputeOptions { Threads = 1 }).Run();
        var three = new HeterogeneityAnalysis(source, TiltData.Neutral, TiltData.Neutral, options, new ComputeOptions { Threads = 3 }).Run();
        Assert.Equal(one.Half1.CopyWeights(), three.Half1.CopyWeights());
        Assert.Equal(one.Latents.Points, three.Latents.Points);
        Assert.Equal(one.Latents.Sigmas, three.Latents.Sigmas);
        Assert.Equal(one.Training[1].HeldOutGain, three.Training[1].HeldOutGain);
    }

    [Fact]
    public void Training_that_diverges_is_stopped_and_the_last_good_weights_are_kept()
    {
        var (source, _) = TiltData.Make(240, 0.3, TiltData.Reach, 4);
        var options = Options with { LinearLearningRate = 1e6, LinearEpochs = 3, Epochs = 3 };
        var result = new HeterogeneityAnalysis(source, TiltData.Neutral, TiltData.Neutral, options, new ComputeOptions { Threads = 2 }).Run();
        Assert.All(result.Training, t =>
        {
            Assert.StartsWith("diverged", t.Stopped, StringComparison.Ordinal);
            Assert.Equal(0, t.BestEpoch);
            Assert.True(t.Epochs.Count < 7);
        });
        Assert.All(result.Latents.Points, p => Assert.All(p, v => Assert.True(Math.Abs(v) < 10)));
        Assert.All(result.Half1.CopyWeights(), part => Assert.All(part, w => Assert.True(Math.Abs(w) < 100)));
    }

    [Theory]
    [InlineData("mlp")]
    [InlineData("rigid")]
    public void Other_decoders_find_the_tilt_of_the_focus_too(string kind)
    {
        var (source, truth) = TiltData.Make(400, 0.3, TiltData.Reach, 5);
        var options = Options with { Decoder = DeformerTests.Factory(kind), Focus = Half(), LatentDimension = 1, Epochs = 3 };
        var result = new HeterogeneityAnalysis(source, TiltData.Neutral, TiltData.Neutral, options, new ComputeOptions { Threads = 2 }).Run();
        Show(result);
        Assert.True(result.MotionFound);
        for (var half = 1; half <= 2; half++)
        {
            int[] members = [.. Enumerable.Range(0, truth.Length).Where(i => source.Particles[i].Half == half)];
            Assert.True(Math.Abs(TiltData.Spearman([.. members.Select(i => truth[i])], [.. members.Select(i => (double)result.Latents.Points[i][0])])) > 0.95);
        }
    }

    [Fact]
    public void The_uncertainties_are_those_of_the_latent_points()
    {
        // Along the true coordinate, which is uniform from -1 to 1 (standard deviation 0.577): error over reported sigma is about 1.
        var (source, truth) = TiltData.Make(500, 0.45, TiltData.Reach, 6);
        var result = new HeterogeneityAnalysis(
            source, TiltData.Neutral, TiltData.Neutral, Options with { LatentDimension = 1 }, new ComputeOptions { Threads = 2 }).Run();
        int[] members = [.. Enumerable.Range(0, truth.Length).Where(i => source.Particles[i].Half == 1)];
        double zt = 0, zz = 0, tt = 0;
        foreach (var i in members)
        {
            double z = result.Latents.Points[i][0];
            (zt, zz, tt) = (zt + (z * truth[i]), zz + (z * z), tt + (truth[i] * truth[i]));
        }

        var slope = zt / tt;
        var chi = members.Average(i => Math.Pow((result.Latents.Points[i][0] - (slope * truth[i])) / result.Latents.Sigmas[i][0], 2));
        output.WriteLine($"slope {slope:F3} chi2 {chi:F3} sigma {members.Average(i => result.Latents.Sigmas[i][0]):F3}");
        Assert.InRange(chi, 0.6, 1.7);
    }

    [Fact]
    public void Bad_input_is_told_in_clear_words()
    {
        var (source, _) = TiltData.Make(120, 0.3, 0, 7);
        void Refused(string words, HeterogeneityOptions options, MemorySource? particles = null) => Assert.Contains(
            words,
            Assert.Throws<InvalidInputException>(() => new HeterogeneityAnalysis(
                particles ?? source, TiltData.Neutral, TiltData.Neutral, options, new ComputeOptions { Threads = 1 }).Run()).Message,
            StringComparison.Ordinal);
        Refused("too few", Options);
        Refused("larger than the number of anchors", Options with { LatentDimension = 5, Anchors = 4 });
        Refused("from 1 to 10", Options with { LatentDimension = 11 });
        Refused("6 degrees of freedom", Options with { LatentDimension = 7, Decoder = Decoders.Rigid() });
        var (enough, _) = TiltData.Make(200, 0.3, 0, 7);
        var corner = new float[TiltData.Box * TiltData.Box * TiltData.Box];
        corner[0] = 1;
        Refused("no Gaussian", Options with { Focus = new SolventMask(TiltData.Box, TiltData.Pixel, corner) }, enough);
        Refused("needs a focus mask", Options with { Rounds = 2 }, enough);
        Refused("does not fit maps", Options with { Rounds = 2, Focus = new SolventMask(8, 2 * TiltData.Pixel, [.. Enumerable.Repeat(1f, 512)]) }, enough);
        Refused("from 1 to 20", Options with { Folds = 0 });
        Refused("several folds", Options with { Folds = 2, Decoder = Decoders.Free() });
        Refused("too coarse", Options with { Resolution = 60, CoarsestResolution = 100 }, enough);
    }

    /// <summary>A mask of what tilts, with a soft edge.</summary>
    internal static SolventMask Half()
    {
        const int n = TiltData.Box;
        var voxels = new float[n * n * n];
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = (float)Math.Clamp(((((i % n) - (n / 2)) * TiltData.Pixel) - 10) / 10, 0, 1);
        }

        return new SolventMask(n, TiltData.Pixel, voxels);
    }

    private void Show(HeterogeneityResult result)
    {
        foreach (var t in result.Training)
        {
            output.WriteLine($"half {t.Half}: best {t.BestEpoch}, {t.Stopped}, {t.ParticlesPerSecond:F0}/s, "
                + $"signals {string.Join(' ', t.LinearSignals.Select(s => s.ToString("F2")))}");
            foreach (var e in t.Epochs)
            {
                output.WriteLine($"  {e.Epoch} {e.Stage}: held out {e.HeldOutGain:F2} +- {e.HeldOutError:F2}, training {e.TrainingGain:F2}, {e.Seconds:F2} s");
            }
        }
    }

    /// <summary>Distance between the far end's places at the extreme latent points.</summary>
    private static double Range(Autoencoder autoencoder, float[][] points)
    {
        float[][] order = [.. points.OrderBy(p => p[0])];
        ModelDeformation low = new(autoencoder.Model.Count), high = new(autoencoder.Model.Count);
        autoencoder.Decoder.Decode(order[0], low);
        autoencoder.Decoder.Decode(order[^1], high);
        var far = Enumerable.Range(0, autoencoder.Model.Count).MaxBy(j => autoencoder.Model.X[j]);
        return Math.Sqrt(Math.Pow(high.X[far] - low.X[far], 2) + Math.Pow(high.Y[far] - low.Y[far], 2) + Math.Pow(high.Z[far] - low.Z[far], 2));
    }
}
