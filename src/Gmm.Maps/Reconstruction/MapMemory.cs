namespace Gmm.Maps;

/// <summary>Memory of maps and sums of large boxes.</summary>
internal static class MapMemory
{
    /// <summary>
    /// Gives what nobody holds any more back to the system: hundreds of megabytes, which the runtime would keep until it was asked for as much again. It takes
    /// a tenth of a second.
    /// </summary>
    public static void GiveBack() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
