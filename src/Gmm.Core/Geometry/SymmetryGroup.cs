using System.Collections.ObjectModel;
using System.Globalization;

namespace Gmm.Core;

/// <summary>A point group of rotations: Cn, Dn, T, O, or I in RELION's four settings, with RELION's axes.</summary>
/// <remarks>
/// A structure with the symmetry looks the same after any of the <see cref="Operators"/>: if a particle is seen in pose (A, t) then it is
/// equally well seen in (A S, t) for every operator S. Cn and Dn have their n-fold axis along z, Dn a two-fold along x; T, O and I follow
/// RELION's <c>symmetries.cpp</c> (I is I2; <c>relion_refine --sym NAME --print_symmetry_ops</c> prints them).
/// <example>
/// <code>
/// var group = SymmetryGroup.Parse("C3");
/// var copies = group.Operators.Select(s => pose with { Rotation = pose.Rotation * s });
/// </code>
/// </example>
/// </remarks>
public sealed class SymmetryGroup
{
    /// <summary>The highest fold of an axis that is read; beyond it a name is taken for a mistake.</summary>
    private const int MaxFold = 100;

    private SymmetryGroup(string name, Rotation[] operators)
    {
        Name = name;
        Operators = new ReadOnlyCollection<Rotation>(operators);
    }

    /// <summary>No symmetry: C1.</summary>
    public static SymmetryGroup None { get; } = new("C1", [Rotation.Identity]);

    /// <summary>The name, in upper case: C3, D2, T, O, I2.</summary>
    public string Name { get; }

    /// <summary>The rotations of the group; the first is the identity.</summary>
    public IReadOnlyList<Rotation> Operators { get; }

    /// <summary>The number of operators.</summary>
    public int Order => Operators.Count;

    /// <summary>Reads the name of a group, in upper or lower case.</summary>
    /// <param name="name">Cn, Dn, T, O, I, I1, I2, I3 or I4; n from 1 to 100. DnY is Dn with a two-fold axis along y, as cryoSPARC has it.</param>
    /// <returns>The group.</returns>
    /// <exception cref="InvalidInputException">The name is none of them.</exception>
    public static SymmetryGroup Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var text = name.Trim().ToUpperInvariant();
        var group = text switch
        {
            "C1" => None,
            "T" => Make(text, (3, 0, 0, 1), (2, 0, Math.Sqrt(2.0 / 3), Math.Sqrt(1.0 / 3))),
            "O" => Make(text, (3, 1, 1, 1), (4, 0, 0, 1)),
            "I" or "I2" => Icosahedral("I2", Rotation.Identity),
            "I1" => Icosahedral(text, AboutY(90)),
            "I3" => Icosahedral(text, AboutY(-FiveFoldTiltDegrees)),
            "I4" => Icosahedral(text, AboutY(FiveFoldTiltDegrees)),
            _ => null,
        };
        if (group is null && text.Length > 1 && text[0] is 'C' or 'D'
            && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var fold) && fold is > 0 and <= MaxFold)
        {
            group = text[0] == 'C' ? Make($"C{fold}", (fold, 0, 0, 1)) : Make($"D{fold}", (fold, 0, 0, 1), (2, 1, 0, 0));
        }

        if (group is null && text.Length > 2 && text[0] == 'D' && text[^1] == 'Y'
            && int.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var other) && other is > 0 and <= MaxFold)
        {
            group = Make($"D{other}Y", (other, 0, 0, 1), (2, 0, 1, 0));
        }

        return group ?? throw new InvalidInputException($"'{name}' is not a symmetry: use Cn, Dn, DnY, T, O, I, I1, I2, I3 or I4.");
    }

    /// <summary>The name.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => Name;

    /// <summary>Angle between the two-fold along z of I2 and its five-fold axis (0.525731, 0, 0.850651), degrees.</summary>
    private static double FiveFoldTiltDegrees => Math.Atan2(2, 1 + Math.Sqrt(5)) * (180 / Math.PI);

    private static Rotation AboutY(double degrees) => Rotation.FromRotationVector(0, degrees * (Math.PI / 180), 0);

    /// <summary>I2 has two-folds along x, y and z and a five-fold in the xz plane; the other settings turn it about y.</summary>
    private static SymmetryGroup Icosahedral(string name, Rotation turn)
    {
        var golden = (1 + Math.Sqrt(5)) / 2;
        var standard = Make(name, (2, 0, 0, 1), (5, 1, 0, golden), (3, 0, 1 / golden, golden));
        return new SymmetryGroup(name, [.. standard.Operators.Select(s => (turn * s * turn.Transpose()).Orthonormalized())]);
    }

    /// <summary>All products of the generators, each found once.</summary>
    private static SymmetryGroup Make(string name, params ReadOnlySpan<(int Fold, double X, double Y, double Z)> axes)
    {
        const double Same = 1e-6;
        var generators = new List<Rotation>();
        foreach (var (fold, x, y, z) in axes)
        {
            var angle = 2 * Math.PI / fold / Math.Sqrt((x * x) + (y * y) + (z * z));
            generators.Add(Rotation.FromRotationVector(x * angle, y * angle, z * angle));
        }

        var found = new List<Rotation> { Rotation.Identity };
        for (var i = 0; i < found.Count; i++)
        {
            foreach (var generator in generators)
            {
                var next = (generator * found[i]).Orthonormalized();
                if (!found.Exists(f => f.AngleTo(next) < Same))
                {
                    found.Add(next);
                }
            }
        }

        return new SymmetryGroup(name, [.. found]);
    }
}
