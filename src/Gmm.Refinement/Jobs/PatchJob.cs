using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Microsoft.Extensions.Logging;
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
/// composite_masked.mrc (the same times the mask), composite_fsc.star and provenance.json. What belongs to an iteration is in iterations/: states, poses,
/// and half maps until the next are made.
/// <example>
/// <code>
/// using var particles = StarParticles.Open("run_data.star");
/// var job = new PatchJob(particles, new PatchOptions(), new ComputeOptions(), new JobOptions { Folder = "patches" });
/// PatchProvenance record = job.Run();
/// </code>
/// </example>
/// </remarks>
public sealed class PatchJob : Job<PatchState, PatchProvenance>
{
    /// <summary>Share of the smaller of two masks that the other covers, above which bodies overlap enough to say so.</summary>
    private const double NotableOverlap = 0.02;

    private readonly PatchOptions _options;
    private List<string> _imageWarnings = [];
    private PatchLoop _loop = null!;
    private PatchFiles _files = null!;
    private RunFolder _folder = null!;

    /// <summary>Makes a job.</summary>
    /// <param name="particles">The particles at their consensus poses.</param>
    /// <param name="options">Settings.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="job">The folder.</param>
    /// <param name="logger">
    /// Told, once its files are written, what each stage gave, a line each, and what a person should know of the folder; may be null.
    /// </param>
    public PatchJob(StarParticles particles, PatchOptions options, ComputeOptions compute, JobOptions job, ILogger? logger = null)
        : base(particles, compute, job, logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    private protected override string Kind => HasBodies ? "bodies" : "patches";

    private bool HasBodies => _options.Bodies is not null;

    private protected override void Prepare() => _loop = new PatchLoop(Particles, _options, Compute, Particles.Quantize)
    {
        Runner = Cluster is { } plan ? new ClusterPatches(Folder, RunFingerprint.Of([Settings().ToJsonString()]), plan, Logger) : null,
    };

    private protected override PreparedParticles Images => _loop.Images;

    private protected override IEnumerable<string> PlannedFiles()
    {
        var parts = Enumerable.Range(1, _options.Bodies?.Count ?? _options.Partition.Count).Select(n => Patch.NameOf(HasBodies, n));
        return PatchFiles.Names(parts, HasBodies, _options.Iterations + 1);
    }

    private protected override IReadOnlyList<string>? EarlierFiles(string folder) => JobFolders.EarlierPatches(folder, HasBodies);

    private protected override void Open(RunFolder folder) => (_folder, _files) = (folder, new PatchFiles(folder, Particles, HasBodies));

    private protected override PatchState? ReadLast()
    {
        if (_files.ReadLast() is not { } last)
        {
            return null;
        }

        var state = _files.Read(last, PixelSize, Compute);
        Say(Invariant($"resumed after iteration {state.Iteration}"));
        return state;
    }

    private protected override PatchState Start(IProgress<RefinementProgress>? progress, CancellationToken cancellationToken) =>
        _loop.Start(progress, cancellationToken);

    private protected override void WriteStart(PatchState state)
    {
        _files.Write(state);
        var images = state.Images!;
        _imageWarnings = [.. images.Warnings()];
        if (images.Summary() is { } summary)
        {
            Say(summary);
        }

        _imageWarnings.ForEach(w => Logger.LogWarning("{Warning}", w));
        Say(Invariant($"consensus: {Resolution(state.ConsensusFsc)} (FSC 0.143), {state.Patches.Count} {(HasBodies ? "bodies" : "patches")}"));
    }

    private protected override bool IsFinished(PatchState state) => _loop.IsFinished(state);

    /// <summary>Its poses, and then the maps of each patch, are written as they are found, so that no more than the work on one of them is ever lost.</summary>
    private protected override PatchState Iterate(PatchState state, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        PatchState poses;
        if (_folder.IsResumed && _files.ReadPoses(state) is { } found)
        {
            poses = found;
        }
        else
        {
            poses = _loop.RefinePoses(state, progress, cancellationToken);
            _files.WritePoses(poses);
            RemoveTasks(keepLogs: true);
        }

        var next = _loop.MakeMaps(
            poses, k => _folder.IsResumed ? _files.ReadMaps(poses, k, PixelSize) : null, (k, maps) => _files.WriteMaps(poses, k, maps), progress,
            cancellationToken);
        _files.Write(next);
        RemoveTasks(keepLogs: true);
        Tell(next);
        return next;
    }

    private protected override Action<string, string, CancellationToken> OpenTasks(TaskBoard board)
    {
        var given = PatchPassFile.Read(board.In(ClusterPatches.Input), Particles.Particles.Count);
        if (given.Models.Count == 0)
        {
            return (task, path, cancellationToken) =>
            {
                var (half, patch) = PartTasks.PartOf(task);
                PartFile.Write(path, board.Record.Key, task, [], _loop.Sum(given.Poses![patch], half, cancellationToken));
            };
        }

        Patch[] patches = [.. given.Patches.Select(p => new Patch(
            p.Name, MrcFile.ReadMask(Path.Combine(Folder, PatchFiles.Of(p.Name, HasBodies, "mask.mrc")), PixelSize),
            p.Centre[0], p.Centre[1], p.Centre[2]))];
        int[][] halves = IndependentHalves.Split(Images);
        var passes = new PatchHalfPass?[2];
        PatchEstimate?[][] estimates = [.. patches.Select(_ => new PatchEstimate?[Particles.Particles.Count])];
        return (task, path, cancellationToken) =>
        {
            var (half, part) = PartTasks.PartOf(task);
            var pass = passes[half] ??= _loop.Begin(
                half, given.Models[half], patches, given.Limit, given.Poses, given.Motions[half], cancellationToken);
            var particles = ClusterPatches.Parts(halves, half)[part];
            pass.Run(particles, estimates, cancellationToken);
            PatchPartFile.Write(path, board.Record.Key, task, particles, estimates, pass);
        };
    }

    private protected override PatchProvenance Finish(
        PatchState state, JsonObject settings, Func<double> seconds, IProgress<RefinementProgress>? progress,
        CancellationToken cancellationToken)
    {
        progress?.Report(new RefinementProgress(state.Iteration, _options.Iterations, RefinementStage.ComparingHalves, 0, 1));
        _files.WriteFinal(state);
        return Record(state, settings, _loop.JudgeParts(state, cancellationToken), seconds());
    }

    private protected override void WriteRecord(PatchProvenance record) => _files.WriteRecord(record);

    private void Say(string line) => Logger.LogInformation("{Line}", line);

    private void Tell(PatchState state)
    {
        Say(
            Invariant($"iteration {state.Iteration}: composite {Resolution(state.Fsc)}, consensus {Resolution(state.ConsensusFsc)} (FSC 0.143); ")
                + Invariant($"models {state.Times.Fit:F0} s, poses {state.Times.Poses:F0} s, maps {state.Times.Maps:F0} s"));
        for (var k = 0; k < state.Patches.Count; k++)
        {
            var e = state.Statistics[k];
            Say(
                Invariant($"  {state.Patches[k].Name}: moved by {e.Rotation:F2} deg, {e.Shift:F2} A (uncertainty {e.RotationSigma:F2} deg, ")
                    + Invariant($"{e.ShiftSigma:F2} A); learnt motion {state.Motions[0][k].RotationDegrees:F2} and ")
                    + Invariant($"{state.Motions[1][k].RotationDegrees:F2} deg, {state.Motions[0][k].ShiftAngstrom:F2} and ")
                    + Invariant($"{state.Motions[1][k].ShiftAngstrom:F2} A rms in the halves"));
        }
    }

    private static string Resolution(CorrectedFsc fsc) =>
        fsc.Resolution is not { } resolution ? "no resolution" : fsc.IsNyquist ? Invariant($"Nyquist, {resolution:F2} A") : Invariant($"{resolution:F2} A");

    private PatchProvenance Record(PatchState state, JsonObject settings, (Verdict Verdict, IReadOnlyList<MeanEstimate> Parts) judged, double seconds)
    {
        List<string> warnings = [.. Particles.Warnings, .. _imageWarnings, .. Overlaps(state.Patches)];
        var sharpened = CompositeMap.Sharpen(state.Composite.Half1, state.Composite.Half2, state.Solvent, state.Fsc, Compute);
        warnings.AddRange(sharpened.Warnings);
        PatchRecord[] patches = [.. state.Patches.Select((_, k) => Record(state, k, judged.Parts.Count > 0 ? judged.Parts[k] : null))];
        warnings.AddRange(
            patches.SelectMany((p, k) =>
                RunWarnings.OfPoses(p.Name, state.Estimates[k].Length, state.Estimates[k].Count(e => e.Status != PoseStatus.Refined), p.MedianRotationSigma)));
        MrcFile.WriteMap(_folder.In(PatchFiles.Composite), sharpened.Map, overwrite: true);
        MrcFile.WriteMap(_folder.In(PatchFiles.CompositeMasked), sharpened.Masked, overwrite: true);
        FscTable.Write(_folder.In(PatchFiles.CompositeFsc), state.Fsc);
        return new PatchProvenance
        {
            Program = Program,
            Call = Call,
            Version = RunHost.Version,
            Runtime = RunHost.Runtime,
            ParticlesFile = Particles.Path,
            Particles = Particles.Particles.Count,
            Settings = settings,
            Verdict = judged.Verdict,
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
            CompositeBFactor = sharpened.BFactor,
            Patches = patches,
            RotationBetween = [.. state.Estimates.Select(a =>
                state.Estimates.Select(b => Math.Sqrt(a.Zip(b, (x, y) => Math.Pow(x.Pose.Rotation.AngleTo(y.Pose.Rotation), 2)).Average()) * (180 / Math.PI))
                    .ToArray())],
            Warnings = warnings,
            ImageWarnings = _imageWarnings,
            WallSeconds = seconds,
            PeakRssMegabyte = RunHost.PeakRssMegabyte(),
        };
    }

    private PatchRecord Record(PatchState state, int k, MeanEstimate? gain)
    {
        var (patch, statistics) = (state.Patches[k], state.Statistics[k]);
        var fsc = FourierShellCorrelation.PhaseRandomised(state.Maps[k].Half1, state.Maps[k].Half2, patch.Mask, Compute);
        var consensus = FourierShellCorrelation.PhaseRandomised(state.Consensus.Half1, state.Consensus.Half2, patch.Mask, Compute);
        FscTable.Write(_folder.In(_files.Of(patch, "fsc.star")), fsc);
        return new PatchRecord
        {
            Name = patch.Name,
            Mask = _files.Of(patch, "mask.mrc"),
            Particles = _files.Of(patch, "data.star"),
            Half1 = _files.Of(patch, "half1_unfil.mrc"),
            Half2 = _files.Of(patch, "half2_unfil.mrc"),
            Fsc = _files.Of(patch, "fsc.star"),
            Centre = [patch.X, patch.Y, patch.Z],
            Resolution = fsc.Resolution,
            ConsensusResolution = consensus.Resolution,
            MedianRotation = statistics.Rotation,
            MedianShift = statistics.Shift,
            MedianRotationSigma = statistics.RotationSigma,
            MedianShiftSigma = statistics.ShiftSigma,
            HeldOutGain = gain is { Count: > 1 } g ? g.Mean : null,
            HeldOutError = gain is { Count: > 1 } e ? e.Error : null,
            LearntRotation = new(state.Motions[0][k].RotationDegrees, state.Motions[1][k].RotationDegrees),
            LearntShift = new(state.Motions[0][k].ShiftAngstrom, state.Motions[1][k].ShiftAngstrom),
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
                    warnings.Add(
                        Invariant($"the masks of {patches[b].Name} and {patches[a].Name} overlap by {100 * share:F0} % of the smaller; there a ")
                            + "Gaussian and a voxel belong to each in proportion to its mask");
                }
            }
        }

        return warnings;
    }

    private protected override JsonObject Settings() => RunSettings.Of(
        _options, SettingsJson.Default.PatchOptions, Particles, Compute.Seed,
        ("bodies", _options.Bodies is { } bodies ? new JsonArray([.. bodies.Select(b => JsonValue.Create(RunFingerprint.Of(b)))]) : null),
        ("mask", _options.Mask is { } mask ? RunFingerprint.Of(mask) : null),
        ("symmetry", _options.Partition.Symmetry.Name));
}
