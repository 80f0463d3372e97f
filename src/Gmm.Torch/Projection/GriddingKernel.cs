using Gmm.Core;

namespace Gmm.Torch;

/// <summary>
/// Every Gaussian, widened or narrowed by a common variance, is deposited on a grid finer than the disc needs; the grid is Fourier transformed and the
/// common variance divided out (<see cref="GriddingProjector"/>, whose error bounds hold here too).
/// </summary>
internal sealed class GriddingKernel(DiscTensors disc, double accuracy) : IProjectionKernel
{
    // Cells of the grid per Fourier pixel of the disc's radius. Smaller supports at the price of a larger transform, which libtorch does well.
    private const double CellsPerPixel = 4;

    // Half widths of a Gaussian's square of cells. Gaussians of one half width are deposited together; few groups mean few operations.
    private static readonly int[] HalfWidths = [3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];

    private readonly int _grid = NextFastEven(Math.Max(32, (int)Math.Ceiling(CellsPerPixel * disc.Disc.Radius)));

    /// <inheritdoc/>
    public Tensor Sum(Tensor u, Tensor amplitudes, Tensor widths, Tensor? arms)
    {
        using var scope = NewDisposeScope();
        long images = u.shape[0], sums = arms is null ? 1 : arms.shape[2], cells = (long)_grid * _grid;
        var perAngstrom = _grid / disc.Disc.BoxLength;
        var variance = Variance(widths, out var common);
        var place = (u * perAngstrom) + (_grid / 2);
        var grids = new Tensor?[sums];
        foreach (var (half, members) in Groups(variance))
        {
            var deposit = new Deposit(place.index_select(1, members), variance.index_select(0, members), half, _grid);
            var values = deposit.Values * amplitudes.index_select(0, members).reshape(1, -1, 1, 1);
            for (var w = 0; w < sums; w++)
            {
                var weighted = arms is null ? values : values * arms.select(2, w).index_select(1, members).unsqueeze(2).unsqueeze(3);
                grids[w] = (grids[w] ?? zeros(images * cells, dtype: u.dtype, device: u.device)).index_add(0, deposit.Index, weighted.reshape(-1), 1.0);
            }
        }

        var spectrum = fft.rfft2(stack(grids!, 0).reshape(sums, images, _grid, _grid)).flatten(2).transpose(0, 1);
        var (index, correction) = Correction(common, u.dtype, u.device);
        return (spectrum.gather(2, index.expand(images, sums, index.shape[0])) * correction).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public long BytesPerGaussian(Tensor widths, int arms, int elementSize, bool gradients)
    {
        using var scope = NewDisposeScope();
        var variance = TensorMemory.Read<double>(Variance(widths.detach(), out _).to(ScalarType.Float64));
        var squares = Array.ConvertAll(variance, v => 4.0 * HalfWidth(v) * HalfWidth(v));
        return (long)squares.Average() * (16 + (elementSize * ((gradients ? 4 : 3) + (arms > 1 ? arms : 0))));
    }

    /// <inheritdoc/>
    public long BytesPerImage(int arms, int elementSize, bool gradients) => (long)arms * _grid * _grid * elementSize * (gradients ? 8 : 5);

    /// <summary>[N]: variances on the grid, square cells; and what was added to all, square angstrom.</summary>
    private Tensor Variance(Tensor widths, out double common)
    {
        double narrowest = widths.detach().min().to(ScalarType.Float64).item<double>(), perAngstrom = _grid / disc.Disc.BoxLength;
        common = (GriddingProjector.MinimumVariance(accuracy, disc.Disc.Radius, _grid) / (perAngstrom * perAngstrom)) - (narrowest * narrowest);
        return (widths.square() + common) * (perAngstrom * perAngstrom);
    }

    /// <summary>The least even number from a given one on whose transform is fast: one with prime factors 2, 3 and 5.</summary>
    private static int NextFastEven(int least)
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

    private int HalfWidth(double variance)
    {
        var support = Math.Sqrt(2 * Math.Log(3 / accuracy) * variance);
        // The grid is periodic, so a square may be larger than it. A Gaussian as wide as that has nothing in the band but k = 0.
        return Math.Min(_grid, Array.Find(HalfWidths, h => h >= support) is var h and > 0 ? h : _grid);
    }

    /// <summary>Gaussians by the half width of their squares. The indices come from the host: one small copy each way per call.</summary>
    private IEnumerable<(int Half, Tensor Members)> Groups(Tensor variance)
    {
        var values = TensorMemory.Read<double>(variance.detach().to(ScalarType.Float64));
        var groups = new SortedDictionary<int, List<long>>();
        for (var j = 0; j < values.Length; j++)
        {
            var half = HalfWidth(values[j]);
            (groups.TryGetValue(half, out var list) ? list : groups[half] = []).Add(j);
        }

        foreach (var (half, members) in groups)
        {
            yield return (half, TensorMemory.Write(members.ToArray(), [members.Count], variance.device));
        }
    }

    private (Tensor Index, Tensor Correction) Correction(double common, ScalarType dtype, Device device)
    {
        var d = disc.Disc;
        var index = new long[d.Count];
        var correction = new double[d.Count];
        var exponent = 2 * Math.PI * Math.PI * common / (d.BoxLength * d.BoxLength);
        for (var i = 0; i < index.Length; i++)
        {
            int kx = d.Kx[i], ky = d.Ky[i];
            index[i] = ((ky < 0 ? ky + _grid : ky) * ((_grid / 2) + 1)) + kx;
            // The box centre lies at cell M/2, M even: a sign.
            correction[i] = (((kx + ky) & 1) == 0 ? 1 : -1) * Math.Exp(exponent * ((kx * kx) + (ky * ky)));
        }

        return (tensor(index).to(device), tensor(correction).to(dtype, device));
    }

    /// <summary>The squares of cells of a group of Gaussians: their values and their places in the grids of all images.</summary>
    private readonly struct Deposit
    {
        public Deposit(Tensor place, Tensor variance, int half, int grid)
        {
            long images = place.shape[0];
            var offsets = arange(1 - half, half + 1, dtype: ScalarType.Int64, device: place.device);
            var corner = place.detach().floor();
            var distance = (place - corner).unsqueeze(3) - offsets.to(place.dtype);
            // A Gaussian of unit integral, as a product of two.
            var shape = (distance.square() * (-0.5 / variance).reshape(1, -1, 1, 1)).exp() * (1 / (2 * Math.PI * variance)).sqrt().reshape(1, -1, 1, 1);
            Values = shape.select(2, 1).unsqueeze(3) * shape.select(2, 0).unsqueeze(2);
            var cell = (corner.to(ScalarType.Int64).unsqueeze(3) + offsets).remainder(grid);
            var image = (arange(images, dtype: ScalarType.Int64, device: place.device) * ((long)grid * grid)).reshape(-1, 1, 1, 1);
            Index = (image + (cell.select(2, 1) * grid).unsqueeze(3) + cell.select(2, 0).unsqueeze(2)).reshape(-1);
        }

        /// <summary>[B, N, 2h, 2h], rows along y.</summary>
        public Tensor Values { get; }

        /// <summary>The same, flat: index into B grids.</summary>
        public Tensor Index { get; }
    }
}
