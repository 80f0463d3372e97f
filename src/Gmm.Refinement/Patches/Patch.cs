using System.Globalization;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>A region of the molecule that is refined on its own.</summary>
/// <param name="Name">What it is called in messages and file names: patch01, body02.</param>
/// <param name="Mask">Its soft mask, the same for both halves.</param>
/// <param name="X">X of the point about which its rotations are counted, angstrom from the box centre.</param>
/// <param name="Y">Y of that point.</param>
/// <param name="Z">Z of that point.</param>
public sealed record Patch(string Name, SolventMask Mask, double X, double Y, double Z)
{
    /// <summary>The point about which its rotations are counted, angstrom from the box centre.</summary>
    public (double X, double Y, double Z) Centre => (X, Y, Z);

    /// <summary>What the patch or body of a number, from 1, is called.</summary>
    internal static string NameOf(bool body, int number) => string.Create(CultureInfo.InvariantCulture, $"{(body ? "body" : "patch")}{number:D2}");

    /// <summary>A body of a mask, with the mask's centre of mass as its centre.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="mask">The mask.</param>
    /// <returns>The body.</returns>
    public static Patch OfMask(string name, SolventMask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        var (x, y, z) = new FocusRegion(mask).Centre;
        return new Patch(name, mask, x, y, z);
    }
}
