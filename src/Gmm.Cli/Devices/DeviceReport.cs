namespace Gmm.Cli;

/// <summary>A graphics card, or a kind of which there is none.</summary>
/// <param name="Id">What --device calls it; the kind alone where there is none.</param>
/// <param name="Name">Its name; empty where there is none.</param>
/// <param name="MemoryGigabyte">Its memory, gigabytes.</param>
/// <param name="Problem">Why it cannot be used; null where it can.</param>
internal sealed record DeviceReport(string Id, string Name, double MemoryGigabyte, string? Problem);
