namespace Gmm.Maps;

/// <summary>
/// How an image agrees with the map of other particles, in bands of frequency: with g(k) the strength of the signal in it, relative to the group's mean, the
/// log-likelihood over no signal is the sum over bands of g A - g^2 B / 2.
/// </summary>
/// <param name="A">Product of image and reference over the noise, for each band.</param>
/// <param name="B">Power of the reference over the noise.</param>
/// <param name="Blur">B factor by which the uncertainty of its pose blurs it, beyond the group's mean, square angstrom.</param>
internal readonly record struct SignalStatistics(float[] A, float[] B, double Blur = 0);
