using Gmm.Core;

namespace Gmm.Maps;

/// <summary>How Q-scores are measured. The defaults are those of MapQ and of Pintilie et al., Nat. Methods 17 (2020) 328-334.</summary>
public sealed record QScoreOptions
{
    /// <summary>Standard deviation of the reference Gaussian, angstrom: the width of an atom in a map at 1.54 angstrom.</summary>
    public double Sigma { get; init; } = 0.6;

    /// <summary>Points wanted on each sphere; also the weight of the atom's own position.</summary>
    public int Points { get; init; } = 8;

    /// <summary>Radius of the last sphere, angstrom.</summary>
    public double Radius { get; init; } = 2;

    /// <summary>Distance between spheres, angstrom.</summary>
    public double Step { get; init; } = 0.1;

    /// <summary>Residues in the running average, an odd number; 11 in the figures of Gaussian mixture refinement.</summary>
    public int Window { get; init; } = 11;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidInputException">A value out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(Sigma is > 0 and <= 100, nameof(Sigma), "positive and at most 100 angstrom");
        Require(Points is >= 4 and <= 256, nameof(Points), "4 to 256");
        Require(Step is >= 0.01 and <= 10, nameof(Step), "0.01 to 10 angstrom");
        Require(Radius >= Step && Radius <= 20, nameof(Radius), "at least a step and at most 20 angstrom");
        Require(Window >= 1 && Window % 2 == 1, nameof(Window), "odd and positive");
    }

    private static void Require(bool condition, string name, string range)
    {
        if (!condition)
        {
            throw new InvalidInputException($"must be {range}", "Q-score", null, name);
        }
    }
}
