namespace Gmm.Core;

/// <summary>Members of a list at equal distances: of particles a sample of all micrographs, the same one every time.</summary>
internal static class EvenSample
{
    /// <summary>At most so many members of a list, in its order; all if it has no more.</summary>
    public static int[] Of(IReadOnlyList<int> members, int count) => members.Count <= count
        ? [.. members]
        : [.. Enumerable.Range(0, count).Select(i => members[(int)((long)i * members.Count / count)])];
}
