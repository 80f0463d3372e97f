using Gmm.Core;

namespace Gmm.Maps;

/// <summary>A sharpened map and what it was made with.</summary>
/// <param name="Map">Sharpened, FSC-weighted, low-passed.</param>
/// <param name="Masked">The map times the mask.</param>
/// <param name="Curves">The correlations.</param>
/// <param name="Resolution">Where the corrected curve falls below 0.143, angstrom; Nyquist if it never does, null where there is no resolution.</param>
/// <param name="BFactor">B factor that was applied, square angstrom; null with a model's amplitudes, and where it could not be fitted.</param>
/// <param name="Guinier">The Guinier plot.</param>
/// <param name="SharpeningFactors">The factor of each shell that sharpening alone stands for, without FSC weight and low-pass filter.</param>
/// <param name="Warnings">What is doubtful about the curves or the fit, a line each.</param>
public sealed record PostProcessResult(
    DensityMap Map,
    DensityMap Masked,
    CorrectedFsc Curves,
    double? Resolution,
    double? BFactor,
    GuinierPlot Guinier,
    IReadOnlyList<double> SharpeningFactors,
    IReadOnlyList<string> Warnings);
