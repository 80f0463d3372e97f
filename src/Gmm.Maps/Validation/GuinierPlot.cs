namespace Gmm.Maps;

/// <summary>
/// Natural logarithms of the mean amplitude of each Fourier shell, amplitudes divided by the number of voxels as RELION has them. Empty shells are
/// -infinity.
/// </summary>
/// <param name="SquaredFrequency">Squared frequency of each shell from 0, 1/angstrom^2.</param>
/// <param name="Original">Of the mean of the half maps.</param>
/// <param name="Weighted">After weighting by the FSC.</param>
/// <param name="Sharpened">After sharpening too, before the low-pass filter.</param>
/// <param name="Fit">The line through <paramref name="Weighted"/>; null where the range has too few shells.</param>
public sealed record GuinierPlot(double[] SquaredFrequency, double[] Original, double[] Weighted, double[] Sharpened, GuinierFit? Fit);
