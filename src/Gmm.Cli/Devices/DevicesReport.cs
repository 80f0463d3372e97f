namespace Gmm.Cli;

/// <summary>Result of devices.</summary>
/// <param name="Devices">The graphics cards, CUDA's first; the kinds of which there is none, too.</param>
internal sealed record DevicesReport(IReadOnlyList<DeviceReport> Devices);
