using Gmm.Core;

namespace Gmm.Maps;

/// <summary>A map as people look at it, and how it was sharpened.</summary>
/// <param name="Map">Sharpened, FSC-weighted, low-passed.</param>
/// <param name="BFactor">B factor that was applied, square angstrom; null with a model's amplitudes, and where it could not be fitted.</param>
/// <param name="Guinier">The Guinier plot.</param>
/// <param name="Factors">The factor of each shell that sharpening alone stands for.</param>
internal sealed record SharpenedMap(DensityMap Map, double? BFactor, GuinierPlot Guinier, IReadOnlyList<double> Factors);
