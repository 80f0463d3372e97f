using Gmm.Core;
using Gmm.IO;
using Gmm.TestData;

namespace Gmm.Heterogeneity.Tests;

/// <summary>An analysis whose decoder, encoder and latent refiner are none of the library's.</summary>
public sealed class ForeignPartTests : IDisposable
{
    private static readonly ComputeOptions s_two = new() { Threads = 2 };

    private static readonly HeterogeneityOptions s_options = new()
    {
        LatentDimension = 1,
        Resolution = 9,
        Anchors = 16,
        LinearEpochs = 3,
        Epochs = 1,
        Folds = 1,
        Decoder = ModesDecoder.Factory(),
        Encoder = new Renamed("mine"),
        LatentRefiner = new Halving(3),
    };

    private readonly WorkFolder _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void They_find_the_tilt_and_its_first_guess_is_good()
    {
        var (source, truth) = TiltData.Make(500, 0.3, TiltData.Reach, 5);
        var result = Analyse(source, s_options);
        Assert.True(result.MotionFound);
        for (var half = 1; half <= 2; half++)
        {
            int[] members = [.. Enumerable.Range(0, truth.Length).Where(i => source.Particles[i].Half == half)];
            Assert.True(Math.Abs(TiltData.Spearman([.. members.Select(i => truth[i])], [.. members.Select(i => (double)result.Latents.Points[i][0])])) > 0.95);
        }

        // The encoder was started to fit the decoder's own motion: without a single epoch held-out particles gain.
        Assert.All(result.Training, t => Assert.True(
            t.Epochs[0].HeldOutGain > 3 * t.Epochs[0].HeldOutError, $"{t.Epochs[0].HeldOutGain} +- {t.Epochs[0].HeldOutError}"));
        Assert.All([result.Half1, result.Half2], a => Assert.Equal(("modes(2)", "mine"), (a.DecoderName, a.EncoderName)));
    }

    [Fact]
    public void A_file_of_foreign_parts_is_read_with_their_factories_only()
    {
        var (source, _) = TiltData.Make(240, 0.6, TiltData.Reach, 3);
        var written = Analyse(source, s_options with { LinearEpochs = 1, Epochs = 0 }).Half1;
        var path = _work["a.gmmae"];
        AutoencoderFile.Write(path, written);
        void Refused(string words, IDecoderFactory? decoder, IEncoderFactory? encoder)
        {
            var error = Assert.Throws<InvalidInputException>(() => AutoencoderFile.Read(path, TiltData.Neutral, decoder, encoder));
            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', error.Message);
        }

        Refused("was made with the decoder \"modes(2)\", which is none of this library's: its factory must be given", null, new Renamed("mine"));
        Refused("was made with the encoder \"mine\", which is none of this library's", ModesDecoder.Factory(), null);
        Refused("was made with the decoder \"modes(2)\", not with the one given, \"modes(3)\"", ModesDecoder.Factory("modes(3)"), new Renamed("mine"));
        var read = AutoencoderFile.Read(path, TiltData.Neutral, ModesDecoder.Factory(), new Renamed("mine"));
        Assert.Equal(written.CopyWeights(), read.CopyWeights());
        Assert.Equal(written.Decode([0.7f]).X.ToArray(), read.Decode([0.7f]).X.ToArray());
        float[] features = [.. Enumerable.Range(0, read.FeatureCount).Select(i => MathF.Sin(i))];
        Assert.Equal(written.Encode(features).Mean, read.Encode(features).Mean);
        Assert.Throws<ArgumentException>(() => read.Encode(features.AsSpan(1)));
        Assert.Throws<ArgumentException>(() => read.Decode([1, 2]));
    }

    [Fact]
    public void A_stopped_analysis_goes_on_to_the_same_bits_and_other_parts_are_refused()
    {
        var (source, _) = TiltData.Make(240, 0.6, TiltData.Reach, 3);
        var whole = Analyse(source, s_options);
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Resumed(source, s_options, resume: false, new Stopper(stop), stop.Token));
        var resumed = Resumed(source, s_options, resume: true);
        Assert.Equal(whole.Half2.CopyWeights(), resumed.Half2.CopyWeights());
        Assert.Equal(whole.Latents.Points, resumed.Latents.Points);
        Assert.Equal(whole.Latents.Sigmas, resumed.Latents.Sigmas);

