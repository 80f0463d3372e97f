using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Where a refinement of patches stands after an iteration; written to files and read back, it goes on to the same bits.</summary>
public sealed record PatchState
{
    /// <summary>0 before the first iteration.</summary>
    public required int Iteration { get; init; }

    /// <summary>The half maps at the consensus poses.</summary>
    public required HalfMapPair Consensus { get; init; }

    /// <summary>The solvent mask of the whole.</summary>
    public required SolventMask Solvent { get; init; }

    /// <summary>The patches.</summary>
    public required IReadOnlyList<Patch> Patches { get; init; }

    /// <summary>The consensus compared, in the solvent mask.</summary>
    public required CorrectedFsc ConsensusFsc { get; init; }

    /// <summary>The composite compared, in the solvent mask; the consensus before the first iteration.</summary>
    public required CorrectedFsc Fsc { get; init; }

    /// <summary>The composite half maps; the consensus before the first iteration.</summary>
    public required HalfMapPair Composite { get; init; }

    /// <summary>For halves 1 and 2 the distribution of each patch's motion from the consensus, learnt from each half's own particles.</summary>
    internal IReadOnlyList<IReadOnlyList<RigidMotionPrior>> Motions { get; init; } = [];

    /// <summary>The limit for the next iteration, angstrom.</summary>
    public required double Limit { get; init; }

    /// <summary>For each patch an estimate of each particle; empty before the first iteration.</summary>
    public IReadOnlyList<PatchEstimate[]> Estimates { get; init; } = [];

    /// <summary>Medians of the estimates of each patch; empty before the first iteration.</summary>
    internal IReadOnlyList<PatchStatistics> Statistics { get; init; } = [];

    /// <summary>The half maps of each patch; empty before the first iteration.</summary>
    public IReadOnlyList<HalfMapPair> Maps { get; init; } = [];

    /// <summary>
    /// The models of the composite's halves at the limit, where they are known already; not written, since they can be fitted again to the same bits.
    /// </summary>
    internal GaussianModel[]? Models { get; init; }

    /// <summary>What was found in the images; null after iteration 0.</summary>
    public ImageReport? Images { get; init; }

    internal PatchTimes Times { get; init; } = new(0, 0, 0);
}

/// <summary>Seconds of an iteration.</summary>
/// <param name="Fit">Fitting models.</param>
/// <param name="Poses">Refining poses, the prior included.</param>
/// <param name="Maps">Reconstructing, merging and comparing.</param>
internal readonly record struct PatchTimes(double Fit, double Poses, double Maps);
