using System.Diagnostics;
using System.Runtime.InteropServices;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using static System.FormattableString;

namespace Gmm.Refinement;

/// <summary>
/// A refinement of patches, or of bodies with given masks, with files: every patch's poses from one reading of each image, half maps of each, and the
/// composite. Goes on after an interruption to the same bits.
/// </summary>
/// <remarks>
/// In the folder: run_mask.mrc, consensus_half1_unfil.mrc and _half2_ (at the poses given); for each patch patch##/mask.mrc, run_data.star (the input with the
/// patch's poses, gmmPose* columns as a refinement writes them, gmmPatchStep*: the motion from the consensus, radians about the image's axes and angstrom, and
/// gmmPatchCovariance*: its posterior covariance), run_half1_unfil.mrc, run_half2_unfil.mrc and run_fsc.star; for bodies body##_data.star and so on in the
/// folder itself; composite_half1_unfil.mrc, composite_half2_unfil.mrc, composite.mrc (sharpened and filtered as <see cref="PostProcessor"/> does),
/// composite_fsc.star and provenance.json.
/// <example>
/// <code>
/// using var particles = StarParticles.Open("run_data.star");
/// var job = new PatchJob(particles, new PatchOptions(), new ComputeOptions(), new RefinementJobOptions { Folder = "patches" });
/// PatchProvenance record = job.Run();
/// </code>
/// </example>
/// </remarks>
public sealed class PatchJob
{
    /// <summary>Share of the smaller of two masks that the other covers, above which bodies overlap enough to say so.</summary>
    private const double NotableOverlap = 0.02;

    private readonly StarParticles _particles;
    private readonly PatchOptions _options;
    private readonly ComputeOptions _compute;
    private readonly RefinementJobOptions _job;
    private List<string> _imageWarnings = [];

