using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gmm.Core;

/// <summary>exp of eight floats at once, for arguments from -87 to 0, to 3e-7 relative: all that a Gaussian's weights need.</summary>
internal static class FastExp
{
    /// <summary>
    /// exp(x) = 2^n 2^f with n the nearest integer of x log2(e) and |f| at most 1/2; 2^f by its Taylor polynomial of degree 6, whose next
    /// term is under 1.6e-7. Lane meaning: lane i of the result is exp of lane i; arguments under -87 give about 1e-38, not 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        var t = Vector256.Max(x, Vector256.Create(-87f)) * 1.44269504f;
        // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
        var magic = Vector256.Create(12582912f);
        var rounded = t + magic;
        var f = t - (rounded - magic);
        var p = Vector256.MultiplyAddEstimate(f, Vector256.Create(1.5403530e-4f), Vector256.Create(1.3333558e-3f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(9.6181291e-3f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(5.5504109e-2f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(2.4022651e-1f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(6.9314718e-1f));
        p = Vector256.MultiplyAddEstimate(p, f, Vector256.Create(1f));
        return (p.AsInt32() + (rounded.AsInt32() << 23)).AsSingle();
    }
}
