using System.Text.Json;
using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>
/// A refinement with files: runs a <see cref="RefinementLoop"/>, writes every iteration, and goes on after an interruption to the same bits
/// as if it had not been stopped.
/// </summary>
/// <remarks>
/// In the folder's iterations/: run_it###_data.star (the input with poses, gmmPoseScore, gmmPoseRotationSigma in degrees, gmmPoseShiftSigma in angstrom and
/// gmmPoseStatus: 0 refined, 1 unusable image, 2 failed; -1 where there is no value), run_it###_half1_unfil.mrc and _half2_, run_it###_model_half1.star
/// and _half2, run_it###_fsc.star, run_it###_state.json; iteration 0 is the maps at the starting poses. In the folder itself, at the end: run_data.star,
/// run_half1_unfil.mrc, run_half2_unfil.mrc, run.mrc (their mean, sharpened and filtered as <see cref="PostProcessor"/> does), run_masked.mrc (the same
/// times the mask), run_model_half1.star, run_model_half2.star, fsc.star, fsc.xml and run.json. A focused run has its mask too,
/// run_focus_mask.mrc, and with a consensus of its own the half maps of that, run_rest_half1_unfil.mrc and run_rest_half2_unfil.mrc, so that a composite
/// can be made from the folder alone.
/// </remarks>
public sealed class RefinementJob : Job<RefinementState, RunRecord>
{
    private readonly RefinementOptions _options;
    private readonly List<IterationRecord> _records = [];
    private RefinementLoop _loop = null!;
    private RefinementFiles _files = null!;
    private CorrectedFsc? _start;

    /// <summary>Makes a job.</summary>
    /// <param name="particles">The particles.</param>
    /// <param name="options">Settings of the refinement.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="job">The folder.</param>
    /// <param name="logger">Told of each iteration, and what a person should know of the folder; may be null.</param>
    public RefinementJob(StarParticles particles, RefinementOptions options, ComputeOptions compute, JobOptions job, ILogger? logger = null)
        : base(particles, compute, job, logger) => _options = options;

    /// <summary>Told of each iteration once its files are written; null for nobody.</summary>
    public IProgress<IterationRecord>? IterationDone { get; init; }

    /// <summary>On which voxels maps are made; null for what the images and options say.</summary>
    internal WorkingGrids? Grids { get; init; }

    private protected override string Kind => "refine";

    private protected override void Prepare()
    {
        if (_options.Optics is { } optics)
        {
            OpticsImages.Require(Particles, optics, Particles.Path);
        }

        _loop = new RefinementLoop(Particles, _options, Compute, Particles.Quantize)
        {
            Grids = Grids ?? new WorkingGrids(Particles.OpticsGroups[0], _options),
            Runner = Cluster is { } plan ? new ClusterParts(Folder, RunFingerprint.Of([Settings().ToJsonString()]), plan, Logger) : new PartsHere(),
            QuantizeWithOptics = o => Particles.WithOptics(o.Groups, o.GroupOf, o.Ctf).Quantize,
        };
        (_start, _files) = (null, null!);
        _records.Clear();
    }

    private protected override PreparedParticles Images => _loop.Images;

    private protected override IEnumerable<string> PlannedFiles() => RefinementFiles.Names(_options.Iterations + 1, _options.Focus is not null);

    private protected override IReadOnlyList<string>? EarlierFiles(string folder) => JobFolders.EarlierRefinement(folder);

    private protected override void Open(RunFolder folder) => _files = new RefinementFiles(folder, Particles, _options.Focus?.Mask);

    private protected override RefinementState? ReadLast()
    {
        _records.AddRange(_files.ReadRecords().ConvertAll(f => f.Record));
        if (_records.Count == 0)
        {
            return null;
        }

        var state = Read(_records[^1]);
        Logger.LogInformation("Resumed after iteration {Iteration}.", state.Iteration);
        return state;
    }

