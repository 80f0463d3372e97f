namespace Gmm.IO;

/// <summary>A curve of Fourier shell correlations to write.</summary>
/// <param name="Label">STAR label without underscore, such as rlnFourierShellCorrelationUnmaskedMaps.</param>
/// <param name="Values">One correlation for each shell.</param>
public sealed record FscColumn(string Label, IReadOnlyList<double> Values);
