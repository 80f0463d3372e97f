namespace Gmm.Torch;

/// <summary>
/// Gaussians on a periodic grid, axis by axis: the cells that each touches and its values there, whose products over the axes are deposited. For images and
/// for volumes.
/// </summary>
internal readonly struct GridSupports
{
    // Half widths of a Gaussian's cells. Gaussians of one half width are deposited together; few groups mean few operations.
    private static readonly int[] HalfWidths = [3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

    /// <summary>Tabulates Gaussians of unit integral.</summary>
    /// <param name="place">[B, N, D]: the centres, cells.</param>
    /// <param name="variance">[N]: square cells.</param>
    /// <param name="half">Half the number of cells along an axis.</param>
    /// <param name="grid">Cells of the grid along an axis.</param>
    public GridSupports(Tensor place, Tensor variance, int half, int grid)
    {
        var offsets = arange(1 - half, half + 1, dtype: ScalarType.Int64, device: place.device);
        var corner = place.detach().floor();
        Distances = (place - corner).unsqueeze(3) - offsets.to(place.dtype);
        Shapes = (Distances.square() * (-0.5 / variance).reshape(1, -1, 1, 1)).exp() * (1 / (2 * Math.PI * variance)).sqrt().reshape(1, -1, 1, 1);
        Cells = (corner.to(ScalarType.Int64).unsqueeze(3) + offsets).remainder(grid);
    }

    /// <summary>[B, N, D, 2 half]: from each cell to the centre.</summary>
    public Tensor Distances { get; }

    /// <summary>[B, N, D, 2 half]: the values along each axis.</summary>
    public Tensor Shapes { get; }

    /// <summary>[B, N, D, 2 half]: the cells along each axis, Int64.</summary>
    public Tensor Cells { get; }

    /// <summary>The least even number from a given one on whose transform is fast: one with prime factors 2, 3 and 5.</summary>
    public static int NextFastEven(int least)
    {
        for (var n = least + (least & 1); ; n += 2)
        {
            var rest = n;
            foreach (var prime in (ReadOnlySpan<int>)[2, 3, 5])
            {
                while (rest % prime == 0)
                {
                    rest /= prime;
                }
            }

            if (rest == 1)
            {
                return n;
            }
        }
    }

    /// <summary>Half the cells that a Gaussian needs along an axis.</summary>
    /// <param name="variance">Square cells.</param>
    /// <param name="accuracy">What is cut off.</param>
    /// <param name="grid">Cells of the grid along an axis.</param>
    public static int HalfWidth(double variance, double accuracy, int grid)
    {
        var support = Math.Sqrt(2 * Math.Log(3 / accuracy) * variance);
        // The grid is periodic, so a square may be larger than it. A Gaussian as wide as that has nothing in the band but k = 0.
        return Math.Min(grid, Array.Find(HalfWidths, h => h >= support) is var h and > 0 ? h : grid);
    }

    /// <summary>The numbers of the Gaussians of each half width, in ascending order.</summary>
    public static IEnumerable<(int Half, long[] Members)> Groups(double[] variances, double accuracy, int grid)
    {
        var groups = new SortedDictionary<int, List<long>>();
        for (var j = 0; j < variances.Length; j++)
        {
            var half = HalfWidth(variances[j], accuracy, grid);
            (groups.TryGetValue(half, out var list) ? list : groups[half] = []).Add(j);
        }

        return groups.Select(g => (g.Key, g.Value.ToArray()));
    }
}
