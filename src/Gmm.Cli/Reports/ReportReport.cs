namespace Gmm.Cli;

/// <summary>Result of report.</summary>
/// <param name="File">The page.</param>
/// <param name="Bytes">Its length, bytes.</param>
internal sealed record ReportReport(string File, long Bytes);
