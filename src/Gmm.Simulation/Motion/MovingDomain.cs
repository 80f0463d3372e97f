using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>A part of the structure that moves as a rigid body, in each particle by another amount.</summary>
/// <remarks>The hinge comes first; the jitter then acts about the domain's moved centroid.</remarks>
public sealed record MovingDomain
{
    /// <summary>Its name: letters, digits, '_' and '-'. Files are named after it.</summary>
    public required string Name { get; init; }

    /// <summary>Its atoms, as indices into the atoms given to the simulator.</summary>
    public required IReadOnlyList<int> Atoms { get; init; }

    /// <summary>The hinge about which it turns, if it has one.</summary>
    public DomainHinge? Hinge { get; init; }

    /// <summary>Root mean square angle of a random rotation about the centroid (normal about three axes), degrees.</summary>
    public double JitterDegrees { get; init; }

    /// <summary>Root mean square length of a random shift (normal along three axes), angstrom.</summary>
    public double JitterAngstrom { get; init; }

    /// <summary>Checks the values.</summary>
    /// <param name="atomCount">Number of atoms of the model.</param>
    /// <exception cref="InvalidInputException">A value out of its range; the message names it.</exception>
    public void Validate(int atomCount)
    {
        var file = $"domain '{Name}'";
        if (Name.Length == 0 || !Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            throw new InvalidInputException("a domain's name has letters, digits, '_' and '-' only", file, null, nameof(Name));
        }

        if (Atoms.Count == 0)
        {
            throw new InvalidInputException("has no atoms", file, null, nameof(Atoms));
        }

        if (Atoms.Any(a => a < 0 || a >= atomCount))
        {
            throw new InvalidInputException($"atoms are numbered 0 to {atomCount - 1}", file, null, nameof(Atoms));
        }

        foreach (var (value, name) in new[] { (JitterDegrees, nameof(JitterDegrees)), (JitterAngstrom, nameof(JitterAngstrom)) })
        {
            if (!(value >= 0) || !double.IsFinite(value))
            {
                throw new InvalidInputException("must be 0 or more", file, null, name);
            }
        }

        Hinge?.Validate();
    }
}
