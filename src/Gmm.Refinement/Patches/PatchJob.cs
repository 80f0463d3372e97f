using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Gmm.Core;
using Gmm.IO;

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
    private readonly PatchFiles _files;

    /// <summary>Makes a job.</summary>
    /// <param name="particles">The particles at their consensus poses.</param>
    /// <param name="options">Settings.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="job">The folder.</param>
    public PatchJob(StarParticles particles, PatchOptions options, ComputeOptions compute, RefinementJobOptions job)
    {
        options.Validate();
        (_particles, _options, _compute, _job) = (particles, options, compute, job);
        _files = new PatchFiles(job.Folder, particles, options.Bodies is not null);
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
        var settings = Settings();
        var loop = new PatchLoop(_particles, _options, _compute, _particles.Quantize);
        PatchState state;
        if (Prepare(settings) is { } last)
        {
            state = _files.Read(last, _particles.OpticsGroups[0].PixelSize, _compute);
            say?.Invoke(Text($"resumed after iteration {state.Iteration}"));
        }
        else
        {
            state = loop.Start(progress, cancellationToken);
            // Only now has every image been seen: bad input leaves an earlier run as it was, and no new folder.
            JobFolder.Create(_job.Folder);
            if (!_job.Resume)
            {
                _files.RemoveAll();
            }

            _files.Write(state, settings);
            say?.Invoke(Text($"consensus: {state.ConsensusFsc.Corrected.Resolution():F2} A (FSC 0.143), {state.Patches.Count} {(_options.Bodies is null ? "patches" : "bodies")}"));
        }

        while (state.Iteration < _options.Iterations)
        {
            state = Iterate(loop, state, settings, progress, say, cancellationToken);
        }

        progress?.Report(new PatchProgress(state.Iteration, _options.Iterations, RefinementStage.ComparingHalves, null, 0, 1));
        _files.WriteFinal(state);
        var record = Finish(state, settings, clock);
        _files.WriteRecord(record);
        return record;
    }

    /// <summary>One iteration; its poses, and then the maps of each patch, are written as they are found, so that no more than the work on one of them is ever lost.</summary>
    private PatchState Iterate(PatchLoop loop, PatchState state, string settings, IProgress<PatchProgress>? progress, Action<string>? say, CancellationToken cancellationToken)
    {
        PatchState poses;
        if (_job.Resume && _files.ReadPoses(state, settings) is { } found)
        {
            poses = found;
        }
        else
        {
            poses = loop.RefinePoses(state, progress, cancellationToken);
            _files.WritePoses(poses, settings);
        }

        var pixelSize = _particles.OpticsGroups[0].PixelSize;
        var next = loop.MakeMaps(
            poses, k => _job.Resume ? _files.ReadMaps(poses, k, pixelSize) : null, (k, maps) => _files.WriteMaps(poses, k, maps), progress, cancellationToken);
        _files.Write(next, settings);
        Tell(next, say);
        return next;
    }

    private static void Tell(PatchState state, Action<string>? say)
    {
        if (say is null)
        {
            return;
        }

        say(Text($"iteration {state.Iteration}: composite {state.Fsc.Corrected.Resolution():F2} A, consensus {state.ConsensusFsc.Corrected.Resolution():F2} A (FSC 0.143); models {state.Times.Fit:F0} s, poses {state.Times.Poses:F0} s, maps {state.Times.Maps:F0} s"));
        for (var k = 0; k < state.Patches.Count; k++)
        {
            var e = state.Estimates[k];
            say(Text($"  {state.Patches[k].Name}: moved by {Median(e, x => x.RotationDegrees):F2} deg, {Median(e, x => x.ShiftAngstrom):F2} A (uncertainty {Median(e, x => x.RotationSigmaDegrees):F2} deg, {Median(e, x => x.ShiftSigmaAngstrom):F2} A); learnt motion {state.Motions[0].RotationDegrees(k):F2} and {state.Motions[1].RotationDegrees(k):F2} deg, {state.Motions[0].ShiftAngstrom(k):F2} and {state.Motions[1].ShiftAngstrom(k):F2} A rms in the halves"));
        }
    }

    /// <summary>The last iteration of a run to go on with, or null for a new one.</summary>
    private PatchStateFile? Prepare(string settings)
    {
        if (_job.Resume)
        {
            if (_files.ReadLast() is { } last)
            {
                return last.Settings == settings ? last
                    : throw new InvalidInputException($"the run to resume had other settings: {last.Settings}; now {settings}", _job.Folder);
            }
        }
        else if (_files.HasAny && !_job.Overwrite)
        {
            var state = File.Exists(_files.In(PatchFiles.Provenance)) ? "a finished run" : "a run that is half done";
            throw new InvalidInputException($"the folder holds {state}; resume it, allow overwriting, or choose another folder", _job.Folder);
        }

        JobFolder.CheckWritable(_job.Folder, "run_state.json");
        return null;
    }

    private PatchProvenance Finish(PatchState state, string settings, Stopwatch clock)
    {
        List<string> warnings = [.. _particles.Warnings, .. Overlaps(state.Patches)];
        var (map, bFactor, doubts) = CompositeMap.Sharpen(state.Composite.Half1, state.Composite.Half2, state.Solvent, _compute);
        warnings.AddRange(doubts);
        PatchRecord[] patches = [.. state.Patches.Select((_, k) => Record(state, k))];
        warnings.AddRange(patches.SelectMany((p, k) => RunWarnings.OfPoses(p.Name, state.Estimates[k].Length, state.Estimates[k].Count(e => e.Status != PoseStatus.Refined), p.MedianRotationSigma)));
        MrcFile.WriteMap(_files.In(PatchFiles.Composite), map, overwrite: true);
        PatchFiles.WriteFsc(_files.In(PatchFiles.CompositeFsc), state.Fsc);
        using var process = Process.GetCurrentProcess();
        return new PatchProvenance
        {
            Program = _job.Program,
            Version = typeof(PatchJob).Assembly.GetName().Version?.ToString(3) ?? "0",
            Runtime = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
            ParticlesFile = _particles.Path,
            Particles = _particles.Particles.Count,
            Settings = settings,
            Box = state.Solvent.Size,
            PixelSize = state.Solvent.PixelSize,
            Mask = PatchFiles.Mask,
            ConsensusHalf1 = PatchFiles.Consensus(1),
            ConsensusHalf2 = PatchFiles.Consensus(2),
            ConsensusResolution = state.ConsensusFsc.Corrected.Resolution(),
            CompositeHalf1 = PatchFiles.CompositeHalf(1),
            CompositeHalf2 = PatchFiles.CompositeHalf(2),
            Composite = PatchFiles.Composite,
            CompositeFsc = PatchFiles.CompositeFsc,
            CompositeResolution = state.Fsc.Corrected.Resolution(),
            CompositeBFactor = bFactor,
            Patches = patches,
            RotationBetween = [.. state.Estimates.Select(a => state.Estimates.Select(b => Math.Sqrt(a.Zip(b, (x, y) => Math.Pow(x.Pose.Rotation.AngleTo(y.Pose.Rotation), 2)).Average()) * (180 / Math.PI)).ToArray())],
            Warnings = warnings,
            WallSeconds = clock.Elapsed.TotalSeconds,
            PeakRssMegabyte = process.PeakWorkingSet64 / 1e6,
        };
    }

    private PatchRecord Record(PatchState state, int k)
    {
        var (patch, estimates) = (state.Patches[k], state.Estimates[k]);
        var fsc = FourierShellCorrelation.PhaseRandomised(state.Maps[k].Half1, state.Maps[k].Half2, patch.Mask, _compute);
        var consensus = FourierShellCorrelation.PhaseRandomised(state.Consensus.Half1, state.Consensus.Half2, patch.Mask, _compute);
        PatchFiles.WriteFsc(_files.In(_files.Of(patch, "fsc.star")), fsc);
        return new PatchRecord
        {
            Name = patch.Name,
            Mask = _files.Of(patch, "mask.mrc"),
            Particles = _files.Of(patch, "data.star"),
            Half1 = _files.Of(patch, "half1_unfil.mrc"),
            Half2 = _files.Of(patch, "half2_unfil.mrc"),
            Fsc = _files.Of(patch, "fsc.star"),
            Centre = [patch.X, patch.Y, patch.Z],
            Resolution = fsc.Corrected.Resolution(),
            ConsensusResolution = consensus.Corrected.Resolution(),
            MedianRotation = Median(estimates, e => e.RotationDegrees),
            MedianShift = Median(estimates, e => e.ShiftAngstrom),
            MedianRotationSigma = Median(estimates, e => e.RotationSigmaDegrees),
            MedianShiftSigma = Median(estimates, e => e.ShiftSigmaAngstrom),
            LearntRotation = [state.Motions[0].RotationDegrees(k), state.Motions[1].RotationDegrees(k)],
            LearntShift = [state.Motions[0].ShiftAngstrom(k), state.Motions[1].ShiftAngstrom(k)],
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
                    warnings.Add(Text($"the masks of {patches[b].Name} and {patches[a].Name} overlap by {100 * share:F0} % of the smaller; there a Gaussian and a voxel belong to each in proportion to its mask"));
                }
            }
        }

        return warnings;
    }

    private static double Median(PatchEstimate[] estimates, Func<PatchEstimate, double> value)
    {
        var values = estimates.Select(value).Where(double.IsFinite).Order().ToArray();
        return values.Length == 0 ? -1 : values[values.Length / 2];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>All that decides the result but the number of iterations.</summary>
    private string Settings()
    {
        var p = _options.Partition;
        var cut = _options.Bodies is { } bodies ? $"bodies={string.Join(',', bodies.Select(RunFingerprint.Of))}"
            : Text($"count={p.Count} symmetry={p.Symmetry} tight={p.Tight} edge={p.SoftEdge} least={p.LeastGaussians}");
        return Text($"{cut} joint={_options.Joint} reference={_options.Reference} mask={(_options.Mask is null ? "auto" : RunFingerprint.Of(_options.Mask))} gaussians={_options.Gaussians?.ToString(CultureInfo.InvariantCulture) ?? "auto"} max_resolution={_options.MaxResolution} prior={_options.PriorDegrees},{_options.PriorAngstrom},{_options.PriorParticles} noise_particles={_options.NoiseParticles} seed={_compute.Seed} particles={_particles.Particles.Count}:{RunFingerprint.Of(_particles)}");
    }
}
