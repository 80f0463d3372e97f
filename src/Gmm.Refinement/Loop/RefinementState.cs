using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// Where a refinement stands after an iteration: all that the next one needs, and nothing else decides it. Written to files and read
/// back, it goes on to the same bits.
/// </summary>
public sealed record RefinementState
{
    /// <summary>The iteration done: 0 for the maps at the starting poses.</summary>
    public required int Iteration { get; init; }

    /// <summary>One result for each particle, in the order of the source.</summary>
    public required IReadOnlyList<ParticleResult> Particles { get; init; }

    /// <summary>The half maps at these poses.</summary>
    public required HalfMapPair Maps { get; init; }

    /// <summary>The half maps at the consensus poses, of a focused refinement that starts from others; null after iteration 0 and otherwise.</summary>
    public HalfMapPair? RestMaps { get; init; }

    /// <summary>The solvent mask.</summary>
    public required SolventMask Mask { get; init; }

    /// <summary>Why the mask is a sphere that fills the box, where none could be made; null otherwise and after iteration 0.</summary>
    public string? MaskWarning { get; init; }

    /// <summary>Why the map that is given as a reference seems to be of the other hand; null otherwise and after iteration 0.</summary>
    public string? ReferenceWarning { get; init; }

    /// <summary>Comparison of the half maps.</summary>
    public required CorrectedFsc Fsc { get; init; }

    /// <summary>The resolution limit for the next iteration, angstrom: with the mask, the one thing both halves decide together.</summary>
    public required double Limit { get; init; }

    /// <summary>The limit that this iteration worked with, angstrom; null at iteration 0.</summary>
    public double? PreviousLimit { get; init; }

    /// <summary>The models used in this iteration, one per half; null at iteration 0.</summary>
    public (GaussianModel Half1, GaussianModel Half2)? Models { get; init; }

    /// <summary>Figures of the iteration; null at iteration 0.</summary>
    public IterationStatistics? Statistics { get; init; }

    /// <summary>What a focused refinement found of the region's motion; null at iteration 0 and in a global refinement.</summary>
    public FocusRecord? Focus { get; init; }

    /// <summary>What was found of the optics; null where they are not estimated, and at iteration 0.</summary>
    public OpticsRecord? OpticsFound { get; init; }

    /// <summary>What the images were asked of the Ewald sphere's curvature; null where they were not.</summary>
    public EwaldRecord? Ewald { get; init; }

    /// <summary>The optics as they stand; null where they are not estimated.</summary>
    internal OpticsState? Optics { get; init; }

    /// <summary>Whether the starting maps have the symmetry that is imposed; null after iteration 0, and without symmetry.</summary>
    public SymmetryCheck? SymmetryCheck { get; init; }

    /// <summary>What was found in the images; null after iteration 0.</summary>
    public ImageReport? Images { get; init; }

    /// <summary>
    /// Gold-standard resolution, angstrom: where the masked FSC, corrected by phase randomisation, falls below 0.143; null where there is none.
    /// </summary>
    public double? Resolution => Fsc.Resolution;

    /// <summary>Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows (Nyquist).</summary>
    public bool ResolutionIsNyquist => Fsc.IsNyquist;

    /// <summary>The poses alone.</summary>
    public IReadOnlyList<Pose> Poses => ParticleResult.PosesOf(Particles);
}
