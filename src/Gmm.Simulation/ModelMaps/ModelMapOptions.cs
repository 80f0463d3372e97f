using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>What <see cref="ModelMap"/> makes of a model. Lengths are in angstrom.</summary>
public sealed record ModelMapOptions
{
    /// <summary>
    /// Resolution d: the transform of the atoms is multiplied by exp(-k^2 d^2), which is 1/e at k = 1/d, as ChimeraX's molmap; as a B factor
    /// that is 4 d^2. At least two voxels.
    /// </summary>
    public required double Resolution { get; init; }

    /// <summary>Voxels along x, y, z.</summary>
    public required (int X, int Y, int Z) Size { get; init; }

    /// <summary>Side of the cubic voxels.</summary>
    public required double PixelSize { get; init; }

    /// <summary>Position of the first voxel's centre in the model's frame.</summary>
    public required (double X, double Y, double Z) Origin { get; init; }

    /// <summary>Whether each atom is spread by its own B factor too. A negative B factor counts as 0.</summary>
    public bool UseBFactors { get; init; } = true;

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidInputException">A value out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(PixelSize > 0 && double.IsFinite(PixelSize), nameof(PixelSize), "positive");
        Require(
            Math.Min(Size.X, Math.Min(Size.Y, Size.Z)) >= 8 && (long)Size.X * Size.Y * Size.Z <= 1L << 29, nameof(Size),
            "at least 8 voxels along each side, and 2^29 in all at most");
        Require(double.IsFinite(Origin.X + Origin.Y + Origin.Z), nameof(Origin), "finite");
        Require(
            Resolution >= 2 * PixelSize * (1 - 1e-6) && Resolution <= 1000, nameof(Resolution),
            FormattableString.Invariant($"from two voxels ({2 * PixelSize:G4} angstrom) to 1000 angstrom"));
    }

    private static void Require(bool condition, string name, string range)
    {
        if (!condition)
        {
            throw new InvalidInputException($"must be {range}", "map of a model", null, name);
        }
    }
}
