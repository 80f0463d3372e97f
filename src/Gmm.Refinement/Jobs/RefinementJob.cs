using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gmm.Core;
using Gmm.IO;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gmm.Refinement;

/// <summary>
/// A refinement with files: runs a <see cref="RefinementLoop"/>, writes every iteration, and goes on after an interruption to the same bits
/// as if it had not been stopped.
/// </summary>
/// <remarks>
/// In the folder: run_it###_data.star (the input with poses, gmmPoseScore, gmmPoseRotationSigma in degrees, gmmPoseShiftSigma in angstrom and
/// gmmPoseStatus: 0 refined, 1 unusable image, 2 failed; -1 where there is no value), run_it###_half1_unfil.mrc and _half2_, run_it###_model_half1.star
/// and _half2, run_it###_fsc.star, run_it###_state.json; at the end run_data.star, run_half1_unfil.mrc, run_half2_unfil.mrc, run_model_half1.star,
/// run_model_half2.star, fsc.star, fsc.xml and run.json. Iteration 0 is the maps at the starting poses. A focused
/// run has its mask too, run_focus_mask.mrc, and with a consensus of its own the half maps of that, run_rest_half1_unfil.mrc and
/// run_rest_half2_unfil.mrc, so that a composite can be made from the folder alone.
/// </remarks>
public sealed class RefinementJob
{
    private readonly StarParticles _particles;
    private readonly RefinementOptions _options;
    private readonly ComputeOptions _compute;
    private readonly RefinementJobOptions _job;
    private readonly ILogger _logger;

    /// <summary>Makes a job.</summary>
    /// <param name="particles">The particles.</param>
    /// <param name="options">Settings of the refinement.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="job">The folder.</param>
    /// <param name="logger">Told of each iteration; may be null.</param>
    public RefinementJob(
        StarParticles particles, RefinementOptions options, ComputeOptions compute, RefinementJobOptions job, ILogger<RefinementJob>? logger = null)
    {
        (_particles, _options, _compute, _job) = (particles, options, compute, job);
        _logger = logger ?? (ILogger)NullLogger.Instance;
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="iterationDone">Told of each iteration once its files are written.</param>
    /// <param name="cancellationToken">Stops it; what is written stays good to go on from.</param>
    /// <returns>The record, which run.json holds too.</returns>
    /// <exception cref="InvalidInputException">
    /// Bad input; an output folder that holds a run and is neither to be resumed nor overwritten, or cannot be written; a run to resume that had other settings.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public RunRecord Run(
        IProgress<RefinementProgress>? progress = null, IProgress<IterationRecord>? iterationDone = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        var loop = new RefinementLoop(_particles, _options, _compute, _particles.Quantize);
        var planned = RefinementFiles.Names(_options.Iterations + 1, _options.Focus is not null);
        using var folder = JobFolders.Open(_job, "refine", _particles, planned, JobFolders.EarlierRefinement);
        var (settings, inputs) = (Settings(), RunSettings.Inputs(_particles));
        var files = new RefinementFiles(folder, _particles, _options.Focus?.Mask);
        if (folder.IsResumed)
        {
            folder.Start(settings, inputs);
            folder.Tell(_job);
        }

        var records = folder.IsResumed ? files.ReadRecords().ConvertAll(f => f.Record) : [];
        RefinementState state;
        RefinementState? start = null;
        if (records.Count > 0)
        {
            state = files.Read(records[^1], loop, _options.Mask, _particles.OpticsGroups[0].PixelSize);
            LogResumed(state.Iteration);
        }
        else
        {
            state = loop.Start(progress, cancellationToken);
            if (!folder.IsResumed)
            {
                // Only now has every image been seen: bad input leaves an earlier run as it was, and no new folder.
                folder.Start(settings, inputs);
                folder.Tell(_job);
            }

            Finish(files, loop, state, records, iterationDone);
            start = state;
        }

        while (!loop.IsFinished(state))
        {
            state = loop.Next(state, progress, cancellationToken);
            Finish(files, loop, state, records, iterationDone);
        }

        files.WriteFinal(state, _job.WriteCtfScale ? loop.ImageFactor : null);
        folder.Claim(_job.MoreFiles);
        _job.AtEnd?.Invoke(folder);
        start ??= files.Read(records[0], loop, _options.Mask, _particles.OpticsGroups[0].PixelSize);
        var verdict = loop.Judge(start, state, cancellationToken);
        var record = Record(state, settings, records, verdict, clock.Elapsed.TotalSeconds);
        files.WriteRecord(record);
        folder.Finish();
        return record;
    }

