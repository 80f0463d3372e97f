namespace Gmm.Gpu;

/// <summary>Which items a thread of a kernel takes: its own, and every so many-th after it.</summary>
internal static class Work
{
    /// <summary>The thread's first item.</summary>
    public static long First => ((long)Grid.IdxX * Group.DimX) + Group.IdxX;

    /// <summary>From an item to the next.</summary>
    public static long Step => (long)Grid.DimX * Group.DimX;
}
