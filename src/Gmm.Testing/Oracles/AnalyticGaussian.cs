namespace Gmm.Testing;

/// <summary>One Gaussian of an <see cref="AnalyticModel"/>, in float64.</summary>
/// <param name="X">X of the centre, angstrom from the box centre.</param>
/// <param name="Y">Y of the centre.</param>
/// <param name="Z">Z of the centre.</param>
/// <param name="Amplitude">Its integral.</param>
/// <param name="Width">Its standard deviation, angstrom.</param>
public readonly record struct AnalyticGaussian(double X, double Y, double Z, double Amplitude, double Width);
