using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Reports;
using Microsoft.Extensions.Logging;

namespace Gmm.Cli;

/// <summary>gmm heterogeneity: how the structure moves, particle by particle.</summary>
internal sealed class HeterogeneityVerb : VerbCommand
{
    private static readonly HeterogeneityOptions Defaults = new();

    private readonly ParticleInput _input = new();
    private readonly Option<string> _model1 = Declare.RequiredText(
        "--model-half1", "MODEL.star", "Gaussian model of half map 1, as gmm build or refine wrote it.");
    private readonly Option<string> _model2 = Declare.RequiredText("--model-half2", "MODEL.star", "Gaussian model of half map 2.");
    private readonly Option<string> _out = Declare.Out(
        "DIR", "Folder for the results: latent.star, autoencoder_half1.gmmae, autoencoder_half2.gmmae, the models, focus.mrc (with --focus), "
            + "heterogeneity.json and charts.");
    private readonly Option<string?> _focus = Declare.Text("--focus", "MASK.mrc", "Soft mask, 0 to 1, of what may move; everything by default.");
    private readonly Option<int> _latent = Declare.Count("--latent", "N", "Latent coordinates, 1 to 10.", Defaults.LatentDimension);
    private readonly Option<string?> _start = Declare.Text(
        "--start-latents", "FILE", "Starts training from the motion that goes with coordinates another program found, such as cryoDRGN's z.49.pkl: a table "
            + "(.pkl, .npy, or text) with a row for each particle, in their order. By default a closed form finds where to start.");
    private readonly Option<double> _resolution = Declare.Number("--resolution", "A", "Finest resolution compared, angstrom.", Defaults.Resolution);
    private readonly Option<double> _coarsest = Declare.Number("--minres", "A", "Coarsest resolution compared, angstrom.", Defaults.CoarsestResolution);
    private readonly Option<int> _epochs = Declare.Count(
        "--epochs", "N", "Most epochs with the networks, after those of the linear model; training stops before when held-out particles gain no more. 0: "
            + "the linear model alone.", Defaults.Epochs);
    private readonly Option<string> _decoder = Declare.Choice(
        "--decoder", "anchors: anchors move and carry the Gaussians near them. mlp: every Gaussian on its own. rigid: the focus mask's content as one body.",
        "anchors", "mlp", "rigid");
    private readonly Option<int> _anchors = Declare.Count("--anchors", "N", "Number of anchors.", Defaults.Anchors);
    private readonly Option<bool> _amplitudes = Declare.Flag("--amplitudes", "Lets amplitudes change too, for parts that come and go (decoder anchors only).");

    private readonly Option<int?> _folds = Declare.Count(
        "--folds", "N", "Divides each half's particles into folds and compares those of each with a model made from the other folds, so that no "
            + "particle meets its own noise. 1: all are compared with the model given, as is right for one not made of these particles. By default 5, "
            + "or 1 with --decoder mlp.");
    private readonly Option<int> _rounds = Declare.Count(
        "--rounds", "N", "Rounds of learning. After each but the last the motion found is taken out of the focus region, in new neutral models. Needs --focus.",
        Defaults.Rounds);
    private readonly Option<double?> _modelResolution = Declare.Number(
        "--model-resolution", "A", "Resolution of the models made for folds and rounds, angstrom; that of --resolution by default.");
    private readonly DeviceInput _device = new("images are compared with deformed models, models fitted and half maps summed", projects: true);
    private readonly ClusterInput _cluster = new();
    private readonly Option<bool> _resume = Declare.Resume("an analysis");

