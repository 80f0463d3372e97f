namespace Gmm.Core;

/// <summary>Sizes for which the transforms here are fast: products of 2, 3 and 5.</summary>
internal static class FftSizes
{
    /// <summary>The smallest 2^a 3^b 5^c that is not less than n.</summary>
    /// <param name="n">Size, 1 to 2^30.</param>
    /// <returns>The fast size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">n is out of its range.</exception>
    public static int NextFast(int n) => Next(n, 1);

    /// <summary>The smallest even 2^a 3^b 5^c that is not less than n.</summary>
    /// <param name="n">Size, 1 to 2^30.</param>
    /// <returns>The fast even size.</returns>
    /// <exception cref="ArgumentOutOfRangeException">n is out of its range.</exception>
    public static int NextFastEven(int n) => Next(n, 2);

    private static int Next(int n, int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, 1 << 30);
        long best = long.MaxValue;
        for (long five = step; five < best; five *= 5)
        {
            for (var odd = five; odd < best; odd *= 3)
            {
                var size = odd;
                while (size < n)
                {
                    size *= 2;
                }

                best = Math.Min(best, size);
                if (odd >= n)
                {
                    break;
                }
            }

            if (five >= n)
            {
                break;
            }
        }

        return (int)best;
    }
}
