namespace Gmm.Core;

/// <summary>Sizes that the transforms handle fast.</summary>
internal static class FastSize
{
    /// <summary>The smallest multiple of 4 of the form 2^a 3^b 5^c that is at least a number.</summary>
    /// <param name="atLeast">The number.</param>
    /// <returns>The size.</returns>
    public static int MultipleOf4(int atLeast)
    {
        for (var n = Math.Max(4, (atLeast + 3) / 4 * 4); ; n += 4)
        {
            var rest = n;
            foreach (var p in (ReadOnlySpan<int>)[2, 3, 5])
            {
                while (rest % p == 0)
                {
                    rest /= p;
                }
            }

            if (rest == 1)
            {
                return n;
            }
        }
    }
}
