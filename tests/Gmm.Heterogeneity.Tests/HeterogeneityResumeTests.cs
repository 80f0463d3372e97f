using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.TestData;

namespace Gmm.Heterogeneity.Tests;

/// <summary>An analysis that was stopped goes on to the same bits.</summary>
public sealed class HeterogeneityResumeTests : IDisposable
{
    private static readonly HeterogeneityOptions Options = new() { LatentDimension = 2, Resolution = 9, Anchors = 8, LinearEpochs = 3, Epochs = 2, Folds = 1 };

    private static readonly MemorySource Source = TiltData.Make(240, 0.6, TiltData.Reach, 3).Source;

    private static readonly Lazy<HeterogeneityResult> Whole = new(
        () => new HeterogeneityAnalysis(Source, TiltData.Neutral, TiltData.Neutral, Options, new ComputeOptions { Threads = 2 }).Run());

    private static readonly Lazy<HeterogeneityResult> Rounds = new(() => new HeterogeneityAnalysis(
        Source, TiltData.Neutral, TiltData.Neutral,
        Options with { LinearEpochs = 2, Epochs = 0, Folds = 2, Rounds = 2, Focus = HeterogeneityAnalysisTests.Half() },
        new ComputeOptions { Threads = 2 }).Run());

    private readonly WorkFolder _work = new();

