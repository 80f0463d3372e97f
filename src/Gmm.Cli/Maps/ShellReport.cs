namespace Gmm.Cli;

/// <summary>One shell of a Fourier shell correlation.</summary>
/// <param name="Frequency">Spatial frequency, 1/angstrom.</param>
/// <param name="Fsc">Correlation; null where a shell is empty.</param>
internal sealed record ShellReport(
    double Frequency,
    double? Fsc);