    private protected override RefinementState Start(IProgress<RefinementProgress>? progress, CancellationToken cancellationToken) =>
        _loop.Start(progress, cancellationToken);

    private protected override void WriteStart(RefinementState state)
    {
        Write(state);
        _start = state.Fsc;
    }

    private protected override bool IsFinished(RefinementState state) => _loop.IsFinished(state);

    private protected override RefinementState Iterate(RefinementState state, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        state = _loop.Next(state, progress, cancellationToken);
        Write(state);
        RemoveTasks(keepLogs: true);
        return state;
    }

    private protected override Action<string, string, CancellationToken> OpenTasks(TaskBoard board)
    {
        var given = PassFile.Read(board.In(ClusterParts.Input), Particles.Particles.Count, Particles.OpticsGroups.Count);
        var pass = _loop.PassOf(given);
        return (task, path, cancellationToken) =>
        {
            var (half, part) = PartTasks.PartOf(task);
            var (estimates, sums) = pass.RunPart(half, part, given.Grid, cancellationToken);
            PartFile.Write(path, board.Record.Key, task, estimates, sums);
        };
    }

    private protected override RunRecord Finish(
        RefinementState state, JsonObject settings, Func<double> seconds, IProgress<RefinementProgress>? progress,
        CancellationToken cancellationToken)
    {
        var mask = _options.Focus?.Mask ?? state.Mask;
        _files.ClaimFinal(state);
        var bFactor = Sharpen(state, mask, progress, cancellationToken);
        var verdict = _loop.Judge(_start ?? Read(_records[0]).Fsc, state, cancellationToken);
        return Record(state, bFactor, settings, verdict, seconds());
    }

    /// <summary>Writes the final files.</summary>
    /// <returns>The B factor of the sharpened map.</returns>
    private double? Sharpen(RefinementState state, SolventMask mask, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        var sharpened = PostProcessor.Sharpen(WriteHalves(state, progress, cancellationToken), mask, state.Fsc, new PostProcessOptions(), Compute);
        _files.WriteFinal(state, sharpened.Map, mask, WritesCtfScale ? _loop.ImageFactor : null);
        if (!_loop.HasFullMaps(state))
        {
            MapMemory.GiveBack();
        }

        return sharpened.BFactor;
    }

    /// <summary>Writes the final half maps; those of large boxes are written as they are made, so that there is one of them at a time.</summary>
    /// <returns>Their mean.</returns>
    private DensityMap WriteHalves(RefinementState state, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        if (_loop.HasFullMaps(state))
        {
            _files.WriteHalf(state.Maps.Half1);
            _files.WriteHalf(state.Maps.Half2);
            return PostProcessor.Mean(state.Maps.Half1, state.Maps.Half2);
        }

        HalfMap last = null!;
        _loop.EachFullMap(
            state,
            half =>
            {
                _files.WriteHalf(half);
                last = half.Half == 2 ? half : null!;
            },
            progress,
            cancellationToken);
        MapMemory.GiveBack();
        return PostProcessor.Mean(_files.ReadHalf(1, PixelSize), last, last.Voxels);
    }

    private protected override void WriteRecord(RunRecord record) => _files.WriteRecord(record);

    private RefinementState Read(IterationRecord record) => _files.Read(record, _loop, _options.Mask, PixelSize);

    private void Write(RefinementState state)
    {
        _files.Write(state, WritesCtfScale ? _loop.ImageFactor : null);
        var record = IterationRecord.Of(state);
        _records.Add(record);
        LogIteration(record);
        IterationDone?.Report(record);
    }

    private protected override JsonObject Settings() =>
        RunSettings.Of(
            _options, SettingsJson.Default.RefinementOptions, Particles, Compute.Seed,
            ("mask", _options.Mask is { } mask ? RunFingerprint.Of(mask) : null),
            ("model", _options.SeedModel is { } model ? RunFingerprint.Of(model) : null),
            ("symmetry", _options.Symmetry.Name),
            ("relax_symmetry", _options.RelaxSymmetry.Name),
            ("reference", _options.Reference is { } reference ? Settings(reference) : null),
            ("tilt_series", _options.TiltSeries is { } series ? Settings(series) : null),
            ("focus", _options.Focus is { } focus ? Settings(focus) : null));

