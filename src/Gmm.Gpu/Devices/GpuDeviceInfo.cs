namespace Gmm.Gpu;

/// <summary>A device that this machine has, or a kind of device that it has not.</summary>
/// <param name="Id">What --device calls it: gpu:0, opencl:1; the kind alone where there is none.</param>
/// <param name="Name">Its name; empty where there is none.</param>
/// <param name="MemoryBytes">Its memory, bytes.</param>
/// <param name="Problem">Why it cannot be used, in one line; null where it can.</param>
public sealed record GpuDeviceInfo(string Id, string Name, long MemoryBytes, string? Problem);
