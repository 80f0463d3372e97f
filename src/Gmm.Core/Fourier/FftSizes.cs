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

    /// <summary>The passes of a transform: factors 4, 5, 3 and 2, and primes beyond, those of more work first.</summary>
    /// <param name="n">Length, from 1.</param>
    /// <returns>Numbers whose product is n; none for 1.</returns>
    public static int[] Radices(int n)
    {
        List<int> radices = [];
        var rest = n;
        foreach (var r in (ReadOnlySpan<int>)[4, 5, 3, 2])
        {
            for (; rest % r == 0; rest /= r)
            {
                radices.Add(r);
            }
        }

        for (var r = 7; rest > 1; r += 2)
        {
            // No factor up to the root: what is left is prime.
            r = (long)r * r > rest ? rest : r;
            for (; rest % r == 0; rest /= r)
            {
                radices.Add(r);
            }
        }

        radices.Reverse();
        return [.. radices];
    }

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