    private static JsonObject Settings(GivenReference reference) => new()
    {
        ["map"] = RunFingerprint.Of(reference.Map),
        ["resolution_A"] = reference.Resolution,
        ["iterations"] = reference.Iterations,
    };

    private static JsonObject Settings(TiltSeries series) => new()
    {
        ["count"] = series.Count,
        ["rotation_sigma_deg"] = series.Prior.RotationSigmaDegrees,
        ["position_sigma_A"] = series.Prior.PositionSigmaAngstrom,
        ["shift_sigma_A"] = series.Prior.ShiftSigmaAngstrom,
        ["images"] = RunFingerprint.Of([.. Enumerable.Range(0, series.ImageCount).Select(series.SeriesOf)]),
    };

    private static JsonObject Settings(FocusRegionOptions focus)
    {
        var settings = JsonSerializer.SerializeToNode(focus.Options, SettingsJson.Default.FocusOptions)!.AsObject();
        settings["mask"] = RunFingerprint.Of(focus.Mask);
        settings["motion_prior"] = focus.MotionPrior;
        settings["consensus"] = focus.Consensus is { } poses ? RunFingerprint.Of(poses) : null;
        return settings;
    }

    private RunRecord Record(RefinementState state, double? bFactor, JsonObject settings, Verdict verdict, double seconds)
    {
        return new RunRecord
        {
            Program = Program,
            Call = Call,
            Version = RunHost.Version,
            Runtime = RunHost.Runtime,
            ParticlesFile = Particles.Path,
            ConsensusFile = _options.Focus?.ConsensusName,
            Particles = Particles.Particles.Count,
            Settings = settings,
            Threads = Compute.Threads,
            Iterations = _records,
            Resolution = state.Resolution,
            ResolutionIsNyquist = state.ResolutionIsNyquist,
            NotRefined = state.Particles.Count(p => p.Status != PoseStatus.Refined),
            UnmaskedResolution = state.Resolution is null ? null : state.Fsc.Unmasked.Resolution(),
            BFactor = bFactor,
            Warnings = Warnings(state),
            Verdict = verdict,
            StopReason = state.Iteration < _options.Iterations && state.Resolution is null ? "no resolution: the half maps have no signal in common"
                : state.Iteration >= _options.Iterations ? "all iterations done"
                : _options.KeepPoses ? "resolution and optics stationary" : "resolution and poses stationary",
            WallSeconds = seconds,
            PeakRssMegabyte = RunHost.PeakRssMegabyte(),
        };
    }

    private string[] Warnings(RefinementState state) =>
    [
        .. Particles.Warnings,
        .. _records.SelectMany(r => r.Warnings()),
        .. _options.Optics is { } optics ? OpticsImages.Warnings(Particles, optics) : [],
        .. _records[^1].Optics?.Warnings() ?? [],
        .. _records[^1].Ewald?.Warnings() ?? [],
        .. _records[^1].Doubts,
        .. BoxCheck.Warning(state.Maps, Particles, state.Resolution) is { } box ? [box] : Array.Empty<string>(),
        .. _options.Gaussians is null && _options.Focus is null ? RunWarnings.OfModels(state) : [],
        .. RunWarnings.OfPoses(
            null, state.Particles.Count, state.Particles.Count(p => p.Status != PoseStatus.Refined),
            state.Statistics?.MedianRotationSigmaDegrees ?? double.NaN),
    ];

    private void LogIteration(IterationRecord record)
    {
        if (record.Resolution is { } resolution)
        {
            Logger.LogInformation("Iteration {Iteration}: {Resolution:F2} A.", record.Iteration, resolution);
        }
        else
        {
            Logger.LogWarning("Iteration {Iteration}: no resolution.", record.Iteration);
        }
    }
}
