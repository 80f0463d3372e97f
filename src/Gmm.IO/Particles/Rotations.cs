using Gmm.Core;

namespace Gmm.IO;

/// <summary>Rotations of other programs' matrices.</summary>
internal static class Rotations
{
    /// <summary>The rotation of nine numbers, row by row; null if they are none to a thousandth.</summary>
    public static Rotation? OfMatrix(ReadOnlySpan<double> a)
    {
        var (x, y, z) = ((a[1] * a[5]) - (a[2] * a[4]), (a[2] * a[3]) - (a[0] * a[5]), (a[0] * a[4]) - (a[1] * a[3]));

        // The third row of a rotation is the product of the others, which have the length 1.
        var off = Math.Abs(x - a[6]) + Math.Abs(y - a[7]) + Math.Abs(z - a[8]) + Math.Abs((a[0] * a[0]) + (a[1] * a[1]) + (a[2] * a[2]) - 1)
            + Math.Abs((a[3] * a[3]) + (a[4] * a[4]) + (a[5] * a[5]) - 1);
        return off < 1e-3 ? new Rotation(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]).Orthonormalized() : null;
    }
}
