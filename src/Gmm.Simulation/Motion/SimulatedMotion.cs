using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>What moves in a simulated structure: rigid domains, or the whole along a path.</summary>
public sealed record SimulatedMotion
{
    /// <summary>The domains; each moves independently of the others, and no atom belongs to two.</summary>
    public IReadOnlyList<MovingDomain> Domains { get; init; } = [];

    /// <summary>The path; each particle is at a coordinate of its own, uniform from 0 to 1.</summary>
    public ConformationPath? Path { get; init; }

    /// <summary>Checks the values.</summary>
    /// <param name="atomCount">Number of atoms of the model.</param>
    /// <exception cref="InvalidInputException">A value out of its range, two domains that share an atom or a name, or domains and a path; the message
    /// says which.</exception>
    public void Validate(int atomCount)
    {
        if (Domains.Count > 0 == Path is not null)
        {
            throw new InvalidInputException("a motion has either domains or a path", "motion", null, nameof(Domains));
        }

        if (Path is { } path && path.AtomCount != atomCount)
        {
            throw new InvalidInputException($"the path's frames have {path.AtomCount} atoms, the model has {atomCount}", "motion", null, nameof(Path));
        }

        var owner = new Dictionary<int, string>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var domain in Domains)
        {
            domain.Validate(atomCount);
            if (!names.Add(domain.Name))
            {
                throw new InvalidInputException($"two domains have the name '{domain.Name}'", "motion", null, nameof(Domains));
            }

            foreach (var atom in domain.Atoms)
            {
                if (!owner.TryAdd(atom, domain.Name))
                {
                    throw new InvalidInputException(
                        $"atom {atom + 1} is in domain '{domain.Name}' and before that in '{owner[atom]}'", "motion", null, nameof(Domains));
                }
            }
        }
    }
}
