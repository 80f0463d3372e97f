namespace Gmm.Cli;

/// <summary>One shell of a Fourier shell correlation.</summary>
internal sealed record ShellReport(
    double Frequency,
    double? Fsc);
