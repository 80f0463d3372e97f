using System.CommandLine;
using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm refine: better poses and half maps from particles.</summary>
internal sealed class RefineVerb : VerbCommand
{
    private readonly ParticleInput _input = new();
    private readonly Option<string> _out = Declare.Out(
        "DIR", "Folder for the results: run_data.star (and run_data.cs with its group for cryoSPARC's particles), run_half1_unfil.mrc, "
            + "run_half2_unfil.mrc, run_model_half1.star, run_model_half2.star, fsc.star, fsc.xml, run.json, and iterations/run_it###_* of every iteration.");
    private readonly Option<string?> _mask = Declare.Mask("Soft solvent mask, 0 to 1, of the maps' box; made from the first half maps by default.");
    private readonly FocusInput _focus = new();
    private readonly Option<string?> _consensus = Declare.Text(
        "--consensus", "POSES.star", "With --focus: the poses of the whole molecule, of the same particles in the same order, where the file to refine has the "
            + "region's own poses already (as gmm to-pose writes them). The motion is measured against these, and the rest stays where they show it; "
            + "by default the poses to refine from.");
    private readonly Option<string?> _model = Declare.Text(
        "--model", "FILE", "Starts from this Gaussian model (.star) or atomic model (.pdb, .cif) instead of the half maps' density.");
    private readonly Option<bool> _centre = AtomicInput.MakeCentreOption();
    private readonly Option<int?> _gaussians = GaussianCount.MakeOption();
    private readonly Option<int> _iterations = Declare.Count(
        "--iterations", "N", "Most iterations; it stops before when poses and resolution do not change any more.", 5);
    private readonly Option<double?> _start = Declare.Number(
        "--start-resolution", "A", "Resolution of the first iteration, angstrom; by default what the half maps at the given poses show.");
    private readonly Option<double?> _max = Declare.Number(
        "--max-resolution", "A", "Finest resolution ever compared, angstrom; by default only the half maps' FSC limits it.");
    private readonly Option<string> _optimizer = Declare.Choice(
        "--optimizer", "lm: Levenberg-Marquardt, with the poses' uncertainties. adam: the published mode, 10 steps of 1e-3.", "lm", "adam");
    private readonly Option<string> _score = Declare.Choice(
        "--score", "whitened: correlation weighted by noise, CTF and SSNR. frc: the published mean Fourier ring correlation. With adam the default is frc.",
        "whitened", "frc");
    private readonly Option<string> _scale = Declare.Choice(
        "--scale", "auto: the scale of the signal in each image (its contrast) is estimated from its own half's model, used where it varies, and "
            + "written (gmmScale). none: the scales in the file stay.", "auto", "none");
    private readonly Option<bool> _writeScale = Declare.Flag(
        "--write-ctf-scale", "Writes the scales to rlnCtfScalefactor too, for programs that read it: of the images as they are in their stacks.");
    private readonly ReferenceInput _reference = ReferenceInput.OfPoses();
    private readonly TiltInput _tilts = new();
    private readonly Option<bool> _refineOptics = Declare.Flag(
        "--refine-optics", "Estimates the optics too: each particle's defocus and astigmatism, and beam tilt, trefoil, even aberrations and magnification of "
            + "each optics group, each half from its own particles and model.");
    private readonly Option<string> _ewald = Declare.Choice(
        "--ewald", "Curvature of the Ewald sphere in images and maps: positive (an atom at height z has the defocus less z), negative, or auto: where it "
            + "matters, the sign that the images of both halves ask for, and off until they do.",
        EwaldReport.Off, EwaldRun.Auto, EwaldReport.Positive, EwaldReport.Negative);
    private readonly Option<string> _weights = Declare.Choice(
        "--weights", "none: images count in the maps as they are. signal: every image's rings count by the strength and fall-off of the signal that is found "
            + "in it, by how well its pose is known, and by whether it shows the structure at all, as in gmm reconstruct.", "none", "signal");
    private readonly SymmetryInput _symmetry = new();
    private readonly DeviceInput _device = new("models are fitted, poses refined and half maps summed", "poses and half maps", projects: true);
    private readonly Option<int?> _chunk = Declare.Count(
        "--chunk", "N", "Particles that a device is given at once. Results do not depend on it.");
    private readonly Option<int?> _parts = Declare.Parts();
    private readonly ClusterInput _cluster = new();
    private readonly Option<bool> _resume = Declare.Resume();