    /// <summary>Makes a job.</summary>
    /// <param name="particles">The particles at their consensus poses.</param>
    /// <param name="options">Settings.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="job">The folder.</param>
    public PatchJob(StarParticles particles, PatchOptions options, ComputeOptions compute, RefinementJobOptions job)
    {
        options.Validate();
        (_particles, _options, _compute, _job) = (particles, options, compute, job);
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="say">Told, once its files are written, what each stage gave; a line each.</param>
    /// <param name="cancellationToken">Stops it; what is written stays good to go on from.</param>
    /// <returns>The record, which provenance.json holds too.</returns>
    /// <exception cref="InvalidInputException">
    /// Bad input; an output folder that holds a run and is neither to be resumed nor overwritten, or cannot be written; a run to resume that had other settings.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public PatchProvenance Run(IProgress<PatchProgress>? progress = null, Action<string>? say = null, CancellationToken cancellationToken = default)
    {
        var clock = Stopwatch.StartNew();
        var loop = new PatchLoop(_particles, _options, _compute, _particles.Quantize);
        var bodies = _options.Bodies is not null;
        var parts = Enumerable.Range(1, _options.Bodies?.Count ?? _options.Partition.Count).Select(n => Patch.NameOf(bodies, n));
        using var folder = JobFolders.Open(
            _job, bodies ? "bodies" : "patches", _particles, PatchFiles.Names(parts, bodies, _options.Iterations + 1), f => JobFolders.EarlierPatches(f, bodies));
        var (settings, inputs) = (Settings(), RunSettings.Inputs(_particles));
        var files = new PatchFiles(folder, _particles, bodies);
        if (folder.IsResumed)
        {
            folder.Start(settings, inputs);
            folder.Tell(_job);
        }

        PatchState state;
        if (folder.IsResumed && files.ReadLast() is { } last)
        {
            state = files.Read(last, _particles.OpticsGroups[0].PixelSize, _compute);
            say?.Invoke(Invariant($"resumed after iteration {state.Iteration}"));
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

            files.Write(state);
            Tell(state.Images!, say);
            say?.Invoke(Invariant($"consensus: {Resolution(state.ConsensusFsc)} (FSC 0.143), {state.Patches.Count} {(bodies ? "bodies" : "patches")}"));
        }

        while (!loop.IsFinished(state))
        {
            state = Iterate(loop, files, state, folder.IsResumed, progress, say, cancellationToken);
        }

        progress?.Report(new PatchProgress(state.Iteration, _options.Iterations, RefinementStage.ComparingHalves, null, 0, 1));
        files.WriteFinal(state);
        var record = Finish(folder, files, state, settings, loop.Judge(state, cancellationToken), clock);
        folder.Claim(_job.MoreFiles);
        _job.AtEnd?.Invoke(folder);
        files.WriteRecord(record);
        folder.Finish();
        return record;
    }

    /// <summary>One iteration; its poses, and then the maps of each patch, are written as they are found, so that no more than the work on one of them is ever lost.</summary>
    private PatchState Iterate(
        PatchLoop loop, PatchFiles files, PatchState state, bool isResumed, IProgress<PatchProgress>? progress, Action<string>? say, CancellationToken cancellationToken)
    {
        PatchState poses;
        if (isResumed && files.ReadPoses(state) is { } found)
        {
            poses = found;
        }
        else
        {
            poses = loop.RefinePoses(state, progress, cancellationToken);
            files.WritePoses(poses);
        }

        var pixelSize = _particles.OpticsGroups[0].PixelSize;
        var next = loop.MakeMaps(
            poses, k => isResumed ? files.ReadMaps(poses, k, pixelSize) : null, (k, maps) => files.WriteMaps(poses, k, maps), progress, cancellationToken);
        files.Write(next);
        Tell(next, say);
        return next;
    }

    private void Tell(ImageReport images, Action<string>? say)
    {
        _imageWarnings = [.. images.Warnings()];
        if (images.Summary() is { } summary)
        {
            say?.Invoke(summary);
        }

        foreach (var warning in _imageWarnings)
        {
            say?.Invoke("warning: " + warning);
        }
    }

    private static void Tell(PatchState state, Action<string>? say)
    {
        if (say is null)
        {
            return;
        }

        say(Invariant($"iteration {state.Iteration}: composite {Resolution(state.Fsc)}, consensus {Resolution(state.ConsensusFsc)} (FSC 0.143); models {state.Times.Fit:F0} s, poses {state.Times.Poses:F0} s, maps {state.Times.Maps:F0} s"));
        for (var k = 0; k < state.Patches.Count; k++)
        {
            var e = state.Statistics[k];
            say(Invariant($"  {state.Patches[k].Name}: moved by {e.Rotation:F2} deg, {e.Shift:F2} A (uncertainty {e.RotationSigma:F2} deg, {e.ShiftSigma:F2} A); learnt motion {state.Motions[0][k].RotationDegrees:F2} and {state.Motions[1][k].RotationDegrees:F2} deg, {state.Motions[0][k].ShiftAngstrom:F2} and {state.Motions[1][k].ShiftAngstrom:F2} A rms in the halves"));
        }
    }

    private static string Resolution(CorrectedFsc fsc) => fsc.Resolution is not { } resolution ? "no resolution" : fsc.IsNyquist ? Invariant($"Nyquist ({resolution:F2} A)") : Invariant($"{resolution:F2} A");

    private PatchProvenance Finish(RunFolder folder, PatchFiles files, PatchState state, SortedDictionary<string, string> settings, Verdict verdict, Stopwatch clock)
    {
        List<string> warnings = [.. _particles.Warnings, .. _imageWarnings, .. Overlaps(state.Patches)];
        var (map, bFactor, doubts) = CompositeMap.Sharpen(state.Composite.Half1, state.Composite.Half2, state.Solvent, _compute);
        warnings.AddRange(doubts);
        PatchRecord[] patches = [.. state.Patches.Select((_, k) => Record(folder, files, state, k))];
        warnings.AddRange(patches.SelectMany((p, k) => RunWarnings.OfPoses(p.Name, state.Estimates[k].Length, state.Estimates[k].Count(e => e.Status != PoseStatus.Refined), p.MedianRotationSigma)));
        MrcFile.WriteMap(folder.In(PatchFiles.Composite), map, overwrite: true);
        PatchFiles.WriteFsc(folder.In(PatchFiles.CompositeFsc), state.Fsc);
        using var process = Process.GetCurrentProcess();
        return new PatchProvenance
        {
            Program = _job.Program,
            Version = typeof(PatchJob).Assembly.GetName().Version?.ToString(3) ?? "0",
            Runtime = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
            ParticlesFile = _particles.Path,
            Particles = _particles.Particles.Count,
            Settings = settings,
            Verdict = verdict,
            Box = state.Solvent.Size,
            PixelSize = state.Solvent.PixelSize,
            Mask = PatchFiles.Mask,
            ConsensusHalf1 = PatchFiles.Consensus(1),
            ConsensusHalf2 = PatchFiles.Consensus(2),
            ConsensusResolution = state.ConsensusFsc.Resolution,
            CompositeHalf1 = PatchFiles.CompositeHalf(1),
            CompositeHalf2 = PatchFiles.CompositeHalf(2),
            Composite = PatchFiles.Composite,
            CompositeFsc = PatchFiles.CompositeFsc,
            CompositeResolution = state.Fsc.Resolution,
            CompositeBFactor = bFactor,
            Patches = patches,
            RotationBetween = [.. state.Estimates.Select(a => state.Estimates.Select(b => Math.Sqrt(a.Zip(b, (x, y) => Math.Pow(x.Pose.Rotation.AngleTo(y.Pose.Rotation), 2)).Average()) * (180 / Math.PI)).ToArray())],
            Warnings = warnings,
            ImageWarnings = _imageWarnings,
            WallSeconds = clock.Elapsed.TotalSeconds,
            PeakRssMegabyte = process.PeakWorkingSet64 / 1e6,
        };
    }

    private PatchRecord Record(RunFolder folder, PatchFiles files, PatchState state, int k)
    {
        var (patch, statistics) = (state.Patches[k], state.Statistics[k]);
        var fsc = FourierShellCorrelation.PhaseRandomised(state.Maps[k].Half1, state.Maps[k].Half2, patch.Mask, _compute);
        var consensus = FourierShellCorrelation.PhaseRandomised(state.Consensus.Half1, state.Consensus.Half2, patch.Mask, _compute);
        PatchFiles.WriteFsc(folder.In(files.Of(patch, "fsc.star")), fsc);
        return new PatchRecord
        {
            Name = patch.Name,
            Mask = files.Of(patch, "mask.mrc"),
            Particles = files.Of(patch, "data.star"),
            Half1 = files.Of(patch, "half1_unfil.mrc"),
            Half2 = files.Of(patch, "half2_unfil.mrc"),
            Fsc = files.Of(patch, "fsc.star"),
            Centre = [patch.X, patch.Y, patch.Z],
            Resolution = fsc.Resolution,
            ConsensusResolution = consensus.Resolution,
            MedianRotation = statistics.Rotation,
            MedianShift = statistics.Shift,
            MedianRotationSigma = statistics.RotationSigma,
            MedianShiftSigma = statistics.ShiftSigma,
            LearntRotation = [state.Motions[0][k].RotationDegrees, state.Motions[1][k].RotationDegrees],
            LearntShift = [state.Motions[0][k].ShiftAngstrom, state.Motions[1][k].ShiftAngstrom],
        };
    }

    /// <summary>Patches overlap by design; bodies should not, so that is said.</summary>
    private List<string> Overlaps(IReadOnlyList<Patch> patches)
    {
        var warnings = new List<string>();
        for (var a = 0; _options.Bodies is not null && a < patches.Count; a++)
        {
            for (var b = 0; b < a; b++)
            {
                var (x, y) = (patches[a].Mask.Voxels, patches[b].Mask.Voxels);
                double both = 0, sumX = 0, sumY = 0;
                for (var i = 0; i < x.Length; i++)
                {
                    both += Math.Min(x[i], y[i]);
                    sumX += x[i];
                    sumY += y[i];
                }

                var share = both / Math.Min(sumX, sumY);
                if (share > NotableOverlap)
                {
                    warnings.Add(Invariant($"the masks of {patches[b].Name} and {patches[a].Name} overlap by {100 * share:F0} % of the smaller; there a Gaussian and a voxel belong to each in proportion to its mask"));
                }
            }
        }

        return warnings;
    }

    /// <summary>All that decides the result but the number of iterations.</summary>
    private SortedDictionary<string, string> Settings() => RunSettings.Of(
        _options, SettingsJson.Default.PatchOptions, _particles, _compute.Seed,
        ("bodies", _options.Bodies is { } bodies ? string.Join(',', bodies.Select(RunFingerprint.Of)) : null),
        ("mask", _options.Mask is { } mask ? RunFingerprint.Of(mask) : "made of the half maps"),
        ("partition.symmetry", _options.Partition.Symmetry.Name));
}
