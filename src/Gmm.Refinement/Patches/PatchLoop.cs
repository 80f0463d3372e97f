using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// The refinement of patches, one iteration at a time: the model of each half's composite, the patches' poses of that half against its parts,
/// half maps of each patch, and a new composite. <see cref="PatchJob"/> is the same with files.
/// </summary>
/// <remarks>
/// Nothing that decides a pose of one half has seen the other, but for the masks and one number, the resolution limit. Particles are read from their
/// source again in every pass. The result does not depend on the number of threads.
/// <example>
/// <code>
/// var loop = new PatchLoop(particles, new PatchOptions(), new ComputeOptions());
/// var state = loop.Start();
/// while (!loop.IsFinished(state))
/// {
///     state = loop.Next(state, progress, cancellationToken);
/// }
/// </code>
/// </example>
/// </remarks>
public sealed class PatchLoop
{
    /// <summary>Particles refined between two reports of progress.</summary>
    private const int Chunk = 500;

    /// <summary>The shell to which models are fitted where the consensus shows no resolution and none is asked for; the verdict says so.</summary>
    private const int CoarsestShell = 4;

    /// <summary>Particles of each half that the verdict is from.</summary>
    private const int JudgedParticles = 150;

    private readonly PreparedParticles _source;
    private readonly PatchOptions _options;
    private readonly ComputeOptions _compute;
    private readonly Func<int, Pose, Pose> _quantize;
    private readonly Pose[] _consensus;
    private readonly int[][] _halves;

    /// <summary>Makes a refinement of patches of a set of particles.</summary>
    /// <param name="source">The particles at their consensus poses; both halves must have some.</param>
    /// <param name="options">Settings.</param>
    /// <param name="compute">Threads and seed.</param>
    /// <param name="quantize">
    /// Rounds a particle's pose to what its file will hold, so that the run goes on from what was written; null keeps poses as they are.
    /// </param>
    /// <exception cref="InvalidInputException">No particles in a half, or an image in both.</exception>
    /// <exception cref="ArgumentException">Settings out of range.</exception>
    public PatchLoop(IParticleSource source, PatchOptions options, ComputeOptions compute, Func<int, Pose, Pose>? quantize = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        options.Validate();
        compute.Validate();
        _source = source as PreparedParticles ?? new PreparedParticles(source, options.Images, compute);
        (_options, _compute) = (options, compute);
        _quantize = quantize ?? ((_, pose) => pose);
        _consensus = [.. source.Particles.Select(p => p.Pose)];
        _halves = IndependentHalves.Split(source);
    }

    /// <summary>The images as they are read.</summary>
    internal PreparedParticles Images => _source;

    /// <summary>Who else works on it; null for this process alone.</summary>
    internal IPatchRunner? Runner { get; init; }

    /// <summary>The consensus maps, their comparison and the patches.</summary>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Iteration 0.</returns>
    /// <exception cref="InvalidInputException">Bad images or masks, or more patches than the Gaussians can fill.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public PatchState Start(IProgress<RefinementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Measure(progress, cancellationToken);
        var consensus = Reconstruct(_consensus, 0, null, progress, cancellationToken);
        var contrast = ContrastCheck.Measure(_source, consensus.Mean(), null, _compute, cancellationToken);
        contrast.Require(_source.Options);
        // Without signal there is no mask, and nothing to refine patches of: the error says which.
        var solvent = _options.Mask ?? SolventMasks.FromHalfMaps(consensus.Half1, consensus.Half2, compute: _compute);
        var fsc = FourierShellCorrelation.PhaseRandomised(consensus.Half1, consensus.Half2, solvent, _compute);
        var limit = Clamp(fsc.Resolution ?? _options.MaxResolution ?? (consensus.Half1.BoxLength / CoarsestShell));
        IReadOnlyList<Patch> patches;
        GaussianModel[]? models = null;
        if (_options.Bodies is { } bodies)
        {
            foreach (var body in bodies)
            {
                MapChecks.SameGrid(consensus.Half1, body, "The maps and the mask of a body");
            }

            patches = [.. bodies.Select((m, k) => Patch.OfMask(Patch.NameOf(body: true, k + 1), m))];
            foreach (var patch in patches)
            {
                CheckOnMolecule(patch, solvent);
            }
        }
        else
        {
            models = Fit(consensus, solvent, limit, 0, progress, cancellationToken);
            patches = PatchPartition.Make(models[0], models[1], solvent, _options.Partition, _compute);
        }

