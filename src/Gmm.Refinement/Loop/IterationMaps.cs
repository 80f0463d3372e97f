using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Makes the half maps of a refinement at poses that are known, and compares them.</summary>
/// <param name="images">The images, as the source has them.</param>
/// <param name="halves">The particles of each half.</param>
/// <param name="stage">Where half maps are compared.</param>
/// <param name="options">Settings.</param>
/// <param name="compute">Threads.</param>
internal sealed class IterationMaps(PreparedParticles images, int[][] halves, IPoseStage stage, RefinementOptions options, ComputeOptions compute)
{
    private readonly EwaldStage _ewald = new(options, compute);

    /// <summary>The half maps of what an iteration found.</summary>
    public HalfMapPair Reconstruct(
        (OpticsState? Optics, IReadOnlyList<ParticleResult> Particles, EwaldRecord? Ewald) found, WorkingGrid grid, int iteration,
        IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        var seen = OpticsStage.See(images, found.Optics, found.Particles);
        var poses = ParticleResult.PosesOf(found.Particles);
        var weighed = Weighed(seen, poses, found.Particles, found.Ewald, cancellationToken);
        return Reconstruct(weighed, poses, options.Symmetry, found.Ewald, grid, iteration, progress, cancellationToken);
    }

    /// <summary>The half maps of images at given poses.</summary>
    public HalfMapPair Reconstruct(
        PreparedParticles source, IReadOnlyList<Pose> poses, SymmetryGroup symmetry, EwaldRecord? ewald, WorkingGrid grid, int iteration,
        IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        var maps = EwaldStage.Reconstructor(options.Reconstructor, EwaldStage.SignOf(options, ewald)).ReconstructHalves(
            new(source, poses),
            grid.Options(symmetry, IterationPass.Parts(halves, options)),
            compute,
            progress is null ? null : new Relay<ReconstructionProgress>(p =>
                progress.Report(new RefinementProgress(iteration, options.Iterations, RefinementStage.Reconstructing, p.Done, p.Total))),
            cancellationToken);
        return PartChecks.Maps(options.Reconstructor, maps, grid.Size, grid.PixelSize);
    }

    /// <summary>
    /// Makes the half maps of what an iteration found one after the other, each given to somebody as soon as it is made and not kept: in little memory, with
    /// the rounding of <see cref="CompactHalves"/>, where that can be.
    /// </summary>
    public void EachHalf(
        (OpticsState? Optics, IReadOnlyList<ParticleResult> Particles, EwaldRecord? Ewald) found, WorkingGrid grid, int iteration, Action<HalfMap> use,
        IProgress<RefinementProgress>? progress, CancellationToken cancellationToken)
    {
        // The maps at the starting poses are of the images as they came.
        var seen = iteration == 0 ? images : OpticsStage.See(images, found.Optics, found.Particles);
        var poses = ParticleResult.PosesOf(found.Particles);
        var weighed = iteration == 0 ? images : Weighed(seen, poses, found.Particles, found.Ewald, cancellationToken);
        var reconstructor = EwaldStage.Reconstructor(options.Reconstructor, EwaldStage.SignOf(options, found.Ewald));
        if (!CompactHalves.Can(reconstructor, options.Symmetry))
        {
            var maps = Reconstruct(weighed, poses, options.Symmetry, found.Ewald, grid, iteration, progress, cancellationToken);
            use(maps.Half1);
            use(maps.Half2);
            return;
        }

        var compact = new CompactHalves((FourierReconstructor)reconstructor, new(weighed, poses), grid.Options(options.Symmetry, 1), compute);
        Use(1);
        Use(2);

        // A method of its own, so that nothing here remembers the first map while the second is made.
        void Use(int half) => use(compact.Make(
            half,
            progress is null ? null : new Relay<ReconstructionProgress>(p => progress.Report(new RefinementProgress(
                iteration, options.Iterations, RefinementStage.Reconstructing, ((half - 1) * halves[0].Length) + p.Done, halves.Sum(h => h.Length)))),
            cancellationToken));
    }

    /// <summary>Compares half maps where the stage says.</summary>
    public CorrectedFsc Compare(HalfMapPair maps, SolventMask mask, int iteration, IProgress<RefinementProgress>? progress)
    {
        var fsc = FourierShellCorrelation.PhaseRandomised(
            maps.Half1, maps.Half2, WorkingGrid.Of(maps.Half1).Resample(stage.ComparisonMask(mask), compute), compute);
        progress?.Report(new RefinementProgress(iteration, options.Iterations, RefinementStage.ComparingHalves, 1, 1));
        return fsc;
    }

    /// <summary>Compares half maps and makes them again on more voxels for as long as their curves do not end inside their shells.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="grid">Their voxels.</param>
    /// <param name="grids">The voxels that there are.</param>
    /// <param name="mask">The solvent mask.</param>
    /// <param name="again">Makes them on other voxels.</param>
    /// <param name="iteration">The iteration, for the progress.</param>
    /// <param name="progress">Told what is being done.</param>
    public (HalfMapPair Maps, WorkingGrid Grid, CorrectedFsc Fsc) CompareToTheEnd(
        HalfMapPair maps, WorkingGrid grid, WorkingGrids grids, SolventMask mask, Func<WorkingGrid, HalfMapPair> again, int iteration,
        IProgress<RefinementProgress>? progress)
    {
        var fsc = Compare(maps, mask, iteration, progress);
        while (grids.Finer(grid, fsc) is { } finer)
        {
            (grid, maps) = (finer, again(finer));
            fsc = Compare(maps, mask, iteration, progress);
        }

        return (maps, grid, fsc);
    }

    /// <summary>Asks the images for the sign of the Ewald sphere's curvature, where nobody has said and no answer was found before.</summary>
    public EwaldRecord? Ask(
        PreparedParticles source, IReadOnlyList<Pose> poses, EwaldRecord? before, int iteration, IProgress<RefinementProgress>? progress,
        CancellationToken cancellationToken) =>
        _ewald.Ask(
            source, poses, before,
            progress is null ? null : (done, total) => progress.Report(
                new RefinementProgress(iteration, options.Iterations, RefinementStage.MeasuringCurvature, done, total)),
            cancellationToken);

    /// <summary>The images with what they know, each half's found with its own; as they are where that is not wanted.</summary>
    private PreparedParticles Weighed(
        PreparedParticles source, IReadOnlyList<Pose> poses, IReadOnlyList<ParticleResult> particles, EwaldRecord? ewald,
        CancellationToken cancellationToken)
    {
        if (!options.WeighBySignal)
        {
            return source;
        }

        var input = new ReconstructionInput(source, poses);
        var reconstruction = new ReconstructionOptions { Symmetry = options.Symmetry };
        var signals = SignalWeights.Measure(
            input, reconstruction, compute,
            (FourierReconstructor)EwaldStage.Reconstructor(options.Reconstructor, EwaldStage.SignOf(options, ewald)),
            [.. particles.Select(p => new PoseSigma(p.RotationSigmaDegrees, p.ShiftSigmaAngstrom))], null, cancellationToken);
        return (PreparedParticles)SignalWeights.Apply(input, signals, reconstruction, compute, cancellationToken).Source;
    }
}
