namespace Gmm.Gpu;

/// <summary>exp for arguments from -87 to 0, to 3e-7 relative: <see cref="Core.FastExp"/> on a card, the same polynomial.</summary>
internal static class DeviceExp
{
    /// <summary>exp(x) = 2^n 2^f, n the nearest integer of x log2(e).</summary>
    public static float Of(float x)
    {
        var t = Math.Max(x, -87f) * 1.44269504f;
        // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
        var rounded = t + 12582912f;
        var f = t - (rounded - 12582912f);
        var p = (1.5403530e-4f * f) + 1.3333558e-3f;
        p = (p * f) + 9.6181291e-3f;
        p = (p * f) + 5.5504109e-2f;
        p = (p * f) + 2.4022651e-1f;
        p = (p * f) + 6.9314718e-1f;
        p = (p * f) + 1f;
        return Interop.IntAsFloat(Interop.FloatAsInt(p) + (Interop.FloatAsInt(rounded) << 23));
    }
}