    private void Finish(RefinementFiles files, RefinementLoop loop, RefinementState state, List<IterationRecord> records, IProgress<IterationRecord>? iterationDone)
    {
        files.Write(state, _job.WriteCtfScale ? loop.ImageFactor : null);
        var record = IterationRecord.Of(state);
        records.Add(record);
        LogIteration(record);
        iterationDone?.Report(record);
    }

    /// <summary>All that decides the result, and nothing that does not (threads, chunks, number of iterations).</summary>
    private SortedDictionary<string, string> Settings()
    {
        var settings = RunSettings.Of(
            _options, SettingsJson.Default.RefinementOptions, _particles, _compute.Seed,
            ("mask", _options.Mask is { } mask ? RunFingerprint.Of(mask) : "made of the half maps"),
            ("model", _options.SeedModel is { } model ? RunFingerprint.Of(model) : null),
            ("symmetry", _options.Symmetry.Name),
            ("relax_symmetry", _options.RelaxSymmetry.Name),
            ("focus", _options.Focus is { } focus ? RunFingerprint.Of(focus.Mask) : null));
        if (_options.Focus is { } region)
        {
            settings["focus_options"] = JsonSerializer.Serialize(region.Options, SettingsJson.Default.FocusOptions);
            settings["motion_prior"] = region.MotionPrior ? "true" : "false";
            settings["consensus"] = region.Consensus is { } poses ? RunFingerprint.Of(poses) : "the poses to refine";
        }

        return settings;
    }

    private RunRecord Record(RefinementState state, SortedDictionary<string, string> settings, IReadOnlyList<IterationRecord> records, Verdict verdict, double seconds)
    {
        using var process = Process.GetCurrentProcess();
        return new RunRecord
        {
            Program = _job.Program,
            Version = typeof(RefinementJob).Assembly.GetName().Version?.ToString(3) ?? "0",
            Runtime = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
            ParticlesFile = _particles.Path,
            ConsensusFile = _options.Focus?.ConsensusName,
            Particles = _particles.Particles.Count,
            Settings = settings,
            Threads = _compute.Threads,
            Iterations = records,
            Resolution = state.Resolution,
            ResolutionIsNyquist = state.ResolutionIsNyquist,
            NotRefined = state.Particles.Count(p => p.Status != PoseStatus.Refined),
            Warnings = Warnings(state, records),
            Verdict = verdict,
            StopReason = state.Iteration < _options.Iterations && state.Resolution is null ? "no resolution: the half maps have no signal in common"
                : state.Iteration >= _options.Iterations ? "all iterations done" : "resolution and poses stationary",
            WallSeconds = seconds,
            PeakRssMegabyte = process.PeakWorkingSet64 / 1e6,
        };
    }

    private string[] Warnings(RefinementState state, IReadOnlyList<IterationRecord> records) =>
    [
        .. _particles.Warnings,
        .. records.SelectMany(r => r.Warnings()),
        .. records[^1].Doubts,
        .. _options.Gaussians is null && _options.Focus is null ? RunWarnings.OfModels(state) : [],
        .. RunWarnings.OfPoses(
            null, state.Particles.Count, state.Particles.Count(p => p.Status != PoseStatus.Refined), state.Statistics?.MedianRotationSigmaDegrees ?? double.NaN),
    ];

    private void LogResumed(int iteration) => _logger.LogInformation("Resumed after iteration {Iteration} in {Folder}.", iteration, _job.Folder);

    private void LogIteration(IterationRecord record)
    {
        if (record.Resolution is { } resolution)
        {
            _logger.LogInformation("Iteration {Iteration}: {Resolution:F2} A.", record.Iteration, resolution);
        }
        else
        {
            _logger.LogWarning("Iteration {Iteration}: no resolution.", record.Iteration);
        }
    }
}
