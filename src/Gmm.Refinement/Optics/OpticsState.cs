using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The optics as a refinement has them: groups that are of one half only, and what each particle's CTF is. Immutable.</summary>
/// <param name="Groups">The optics groups, in the order in which particles name them first.</param>
/// <param name="GroupOf">For each particle its group among them.</param>
/// <param name="Ctf">For each particle its CTF.</param>
/// <param name="Sigma">For each particle the uncertainty of its defocus, angstrom; 0 where it was not estimated.</param>
internal sealed record OpticsState(
    IReadOnlyList<OpticsGroup> Groups, IReadOnlyList<int> GroupOf, IReadOnlyList<CtfParameters> Ctf, IReadOnlyList<Defocus> Sigma)
{
    /// <summary>The optics of a source, groups that both halves share in two.</summary>
    public static OpticsState Of(IParticleSource source)
    {
        var particles = source.Particles;
        var both = particles.GroupBy(p => p.OpticsIndex).ToDictionary(g => g.Key, g => g.Any(p => p.Half == 1) && g.Any(p => p.Half == 2));
        var groups = new List<OpticsGroup>();
        var groupOf = new int[particles.Count];
        var places = new Dictionary<(int, int), int>();
        for (var i = 0; i < groupOf.Length; i++)
        {
            var (index, half) = (particles[i].OpticsIndex, particles[i].Half);
            if (!places.TryGetValue((index, half), out groupOf[i]))
            {
                places.Add((index, half), groupOf[i] = groups.Count);
                var name = source.OpticsGroups[index].Name;
                groups.Add(source.OpticsGroups[index] with { Id = groups.Count + 1, Name = both[index] ? $"{name}_half{half}" : name });
            }
        }

        return new OpticsState(groups, groupOf, [.. particles.Select(p => p.Ctf)], new Defocus[groupOf.Length]);
    }
}
