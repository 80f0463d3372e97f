namespace Gmm.Refinement;

/// <summary>The four curves of a gold-standard FSC with a mask, as relion_postprocess reports them.</summary>
/// <param name="Unmasked">Between the half maps as they are.</param>
/// <param name="Masked">Between the masked half maps.</param>
/// <param name="Randomised">Between masked half maps whose phases were made random from <paramref name="RandomisedFrom"/> on: what the mask alone adds.</param>
/// <param name="Corrected">The masked curve less the mask's effect (Chen et al. 2013).</param>
/// <param name="RandomisedFrom">First shell with random phases.</param>
public sealed record CorrectedFsc(FscCurve Unmasked, FscCurve Masked, FscCurve Randomised, FscCurve Corrected, int RandomisedFrom);
