namespace Gmm.Core;

/// <summary>Sizes for which the transforms are fast.</summary>
public static class FftSizes
{
    /// <summary>Smallest even 2^a 3^b 5^c that is at least n.</summary>
    /// <param name="n">Least size.</param>
    /// <returns>The size.</returns>
    public static int NextFastEven(int n)
    {
        for (n += n & 1; ; n += 2)
        {
            var m = n;
            while (m % 2 == 0) { m /= 2; }
            while (m % 3 == 0) { m /= 3; }
            while (m % 5 == 0) { m /= 5; }
            if (m == 1) { return n; }
        }
    }
}