    public RefineVerb()
        : base(
            "refine",
            "Refines poses and makes better half maps (the main job).",
            "Refines the poses of particles against Gaussian mixture models: half maps, a model of each half, poses of each half against its own "
                + "model, better half maps, and again. The halves never meet, save for the resolution limit and the solvent mask.",
            "gmm refine run_data.star --out refined --mask mask.mrc",
            "gmm refine particles.star --out refined --root /data/project --model 6vxx.pdb --iterations 3",
            "gmm refine run_data.star --out refined --resume --json",
            "gmm refine --options refined/run.json --out again --iterations 2",
            "gmm refine run_data.star --out curved --ewald auto",
            "gmm refine run_data.star --out shared --cluster local --workers 2 --parts 2",
            "gmm refine refined/run_data.star --out domain --focus domain_mask.mrc")
    {
        Arguments.Add(_input.Star);
        AddOptions([
            _out, _mask, _model, _centre, _gaussians, _iterations, _start, _max, _optimizer, _score, .. _device.Options, _scale, _writeScale, _refineOptics,
            _ewald, _weights, _chunk, _parts, .. _cluster.Options, _resume, RecordedCall.Option("run.json"),
            .. _symmetry.Options, .. _reference.Options, .. _tilts.Options, .. _focus.Options, _consensus, .. _input.Options,
        ]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var request = ReadRequest(call);
        CheckCommon(request, call);
        var report = RefinementRunner.RunRefinement(request, call);
        return VerbResult.Of(report, RefinementReports.Default.RefineReport, Describe(report, request));
    }

    /// <summary>Checks what every run of a refinement needs.</summary>
    internal static void CheckCommon(RefineRequest request, VerbCall call)
    {
        InputFiles.Check(request.Particles, request.Mask, request.Model, request.Reference, request.Focus, request.Consensus);
        if (request.Resume && call.Overwrite)
        {
            throw new InvalidInputException("--resume and --overwrite contradict each other", "command line");
        }

        Require(
            request.Options.Iterations is > 0 and <= RefinementOptions.MostIterations, "--iterations",
            Texts.Line($"must be from 1 to {RefinementOptions.MostIterations}"));
        Require(request.Options.MaxResolution is null or > 0, "--max-resolution", "must be positive");
    }

    /// <summary>The summary for people.</summary>
    /// <param name="report">What happened.</param>
    /// <param name="request">What was asked for; null for a refinement of single images.</param>
    internal static IReadOnlyList<string> Describe(RefineReport report, RefineRequest? request = null)
    {
        var (keptPoses, images) = (request?.Options.KeepPoses == true, request?.TiltColumn is null ? "particles" : "tilt images");
        var width = Texts.Width("FSC 0.143", report.Iterations.Select(i => Texts.Resolution(i.Resolution0143, i.ResolutionIsNyquist)));
        var lines = new List<string>
        {
            $"iteration   {"FSC 0.143".PadRight(width)}   {(keptPoses ? string.Empty : "rotation change   shift change   ")}{images}/s",
        };
        lines.AddRange(report.Iterations.Select(i =>
            Texts.Line($"{i.Iteration,9}   {Texts.Resolution(i.Resolution0143, i.ResolutionIsNyquist).PadLeft(width)}   ")
                + (keptPoses ? string.Empty : Texts.Line($"{i.RotationChange,11:F2} deg   {i.ShiftChange,10:F2} A   "))
                + Texts.Line($"{i.ParticlesPerSecond,11:F0}")));
        lines.Add(Texts.Line($"{report.Particles} {images}, {report.NotRefined} ")
            + $"{(keptPoses ? "could not be compared" : "kept their pose (could not be refined)")}{Unlike(report)}; stopped: {report.StopReason}");
        lines.Add(
            Texts.Line($"{(report.NoResolution ? string.Empty : "resolution ")}{Texts.Resolution(report.Resolution0143, report.ResolutionIsNyquist)} ")
                + (report.NoResolution ? string.Empty : $"(FSC 0.143, masked, corrected; unmasked {Texts.Resolution(report.UnmaskedResolution)}) ")
                + Texts.Line($"in {ProgressLine.Text(TimeSpan.FromSeconds(report.WallSeconds))}, {report.PeakRssMegabyte:F0} MB at most"));
        lines.AddRange(report.Focus is null ? [] : FocusRun.Describe(report.Focus));
        lines.AddRange(report.Optics is null ? [] : OpticsText.Describe(report.Optics));
        lines.AddRange(report.Verdict?.Lines() ?? []);
        lines.AddRange(WrittenFiles.Lines(report.Files));
        return lines;
    }

    private static string Unlike(RefineReport report) => report.Optics is { Unlike: > 0 and var count }
        ? Texts.Line($", {count} {(count == 1 ? "does" : "do")} not look like the reference") : string.Empty;

    public override int WorkOn(TaskBoard board, TaskWorker worker, VerbCall call) => RefinementRunner.WorkOn(ReadRequest(call), board, worker, call);

    private RefineRequest ReadRequest(VerbCall call)
    {
        // The published mode is Adam on the mean FRC; asking for one without naming the other means both.
        var optimizer = call.Get(_optimizer);
        var score = call.Parsed.GetResult(_score) is { Implicit: false } ? call.Get(_score) : optimizer == "adam" ? "frc" : "whitened";
        var options = new RefinementOptions
        {
            Iterations = call.Get(_iterations),
            Gaussians = call.Get(_gaussians),
            StartResolution = call.Get(_start),
            MaxResolution = call.Get(_max),
            Optimizer = optimizer == "adam" ? new AdamPoseOptimizer() : new LevenbergMarquardtPoseOptimizer(),
            Scorer = score == "frc" ? Scorers.RingCorrelation : Scorers.Whitened,
            Images = _input.Images.Read(call),
            EstimateScale = call.Get(_scale) == "auto",
            Optics = call.Get(_refineOptics) ? new OpticsOptions() : null,
            Ewald = EwaldReport.ModeOf(call.Get(_ewald)),
            WeighBySignal = call.Get(_weights) == "signal",
            Parts = call.Get(_parts),
            Symmetry = _symmetry.Imposed(call),
            RelaxSymmetry = _symmetry.Relaxed(call),
        };
        var request = new RefineRequest
        {
            Particles = call.Get(_input.Star),
            Reading = _input.ReadOptions(call),
            Options = call.Get(_chunk) is { } chunk ? options with { ChunkSize = chunk } : options,
            WriteCtfScale = call.Get(_writeScale),
            Folder = call.Get(_out),
            Mask = call.Get(_mask),
            Model = call.Get(_model),
            CentreModel = call.Get(_centre),
            Device = _device.Read(call),
            Resume = call.Get(_resume),
            Cluster = _cluster.Read(call),
            Reference = _reference.Map(call),
            ReferenceResolution = _reference.Resolution(call),
            ReferenceIterations = _reference.Iterations(call),
            TiltColumn = _tilts.Column(call),
            TiltPrior = _tilts.Prior(call),
            Focus = _focus.Mask(call),
            Consensus = call.Get(_consensus),
            FocusOptions = _focus.Read(call),
            MotionPrior = _focus.MotionPrior(call),
            ExpandSymmetry = _symmetry.Expanded(call),
        };
        SymmetryInput.Check(request);
        Require(
            options.Optics is null || request.Focus is null, _refineOptics.Name, "not with --focus: optics are estimated against the whole molecule");
        Require(options.Optics is null || request.TiltColumn is null, _refineOptics.Name, "not with --tilt-series");
        Require(
            !request.Device.IsCard || (optimizer == "lm" && score == "whitened"),
            _device.Device.Name, $"{request.Device.Name} is for --optimizer lm and --score whitened");
        Require(!options.WeighBySignal || request.Device.IsCpu, _weights.Name, "signal is for --device cpu");
        if (options.Ewald != EwaldMode.Off)
        {
            Require(score == "whitened", _ewald.Name, "not with --score frc (which --optimizer adam takes by default): add --score whitened");
            Require(request.Device.IsCpu, _ewald.Name, "not on another device: it is for --device cpu");
            Require(request.TiltColumn is null, _ewald.Name, "not with --tilt-series");
            Require(
                options.Optics is null, _ewald.Name,
                "not with --refine-optics, which takes the sphere for flat: find the optics first, then refine their run_data.star with --ewald");
        }

        Require(
            request.Cluster is null || (request.Focus is null && options.Optics is null), "--cluster",
            "cannot share the work of --focus and --refine-optics yet");
        Require(request.Consensus is null || request.Focus is not null, _consensus.Name, "only with --focus");
        Require(
            request.TiltColumn is null
                || (optimizer == "lm" && score == "whitened" && request.Focus is null && options.RelaxSymmetry.Order == 1
                    && request.ExpandSymmetry.Order == 1 && request.Device.IsCpu),
            "--tilt-series", "is for --optimizer lm, --score whitened and --device cpu, without --focus, --relax-symmetry and --expand-symmetry");
        Require(request.Reference is null || request.Focus is null, "--reference", "not with --focus");
        Require(
            request.Reference is null || request.Model is null, "--reference", "not with --model: both would be what the first iteration refines against");
        Require(!request.CentreModel || request.Model is not null, _centre.Name, "is for an atomic model, so --model is needed too");
        Require(options.StartResolution is null or > 0, "--start-resolution", "must be positive");
        Require(call.Get(_chunk) is null or > 0, "--chunk", "must be at least 1");
        Require(
            call.Get(_parts) is null or (> 0 and <= RefinementOptions.MostParts), "--parts", Texts.Line($"must be from 1 to {RefinementOptions.MostParts}"));
        return request;
    }

    private static void Require(bool condition, string option, string problem)
    {
        if (!condition)
        {
            throw new InvalidInputException(problem, option);
        }
    }
}
