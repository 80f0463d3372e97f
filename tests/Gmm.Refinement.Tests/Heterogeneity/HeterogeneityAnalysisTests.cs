using Gmm.Core;
using Xunit;
using Xunit.Abstractions;

namespace Gmm.Refinement.Tests;

public class HeterogeneityAnalysisTests(ITestOutputHelper output)
{
    private static readonly HeterogeneityOptions Options = new() { LatentDimension = 2, Resolution = 9, Anchors = 16, LinearEpochs = 6, Epochs = 6 };

    [Fact]
    public void The_first_coordinate_is_the_true_tilt_in_both_halves()
    {
        var (source, truth) = TiltData.Make(600, 0.3, TiltData.Reach, 1);
        var result = HeterogeneityAnalysis.Run(source, TiltData.Neutral, TiltData.Neutral, Options, new ComputeOptions { Threads = 2 });
        Show(result);
        Assert.True(result.MotionFound);
        for (var half = 1; half <= 2; half++)
        {
            int[] members = [.. Enumerable.Range(0, truth.Length).Where(i => source.Particles[i].Half == half)];
            var rank = TiltData.Spearman([.. members.Select(i => truth[i])], [.. members.Select(i => (double)result.Latents.Points[i][0])]);
            output.WriteLine($"half {half}: Spearman {rank:F4}, range {Range(half == 1 ? result.Half1 : result.Half2, [.. members.Select(i => result.Latents.Points[i])]):F2}");
            Assert.True(Math.Abs(rank) > 0.95, $"{rank}");
        }
    }

    [Fact]
    public void Without_motion_the_held_out_particles_say_so()
    {
        var (source, _) = TiltData.Make(600, 0.3, 0, 2);
        var result = HeterogeneityAnalysis.Run(source, TiltData.Neutral, TiltData.Neutral, Options, new ComputeOptions { Threads = 2 });
        Show(result);
        Assert.False(result.MotionFound);
        Assert.All(result.Training, t => Assert.False(t.MotionFound));
    }

    [Fact]
    public void Threads_change_nothing()
    {
        var (source, _) = TiltData.Make(240, 0.6, TiltData.Reach, 3);
        var options = Options with { LinearEpochs = 1, Epochs = 1 };
        var one = HeterogeneityAnalysis.Run(source, TiltData.Neutral, TiltData.Neutral, options, new ComputeOptions { Threads = 1 });
        var three = HeterogeneityAnalysis.Run(source, TiltData.Neutral, TiltData.Neutral, options, new ComputeOptions { Threads = 3 });
        Assert.Equal(one.Half1.CopyWeights(), three.Half1.CopyWeights());
        Assert.Equal(one.Latents.Points, three.Latents.Points);
        Assert.Equal(one.Latents.Sigmas, three.Latents.Sigmas);
        Assert.Equal(one.Training[1].HeldOutGain, three.Training[1].HeldOutGain);
    }

    private void Show(HeterogeneityResult result)
    {
        foreach (var t in result.Training)
        {
            output.WriteLine($"half {t.Half}: best {t.BestEpoch}, {t.Stopped}, {t.ParticlesPerSecond:F0}/s, signals {string.Join(' ', t.LinearSignals.Select(s => s.ToString("F2")))}");
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