    public HeterogeneityVerb()
        : base(
            "heterogeneity",
            "Finds how the structure moves: a latent point for every particle.",
            "Trains an autoencoder on each half's particles against that half's Gaussian model: from the gradient of a particle's score to a latent "
                + "point, from there to the displacement of every Gaussian. Particles held out of training say whether there is motion at all; a "
                + "linear model is the baseline. The halves never meet.",
            "gmm heterogeneity run_data.star --model-half1 run_model_half1.star --model-half2 run_model_half2.star --out motion",
            "gmm heterogeneity run_data.star --model-half1 m1.star --model-half2 m2.star --out motion --focus domain.mrc --latent 2")
    {
        Arguments.Add(_input.Star);
        AddOptions([
            _model1, _model2, _out, _focus, _latent, _start, _resolution, _coarsest, _epochs, _decoder, _anchors, _amplitudes, _folds, _rounds,
            _modelResolution, .. _device.Options, .. _cluster.Options, _resume, RecordedCall.Option("heterogeneity.json"), .. _input.Options,
        ]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        InputFiles.Check(call.Get(_input.Star), call.Get(_model1), call.Get(_model2), call.Get(_focus), call.Get(_start));
        if (FilePaths.AreSame(call.Get(_model1), call.Get(_model2)))
        {
            throw new InvalidInputException("is given as the model of both halves; each half needs its own", call.Get(_model2));
        }

        var (options, resume) = (ReadOptions(call), call.Get(_resume));
        if (resume && call.Overwrite)
        {
            throw new InvalidInputException("--resume and --overwrite contradict each other", "command line");
        }

        using var device = Devices.Open(_device.Read(call), call.Compute);
        var folder = new HeterogeneityFolder(call.Get(_out));
        var charts = new HeterogeneityCharts(folder.Folder);
        using var particles = _input.Open(call, independentHalves: true);
        var (half1, half2) = HalfModels.Read(call.Get(_model1), call.Get(_model2), particles, call);
        options = options with { StartLatents = ReadStart(call, particles, options.LatentDimension) };
        options = On(device, options, new DeviceWork(particles.OpticsGroups[0], options.Resolution, half1.Count, resume ? folder.Folder : null), call);
        string[] warnings = call.Get(_start) is { } given
            ? [$"{given}: both halves start from what these coordinates say; if they were learnt from all particles together, the halves have that in common"]
            : [];
        call.Warn(warnings);
        using var line = new HeterogeneityLine(call.Console, options);
        var where = new JobOptions
        {
            Cluster = _cluster.Read(call) is { } plan ? plan with { Seen = line.Share } : null,
            Folder = folder.Folder,
            Resume = resume,
            Overwrite = call.Overwrite,
            Program = call.Files.Program,
            Call = RecordedCall.Of(call),
            Inputs = call.Files.Inputs,
            MoreFiles = [.. charts.All.Select(f => Path.GetFileName(f)!), RunReport.FileName],
        };
        var job = new HeterogeneityJob(particles, half1, half2, options, call.Compute, where, new ConsoleLogger(call, LogLevel.Warning, line.Clear))
        {
            FocusFile = call.Get(_focus),
            Build = ClusterInput.Program,
            Found = (_, found) => charts.Write(found, call),
        };
        var clock = Stopwatch.StartNew();
        var result = job.Run(line, call.CancellationToken);
        line.Dispose();
        ReportWriting.AtEnd(call, folder.Folder);
        ImageInput.Tell(call, result.Images);
        call.Warn(
            result.Training.Where(t => t.Stopped.StartsWith("diverged", StringComparison.Ordinal))
                .Select(t => Texts.Line($"training of half {t.Half} {t.Stopped}")));
        var report = new HeterogeneityReport(
            particles.Particles.Count,
            result.Training.Average(t => t.ParticlesPerSecond) is { } rate ? Math.Round(rate, 1) : null,
            Math.Round(result.HeldOutGain, 4),
            result.MotionFound,
            new(Summarise(result, result.Half1, 0), Summarise(result, result.Half2, 1)),
            Math.Round(clock.Elapsed.TotalSeconds, 1),
            [.. folder.All, .. options.Focus is null ? [] : new[] { folder.Focus }, .. call.Drawn([.. charts.All, ReportWriting.In(folder.Folder)])],
            [.. particles.Warnings, .. warnings],
            HeterogeneityJudge.Judge(result.Training, result.MotionFound));
        return VerbResult.Of(report, HeterogeneityReports.Default.HeterogeneityReport, Describe(report));
    }

    /// <summary>Works on the tasks of a run that another process controls.</summary>
    public override int WorkOn(TaskBoard board, TaskWorker worker, VerbCall call)
    {
        using var device = Devices.Open(_device.Read(call), call.Compute);
        var (options, folder) = (ReadOptions(call), call.Get(_out));
        using var particles = _input.Open(call, independentHalves: true);
        var (half1, half2) = HalfModels.Read(call.Get(_model1), call.Get(_model2), particles, call);
        options = options with { StartLatents = ReadStart(call, particles, options.LatentDimension) };
        options = On(device, options, new DeviceWork(particles.OpticsGroups[0], options.Resolution, half1.Count, folder), call);
        var job = new HeterogeneityJob(
            particles, half1, half2, options, call.Compute, new JobOptions { Folder = folder }, new ConsoleLogger(call, LogLevel.Warning));
        return job.WorkOn(board, worker, ClusterInput.Program, call.CancellationToken);
    }

    /// <summary>The options with the parts of a device, which projects as it did in the run that is gone on with.</summary>
    private static HeterogeneityOptions On(IDeviceParts device, HeterogeneityOptions options, DeviceWork work, VerbCall call)
    {
        device.Choose(work, call);
        return options with
        {
            MotionScorer = device.MotionScorer(),
            ModelBuilder = device.ModelBuilder(options.ModelBuilder),
            Reconstructor = device.Reconstructor(new FourierReconstructor()),
        };
    }

    private static HeterogeneityHalf Summarise(HeterogeneityResult result, Autoencoder half, int index)
    {
        var (training, table) = (result.Training[index], result.Latents);
        int[] members = [.. Enumerable.Range(0, table.Count).Where(i => table.Halves[i] == half.Half)];
        float[][] points = [.. members.Select(i => table.Points[i])];
        double Deviation(int k)
        {
            var mean = points.Average(p => (double)p[k]);
            return Math.Sqrt(points.Average(p => (p[k] - mean) * (p[k] - mean)));
        }

        var coordinates = Enumerable.Range(0, half.LatentDimension).ToArray();
        return new HeterogeneityHalf(
            half.Half,
            training.Particles,
            Math.Round(training.HeldOutGain, 4),
            Math.Round(training.HeldOutError, 4),
            Math.Round(training.LinearGain, 4),
            [.. coordinates.Select(k => Math.Round(MotionRange.Farthest(half.Decoder, points, k), 3))],
            [.. coordinates.Select(k => Math.Round(Deviation(k), 4))],
            [.. coordinates.Select(k => Math.Round(members.Average(i => (double)table.Sigmas[i][k]), 4))],
            training.BestEpoch,
            training.Stopped);
    }

    private static List<string> Describe(HeterogeneityReport report)
    {
        var lines = new List<string>();
        foreach (var half in report.Halves.Both)
        {
            lines.Add(
                Texts.Line($"half {half.Half}: {half.Particles} particles, held-out gain {half.HeldOutGain:F3} +- {half.HeldOutError:F3} (linear ")
                    + Texts.Line($"model {half.LinearGain:F3}), {half.Stopped}"));
            lines.AddRange(
                half.Motion.Select((m, k) =>
                    Texts.Line($"  coordinate {k + 1}: moves {m:F1} A at most over 95% of the particles; spread {half.LatentSd[k]:F2}, uncertainty ")
                        + Texts.Line($"{half.LatentSigma[k]:F2}")));
        }

        lines.Add(report.MotionFound
            ? "motion found: both halves' held-out particles fit better than the neutral model"
            : "no motion found: held-out particles do not fit better than the neutral model by more than three standard errors in both halves; the "
                + "latent points are noise");
        lines.AddRange(report.Verdict.Lines());
        lines.Add(
            Texts.Line($"{(report.ParticlesPerSecond is { } rate ? Texts.Line($"{rate:F0} particles/s of training, ") : string.Empty)}")
                + Texts.Line($"{ProgressLine.Text(TimeSpan.FromSeconds(report.WallSeconds))} in all"));
        lines.AddRange(WrittenFiles.Lines(report.Files));
        return lines;
    }

    private HeterogeneityOptions ReadOptions(VerbCall call)
    {
        var options = Defaults with
        {
            LatentDimension = call.Get(_latent),
            Resolution = call.Get(_resolution),
            CoarsestResolution = call.Get(_coarsest),
            Epochs = call.Get(_epochs),
            Decoder = Decoder(call),
            Anchors = call.Get(_anchors),
            Images = _input.Images.Read(call),
            Folds = call.Get(_folds),
            Rounds = call.Get(_rounds),
            ModelResolution = call.Get(_modelResolution),
        };
        options.Validate();
        return options with { Focus = call.Get(_focus) is { } mask ? MrcFile.ReadMask(mask) : null };
    }

    /// <summary>The coordinates to start from, a row for each particle; null for none.</summary>
    private double[][]? ReadStart(VerbCall call, StarParticles particles, int dimension)
    {
        if (call.Get(_start) is not { } file)
        {
            return null;
        }

        var columns = NumberTable.Read(file);
        var rows = columns[0].Length;
        if (rows != particles.Particles.Count)
        {
            throw new InvalidInputException($"has {rows} rows, {particles.Path} {particles.Particles.Count} particles", file);
        }

        if (columns.Length < dimension)
        {
            throw new InvalidInputException($"has {columns.Length} coordinates for each particle: give --latent {columns.Length} or less", file);
        }

        double[][] points = [.. Enumerable.Range(0, rows).Select(r => columns.Select(c => c[r]).ToArray())];
        if (Array.FindIndex(points, p => !Array.TrueForAll(p, double.IsFinite)) is var bad and >= 0)
        {
            throw new InvalidInputException("is not finite", file, bad + 1);
        }

        return points;
    }

    private IDecoderFactory Decoder(VerbCall call)
    {
        var amplitudes = call.Get(_amplitudes);
        var word = call.Get(_decoder);
        return (word, amplitudes) switch
        {
            ("anchors", _) => Decoders.Anchors(amplitudes),
            (_, true) => throw new InvalidInputException("amplitudes change with the anchor decoder only", _amplitudes.Name),
            ("mlp", _) => Decoders.Free(),
            _ => Decoders.Rigid(),
        };
    }
}
