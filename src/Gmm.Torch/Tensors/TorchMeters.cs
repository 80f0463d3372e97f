using System.Diagnostics.Metrics;

namespace Gmm.Torch;

/// <summary>
/// What <c>Gmm.Torch</c> does that makes a device and its host wait for each other, as metrics of .NET: the meter <c>Gmm.Torch</c> with the counters
/// <c>host_syncs</c> (times that the host waits for a number) and <c>host_bytes</c> (bytes copied either way). Any listener can read them.
/// </summary>
internal static class TorchMeters
{
    public const string Name = "Gmm.Torch";

    private static readonly Meter s_meter = new(Name);

    private static readonly Counter<long> s_syncs = s_meter.CreateCounter<long>("host_syncs");

    private static readonly Counter<long> s_bytes = s_meter.CreateCounter<long>("host_bytes", "By");

    /// <summary>The host waits for something of a device.</summary>
    /// <param name="bytes">How much.</param>
    public static void Sync(long bytes)
    {
        s_syncs.Add(1);
        s_bytes.Add(bytes);
    }

    /// <summary>Something goes to a device; nobody waits.</summary>
    /// <param name="bytes">How much.</param>
    public static void Send(long bytes) => s_bytes.Add(bytes);
}
