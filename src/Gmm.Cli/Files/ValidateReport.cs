namespace Gmm.Cli;

/// <summary>Result of validate and info.</summary>
/// <param name="Checked">Files looked at.</param>
/// <param name="Errors">Files that cannot be used as they are.</param>
/// <param name="Warnings">Files with warnings and no errors.</param>
/// <param name="Items">The files, in order.</param>
/// <param name="Files">The files written: the picture.</param>
internal sealed record ValidateReport(int Checked, int Errors, int Warnings, FileCheck[] Items, string[] Files);
