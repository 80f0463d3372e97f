namespace Gmm.Reports;

/// <summary>A horizontal line across a chart, such as a threshold.</summary>
/// <param name="Y">Its height, in the unit of the vertical axis.</param>
/// <param name="Label">What stands on it: "0.143".</param>
public sealed record ReferenceLine(double Y, string Label);
