namespace Gmm.Reports;

/// <summary>A section of a report page.</summary>
/// <param name="Id">Its name in addresses: letters and hyphens.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Lead">What one sees here, a sentence or two; null for none.</param>
/// <param name="Blocks">What is in it.</param>
internal sealed record ReportSection(string Id, string Title, string? Lead, IReadOnlyList<ReportBlock> Blocks);
