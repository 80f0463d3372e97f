using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// The parts of a half: runs of its particles, in their order. A half's sums are those of its parts, added in their order, whoever made them and when: so
/// one process and many get the same bits.
/// </summary>
internal static class HalfParts
{
    /// <summary>Particles of a part where nobody says how many parts there are: of fewer, adding costs more than it saves.</summary>
    private const int LeastParticles = 4000;

    /// <summary>Parts where nobody says.</summary>
    private const int Most = 16;

    /// <summary>The number of parts of halves of so many particles, where nobody says.</summary>
    public static int Default(int particles) => Math.Clamp(particles / LeastParticles, 1, Most);

    /// <summary>Cuts a half into runs of nearly equal length.</summary>
    /// <param name="half">All its particles.</param>
    /// <param name="parts">How many; of fewer particles some are empty.</param>
    public static int[][] Split(int[] half, int parts) =>
        [.. Enumerable.Range(0, parts).Select(p => half[(int)((long)half.Length * p / parts)..(int)((long)half.Length * (p + 1) / parts)])];

    /// <summary>The same for some particles of a half: each in the part that it has among all.</summary>
    public static int[][] Split(IReadOnlyList<Particle> particles, IReadOnlyList<int> chosen, int half, int parts)
    {
        if (parts == 1)
        {
            return [[.. chosen]];
        }

        var isChosen = chosen.ToHashSet();
        int[] all = [.. Enumerable.Range(0, particles.Count).Where(i => particles[i].Half == half)];
        return [.. Split(all, parts).Select(part => part.Where(isChosen.Contains).ToArray())];
    }
}