    [Theory]
    [InlineData(1, HeterogeneityStage.Preparing, 0)]
    [InlineData(1, HeterogeneityStage.TrainingLinear, 1)]
    [InlineData(1, HeterogeneityStage.TrainingLinear, 3)]
    [InlineData(1, HeterogeneityStage.TrainingNetworks, 4)]
    [InlineData(1, HeterogeneityStage.TrainingNetworks, 5)]
    [InlineData(1, HeterogeneityStage.RefiningLatents, 0)]
    [InlineData(2, HeterogeneityStage.Preparing, 0)]
    [InlineData(2, HeterogeneityStage.TrainingNetworks, 4)]
    public void A_stopped_analysis_goes_on_to_the_same_bits(int half, HeterogeneityStage stage, int epoch)
    {
        using var source = new CancellationTokenSource();
        var stop = new Told(p =>
        {
            if (p.Half == half && p.Stage == stage && p.Epoch == epoch)
            {
                source.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Run(resume: false, Options, stop, token: source.Token));
        var told = new List<HeterogeneityProgress>();
        var resumed = Run(resume: true, Options, new Told(told.Add));
        Same(Whole.Value, resumed);

        // Neither a finished half nor a finished epoch is trained again.
        bool Trains(HeterogeneityProgress p) => p.Stage is HeterogeneityStage.TrainingLinear or HeterogeneityStage.TrainingNetworks;
        Assert.True(stage == HeterogeneityStage.RefiningLatents || told.Exists(p => p.Half == 1) == (half == 1));
        Assert.DoesNotContain(told, p => p.Half == half && Trains(p) && (p.Epoch < epoch || stage == HeterogeneityStage.RefiningLatents));

        // What is finished can be asked for again, and does nothing but read.
        told.Clear();
        Same(Whole.Value, Run(resume: true, Options, new Told(told.Add)));
        Assert.Empty(told);
    }

    [Theory]
    [InlineData(1, HeterogeneityStage.Modelling)]
    [InlineData(1, HeterogeneityStage.TrainingLinear)]
    [InlineData(2, HeterogeneityStage.Reconstructing)]
    [InlineData(2, HeterogeneityStage.TrainingLinear)]
    public void Folds_and_rounds_that_were_stopped_go_on_to_the_same_bits_too(int round, HeterogeneityStage stage)
    {
        var options = Options with { LinearEpochs = 2, Epochs = 0, Folds = 2, Rounds = 2, Focus = HeterogeneityAnalysisTests.Half() };
        using var source = new CancellationTokenSource();
        var stop = new Told(p =>
        {
            if (p.Half == 2 && p.Round == round && p.Stage == stage && p.Done > 0)
            {
                source.Cancel();
            }
        });
        Assert.ThrowsAny<OperationCanceledException>(() => Run(resume: false, options, stop, token: source.Token));
        var told = new List<HeterogeneityProgress>();
        Same(Rounds.Value, Run(resume: true, options, new Told(told.Add)));
        Assert.DoesNotContain(told, p => (p.Half == 1 || p.Round < round)
            && (p.Stage is HeterogeneityStage.TrainingLinear or HeterogeneityStage.Preparing or HeterogeneityStage.RefiningLatents));
    }

    [Fact]
    public void Other_settings_or_a_damaged_state_are_told()
    {
        Run(resume: false, Options);
        void Refused(string words, HeterogeneityOptions options, int seed = 1, GaussianModel? model = null) => Assert.Contains(
            words,
            Assert.Throws<InvalidInputException>(() => Run(resume: true, options, seed: seed, half2: model)).Message,
            StringComparison.Ordinal);
        Refused("--epochs was 2, now 3; --resolution was 9, now 10", Options with { Epochs = 3, Resolution = 10 });
        Refused("seed was 1, now 2", Options, 2);
        Refused("--model-half2 is another than it was", Options, 1, WidthMask.Select(TiltData.Neutral, j => j > 0));
        Refused("--focus was not given, now given", Options with { Focus = SolventMasks.Sphere(TiltData.Box, TiltData.Pixel, 20, 4) });

        var state = _work["training_half2.gmmts"];
        var bytes = File.ReadAllBytes(state);
        File.WriteAllBytes(state, bytes[..^6]);
        Refused("training_half2.gmmts", Options);
        bytes[6] = (byte)'7';
        File.WriteAllBytes(state, bytes);
        Refused("another version", Options);

        // Without resume what is there is not used.
        Same(Whole.Value, Run(resume: false, Options));
    }

    public void Dispose() => _work.Dispose();

    private HeterogeneityResult Run(
        bool resume, HeterogeneityOptions options, IProgress<HeterogeneityProgress>? progress = null, int seed = 1, GaussianModel? half2 = null,
        CancellationToken token = default)
    {
        using var run = RunFolder.Open(
            _work.Root, new RunFolderOptions { Job = "heterogeneity", Program = "test", Mode = resume ? RunMode.Resume : RunMode.Overwrite });
        var analysis = new HeterogeneityAnalysis(
            Source, TiltData.Neutral, half2 ?? TiltData.Neutral, options, new ComputeOptions { Threads = 2, Seed = seed })
        {
            Checkpoints = new HeterogeneityCheckpoints(run),
        };
        return analysis.Run(progress, token);
    }

    private static void Same(HeterogeneityResult expected, HeterogeneityResult actual)
    {
        Assert.Equal(expected.Half1.CopyWeights(), actual.Half1.CopyWeights());
        Assert.Equal(expected.Half2.CopyWeights(), actual.Half2.CopyWeights());
        Assert.Equal(expected.Half2.UsesNetworks, actual.Half2.UsesNetworks);
        Assert.Equal(expected.Half1.FeatureMean, actual.Half1.FeatureMean);
        Assert.Equal(expected.Latents.Points, actual.Latents.Points);
        Assert.Equal(expected.Latents.Sigmas, actual.Latents.Sigmas);
        foreach (var (a, b) in expected.Training.Zip(actual.Training))
        {
            Assert.Equal(
                a.Epochs.Select(e => (e.Epoch, e.Stage, e.HeldOutGain, e.HeldOutError, e.TrainingGain)),
                b.Epochs.Select(e => (e.Epoch, e.Stage, e.HeldOutGain, e.HeldOutError, e.TrainingGain)));
            Assert.Equal((a.BestEpoch, a.Stopped, a.Half, a.HeldOut, a.Particles), (b.BestEpoch, b.Stopped, b.Half, b.HeldOut, b.Particles));
            Assert.Equal(a.LinearSignals, b.LinearSignals);
        }
    }

    /// <summary>Passes a report on at once.</summary>
    private sealed class Told(Action<HeterogeneityProgress> told) : IProgress<HeterogeneityProgress>
    {
        public void Report(HeterogeneityProgress value) => told(value);
    }
}
