namespace Gmm.Cli;

/// <summary>Result of report.</summary>
internal sealed record ReportReport(string File, long Bytes);