        RigidMotionPrior[] motions = [.. patches.Select(p => RigidMotionPrior.Start(p.Centre, _options.PriorDegrees, _options.PriorAngstrom))];
        return new PatchState
        {
            Iteration = 0,
            Consensus = consensus,
            Solvent = solvent,
            Patches = patches,
            ConsensusFsc = fsc,
            Fsc = fsc,
            Composite = consensus,
            Motions = [motions, motions],
            Limit = limit,
            Models = models,
            Images = _source.Report with { Contrast = contrast },
        };
    }

    /// <summary>Whether all iterations are done.</summary>
    /// <param name="state">Where the refinement stands.</param>
    /// <returns>True if there is nothing more to do.</returns>
    public bool IsFinished(PatchState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Iteration >= _options.Iterations;
    }

    /// <summary>Does one iteration.</summary>
    /// <param name="state">Where the refinement stands.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it; the state given is still good to go on from.</param>
    /// <returns>The next state.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public PatchState Next(PatchState state, IProgress<RefinementProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(state);
        return MakeMaps(RefinePoses(state, progress, cancellationToken), null, null, progress, cancellationToken);
    }

    /// <summary>The first part of an iteration, the poses; the state given is still good to go on from if it is stopped.</summary>
    /// <returns>The next state, whose maps are still to be made.</returns>
    internal PatchState RefinePoses(PatchState state, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        Measure(progress, cancellationToken);
        var clock = Stopwatch.StartNew();
        var iteration = state.Iteration + 1;
        var models = state.Models ?? Fit(state.Composite, state.Solvent, state.Limit, iteration, progress, cancellationToken);
        var fitSeconds = clock.Elapsed.TotalSeconds;
        var estimates = state.Patches.Select(_ => new PatchEstimate?[_consensus.Length]).ToArray();
        var motions = RefineHalves(models, state, estimates, progress, cancellationToken);
        return state with
        {
            Iteration = iteration,
            Statistics = [.. estimates.Select(e => PatchStatistics.Of(e!))],
            Estimates = [.. estimates.Select(
                e => e.Select((x, i) => x!.AsWritten() with { Pose = x.Status == PoseStatus.Refined ? _quantize(i, x.Pose) : _consensus[i] }).ToArray())],
            Motions = motions,
            Maps = [],
            Models = null,
            Times = new PatchTimes(fitSeconds, clock.Elapsed.TotalSeconds - fitSeconds, 0),
        };
    }

    /// <summary>The second part of an iteration: the half maps of every patch, and the composite.</summary>
    /// <param name="state">What <see cref="RefinePoses"/> gave.</param>
    /// <param name="existing">The maps of a patch where an earlier call has made them, or null.</param>
    /// <param name="made">Told of the maps of each patch as they are made.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The state after the iteration.</returns>
    internal PatchState MakeMaps(
        PatchState state,
        Func<int, HalfMapPair?>? existing = null,
        Action<int, HalfMapPair>? made = null,
        IProgress<RefinementProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        Measure(progress, cancellationToken);
        var clock = Stopwatch.StartNew();
        var maps = new HalfMapPair[state.Patches.Count];
        for (var k = 0; k < maps.Length; k++)
        {
            if (existing?.Invoke(k) is { } found)
            {
                maps[k] = found;
                continue;
            }

            var poses = state.Estimates[k].Select(x => x.Pose).ToArray();
            maps[k] = Runner is null
                ? Reconstruct(poses, state.Iteration, state.Patches[k].Name, progress, cancellationToken)
                : Shared(state, k, poses, progress, cancellationToken);
            made?.Invoke(k, maps[k]);
        }

        Runner?.End();
        var composite = Compose(state.Consensus, maps, state.Patches);
        var fsc = FourierShellCorrelation.PhaseRandomised(composite.Half1, composite.Half2, state.Solvent, _compute);
        return state with
        {
            Maps = maps,
            Composite = composite,
            Fsc = fsc,
            Limit = fsc.Resolution is { } resolution ? Clamp(resolution) : state.Limit,
            Times = state.Times with { Maps = clock.Elapsed.TotalSeconds },
        };
    }

    /// <summary>
    /// Judges the finished run: particles with patches against the model of the other half's composite, fitted for this alone, and the composite's
    /// FSC against the consensus's in the solvent mask. Decides no pose.
    /// </summary>
    /// <param name="state">The state after the last iteration.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The verdict.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public Verdict Judge(PatchState state, CancellationToken cancellationToken = default) => JudgeParts(state, cancellationToken).Verdict;

    /// <summary>The same, with what each patch alone gains in held-out log-likelihood per particle; none where nothing can be judged.</summary>
    internal (Verdict Verdict, IReadOnlyList<MeanEstimate> Parts) JudgeParts(PatchState state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.ConsensusFsc.Resolution is null)
        {
            return (Verdict.NoSignal(state.ConsensusFsc), []);
        }

        Measure(null, cancellationToken);
        var models = Fit(state.Composite, state.Solvent, state.Limit, state.Iteration, null, cancellationToken);
        var gains = new List<(double Gain, double[] Parts)>();
        for (var h = 0; h < 2; h++)
        {
            var sample = EvenSample.Of(_halves[h], JudgedParticles);
            var references = new PatchReferenceFactory(_source, _options, state.Patches, state.Limit).Make(
                models[1 - h], sample, _consensus, _compute, cancellationToken);
            using var refiner = new PatchPoseRefiner(_source, references, state.Limit);
            gains.AddRange(refiner.HeldOutGains(sample, _consensus, state.Motions[h], _compute, cancellationToken));
        }

        var (gain, error, count) = MeanEstimate.Of(gains.Select(g => g.Gain));
        var finer = Math.Min(state.ConsensusFsc.Resolution ?? double.PositiveInfinity, state.Fsc.Resolution ?? double.PositiveInfinity);
        var verdict = new PoseFigures(gain, error, count, double.NaN, double.NaN, 1).Verdict(
            state.ConsensusFsc.Corrected.Mean(finer), state.Fsc.Corrected.Mean(finer), state.ConsensusFsc.Resolution, state.Fsc.Resolution);
        return (verdict, [.. state.Patches.Select((_, k) => MeanEstimate.Of(gains.Select(g => g.Parts[k])))]);
    }

    /// <summary>The composite of each half, halves apart.</summary>
    internal static HalfMapPair Compose(HalfMapPair consensus, IReadOnlyList<HalfMapPair> maps, IReadOnlyList<Patch> patches)
    {
        SolventMask[] masks = [.. patches.Select(p => p.Mask)];
        return consensus with
        {
            Half1 = CompositeMap.Merge(consensus.Half1, [.. maps.Select(m => m.Half1)], masks),
            Half2 = CompositeMap.Merge(consensus.Half2, [.. maps.Select(m => m.Half2)], masks),
        };
    }

    private void Measure(IProgress<RefinementProgress>? progress, CancellationToken cancellationToken) => _source.Measure(
        null,
        progress is null ? null : n => progress.Report(new RefinementProgress(0, _options.Iterations, RefinementStage.MeasuringImages, n, _consensus.Length)),
        cancellationToken);

    private static void CheckOnMolecule(Patch patch, SolventMask solvent)
    {
        for (var i = 0; i < solvent.Voxels.Length; i++)
        {
            if (Math.Min(patch.Mask.Voxels[i], solvent.Voxels[i]) >= 0.5f)
            {
                return;
            }
        }

        throw new InvalidInputException($"The mask of {patch.Name} is off the molecule: it nowhere meets the solvent mask.");
    }

    private double Clamp(double resolution) => Math.Max(Math.Max(resolution, _options.MaxResolution ?? 0), 2 * _source.OpticsGroups[0].PixelSize);

    /// <summary>Makes a half ready: its references, and where its particles start.</summary>
    /// <param name="half">0 or 1.</param>
    /// <param name="model">Its model.</param>
    /// <param name="patches">The patches.</param>
    /// <param name="limit">The resolution limit, angstrom.</param>
    /// <param name="starts">For each patch a start pose for each particle; null for the consensus.</param>
    /// <param name="motions">The distribution of each patch's motion.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal PatchHalfPass Begin(
        int half, GaussianModel model, IReadOnlyList<Patch> patches, double limit, IReadOnlyList<IReadOnlyList<Pose>>? starts,
        IReadOnlyList<RigidMotionPrior> motions, CancellationToken cancellationToken)
    {
        var indices = _halves[half];
        var references = new PatchReferenceFactory(_source, _options, patches, limit).Make(model, indices, _consensus, _compute, cancellationToken);
        return new PatchHalfPass(
            new PatchPoseRefiner(_source, references, limit, _options.BodyScorer), _consensus, starts ?? [.. patches.Select(_ => _consensus)], motions,
            EvenSample.Of(indices, _options.PriorParticles), _compute);
    }

    /// <summary>Makes a half of a state ready, with a first look at a sample where none was had before; later iterations go on from the last.</summary>
    private PatchHalfPass Begin(
        int half, GaussianModel model, PatchState state, PatchEstimate?[][] estimates, int iteration, IProgress<RefinementProgress>? progress,
        CancellationToken cancellationToken)
    {
        var starts = state.Estimates.Count == 0 ? null : state.Estimates.Select(e => (IReadOnlyList<Pose>)[.. e.Select(x => x.Pose)]).ToArray();
        var pass = Begin(half, model, state.Patches, state.Limit, starts, state.Motions[half], cancellationToken);
        progress?.Report(new RefinementProgress(iteration, _options.Iterations, RefinementStage.MeasuringNoise, half + 1, 2));
        if (state.Iteration == 0)
        {
            pass.LookFirst(estimates, cancellationToken);
        }

        return pass;
    }

    /// <summary>Poses of both halves, one after the other; returns the distributions of motions learnt from each.</summary>
    private IReadOnlyList<RigidMotionPrior>[] RefineHalves(
        GaussianModel[] models, PatchState state, PatchEstimate?[][] estimates, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        var (iteration, before) = (state.Iteration + 1, 0);
        void Done(int count)
        {
            before += count;
            progress?.Report(new RefinementProgress(iteration, _options.Iterations, RefinementStage.RefiningPoses, before, _consensus.Length));
        }

        if (Runner is not null)
        {
            using PatchHalfPass first = Begin(0, models[0], state, estimates, iteration, progress, cancellationToken),
                second = Begin(1, models[1], state, estimates, iteration, progress, cancellationToken);
            Runner.Refine(state, models, [first, second], _halves, estimates, Done, cancellationToken);
            return [first.Learn(cancellationToken), second.Learn(cancellationToken)];
        }

        var motions = new IReadOnlyList<RigidMotionPrior>[2];
        for (var h = 0; h < 2; h++)
        {
            // The references of one half at a time are in memory.
            using var pass = Begin(h, models[h], state, estimates, iteration, progress, cancellationToken);
            foreach (var chunk in _halves[h].Chunk(Chunk))
            {
                pass.Run(chunk, estimates, cancellationToken);
                Done(chunk.Length);
            }

            motions[h] = pass.Learn(cancellationToken);
        }

        return motions;
    }

    private GaussianModel[] Fit(
        HalfMapPair maps, SolventMask solvent, double limit, int iteration, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        var models = new GaussianModel[2];
        for (var h = 0; h < 2; h++)
        {
            progress?.Report(new RefinementProgress(iteration, _options.Iterations, RefinementStage.FittingModels, h, 2));
            var build = new ModelBuildOptions { Resolution = limit, Gaussians = _options.Gaussians };
            var map = h == 0 ? maps.Half1 : maps.Half2;
            var fit = _options.ModelBuilder.Build(map, solvent, build, _compute with { Seed = _compute.Seed + h }, null, cancellationToken);
            models[h] = PartChecks.Model(_options.ModelBuilder, fit?.Model, map);
        }

        return models;
    }

    /// <summary>The half maps of a patch, of sums that others make.</summary>
    private HalfMapPair Shared(PatchState state, int patch, Pose[] poses, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken) =>
        FourierReconstructor.OfParts(
            new(_source, poses), new ReconstructionOptions(), null, _compute.StoppedBy(cancellationToken), (h, _, _, sums) =>
            {
                progress?.Report(
                    new RefinementProgress(state.Iteration, _options.Iterations, RefinementStage.Reconstructing, h, 2, state.Patches[patch].Name));
                Runner!.Sum(state, patch, _halves, h, sums, cancellationToken);
            }).Halves;

    /// <summary>The sums of one half of a patch, for another process.</summary>
    internal FourierAccumulator Sum(IReadOnlyList<Pose> poses, int half, CancellationToken cancellationToken)
    {
        var input = new ReconstructionInput(_source, poses);
        var (reader, _) = FourierReconstructor.Reader(input, new ReconstructionOptions(), _compute.StoppedBy(cancellationToken));
        var sums = new FourierAccumulator(reader.Grid);
        FourierReconstructor.Fill(reader, [[.. input.Select(half + 1)]], sums, null, cancellationToken);
        return sums;
    }

    private FourierReconstructor FourierReconstructor =>
        (FourierReconstructor)EwaldStage.Reconstructor(_options.Reconstructor, EwaldRecord.SignOf(_options.Ewald));

    private HalfMapPair Reconstruct(
        IReadOnlyList<Pose> poses, int iteration, string? patch, IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        var maps = EwaldStage.Reconstructor(_options.Reconstructor, EwaldRecord.SignOf(_options.Ewald)).ReconstructHalves(
            new(_source, poses), new ReconstructionOptions(), _compute,
            progress is null
                ? null
                : new Relay<ReconstructionProgress>(
                    p => progress.Report(new RefinementProgress(iteration, _options.Iterations, RefinementStage.Reconstructing, p.Done, p.Total, patch))),
            cancellationToken);
        return PartChecks.Maps(_options.Reconstructor, maps, _source.OpticsGroups[0].ImageSize, _source.OpticsGroups[0].PixelSize);
    }
}