        var other = s_options with { Decoder = ModesDecoder.Factory("modes(3)"), Encoder = Encoders.Dense(), LatentRefiner = new GaussNewtonRefiner() };
        var message = Assert.Throws<InvalidInputException>(() => Resumed(source, other, resume: true)).Message;
        Assert.Contains("decoder was modes(2), now modes(3)", message, StringComparison.Ordinal);
        Assert.Contains("encoder was mine, now dense(hidden 128 64)", message, StringComparison.Ordinal);
        Assert.Contains("latent refiner was halving(3), now gauss-newton(steps 2)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_no_line_of_text_are_refused() =>
        Assert.Contains(
            "decoder's name",
            Assert.Throws<InvalidInputException>(() => (s_options with { Decoder = ModesDecoder.Factory("a\nb") }).Validate()).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("anchors(hidden 32 64)")]
    [InlineData("anchors(amplitudes, hidden 4)")]
    [InlineData("mlp(hidden 32 64)")]
    [InlineData("rigid(hidden 1 2 3 4)")]
    public void The_librarys_decoders_are_found_by_name(string name) => Assert.Equal(name, Decoders.Find(name)?.Name);

    [Theory]
    [InlineData("anchors")]
    [InlineData("anchors()")]
    [InlineData("anchors(hidden)")]
    [InlineData("anchors(hidden 0)")]
    [InlineData("anchors(hidden 2000)")]
    [InlineData("anchors(hidden 1 1 1 1 1)")]
    [InlineData("anchors(hidden  4)")]
    [InlineData("anchors(hidden 04)")]
    [InlineData("anchors(amplitudes)")]
    [InlineData("rigid(amplitudes, hidden 4)")]
    [InlineData("(hidden 4)")]
    [InlineData("")]
    public void Other_names_are_not(string name) => Assert.Null(Decoders.Find(name));

    private static HeterogeneityResult Analyse(MemorySource source, HeterogeneityOptions options) =>
        new HeterogeneityAnalysis(source, TiltData.Neutral, TiltData.Neutral, options, s_two).Run();

    private HeterogeneityResult Resumed(
        MemorySource source, HeterogeneityOptions options, bool resume, IProgress<HeterogeneityProgress>? progress = null, CancellationToken token = default)
    {
        using var run = RunFolder.Open(
            _work.Root, new RunFolderOptions { Job = "heterogeneity", Program = "test", Mode = resume ? RunMode.Resume : RunMode.Overwrite });
        var analysis = new HeterogeneityAnalysis(source, TiltData.Neutral, TiltData.Neutral, options, s_two)
        {
            Checkpoints = new HeterogeneityCheckpoints(run),
        };
        return analysis.Run(progress, token);
    }

    private sealed class Stopper(CancellationTokenSource stop) : IProgress<HeterogeneityProgress>
    {
        public void Report(HeterogeneityProgress value)
        {
            if (value is { Half: 2, Stage: HeterogeneityStage.TrainingLinear, Epoch: 2 })
            {
                stop.Cancel();
            }
        }
    }

    /// <summary>An encoder of another name and another class.</summary>
    private sealed class Renamed(string name) : IEncoderFactory
    {
        public string Name => name;

        public ILatentEncoder Create(EncoderContext context) => new Wrapped(Encoders.Dense([12]).Create(context));
    }

    private sealed class Wrapped(ILatentEncoder inner) : ILatentEncoder
    {
        public int LatentDimension => inner.LatentDimension;

        public int FeatureCount => inner.FeatureCount;

        public IReadOnlyList<WeightBlock> Weights => inner.Weights;

        public bool UsesNetworks
        {
            get => inner.UsesNetworks;
            set => inner.UsesNetworks = value;
        }

        public IBatchPass CreatePass() => inner.CreatePass();

        public void Transform(ReadOnlySpan<double> matrix, ReadOnlySpan<double> logSd) => inner.Transform(matrix, logSd);

        public bool TryStart(IReadOnlyList<float[]> weights, IReadOnlyList<double> logSd) => inner.TryStart(weights, logSd);
    }

    /// <summary>Newton steps of one coordinate, halved until they gain.</summary>
    private sealed class Halving(int steps) : ILatentRefiner
    {
        public string Name => $"halving({steps})";

        public void Refine(ILatentPosterior posterior, Span<float> latent, Span<float> sigma)
        {
            double[] gradient = new double[1], information = new double[1];
            var value = posterior.Evaluate(latent, gradient, information);
            var step = gradient[0] / information[0];
            for (var s = 0; s < steps; s++, step /= 2)
            {
                float[] candidate = [(float)(latent[0] + step)];
                if (posterior.Evaluate(candidate, gradient, information) is var next && next > value)
                {
                    (latent[0], value) = (candidate[0], next);
                    step = 2 * gradient[0] / information[0];
                }
            }

            sigma[0] = (float)(1 / Math.Sqrt(information[0]));
        }
    }
}
