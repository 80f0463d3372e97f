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

    // Within a call of the projector the widths stay as they are: the host asks for them once.
    private (Tensor Tensor, double[] Values)? _widths;

    private readonly int _grid = GridSupports.NextFastEven(Math.Max(32, (int)Math.Ceiling(CellsPerPixel * disc.Disc.Radius)));

    /// <inheritdoc/>
    public Tensor Sum(Tensor u, Tensor amplitudes, Tensor widths, Tensor? arms)
    {
        using var scope = NewDisposeScope();
        long images = u.shape[0], sums = arms is null ? 1 : arms.shape[2], cells = (long)_grid * _grid;
        var perAngstrom = _grid / disc.Disc.BoxLength;
        var variance = Variance(widths, out var common);
        var place = (u * perAngstrom) + (_grid / 2);
        var grids = zeros([images * cells, sums], dtype: u.dtype, device: u.device);
        foreach (var (half, members) in Groups(widths))
        {
            var deposit = new Deposit(place.index_select(1, members), variance.index_select(0, members), half, _grid);
            var values = deposit.Values * amplitudes.index_select(0, members).reshape(1, -1, 1, 1);
            var weighted = arms is null ? values.unsqueeze(4) : values.unsqueeze(4) * arms.index_select(1, members).unsqueeze(2).unsqueeze(3);
            grids.index_add_(0, deposit.Index, weighted.reshape(-1, sums), 1.0);
        }

        var spectrum = fft.rfft2(grids.t().reshape(sums, images, _grid, _grid)).flatten(2).transpose(0, 1);
        var index = disc.Table($"grid {_grid} index", () => Tabulate((kx, ky) => ((ky < 0 ? ky + _grid : ky) * ((_grid / 2) + 1L)) + kx));
        // The box centre lies at cell M/2, M even: a sign.
        var sign = disc.Table("grid sign", () => Tabulate((kx, ky) => ((kx + ky) & 1) == 0 ? 1.0 : -1.0));
        var square = disc.Table("grid square", () => Tabulate((kx, ky) => (double)((kx * kx) + (ky * ky))));
        var exponent = 2 * Math.PI * Math.PI * common / (disc.Disc.BoxLength * disc.Disc.BoxLength);
        var correction = (sign * (square * exponent).exp()).to(u.dtype);
        return (spectrum.gather(2, index.expand(images, sums, index.shape[0])) * correction).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public long BytesPerGaussian(Tensor widths, int arms, int elementSize, bool gradients)
    {
        var squares = Array.ConvertAll(Variances(widths, out _), v => 4.0 * Math.Pow(GridSupports.HalfWidth(v, accuracy, _grid), 2));
        return (long)squares.Average() * (16 + (elementSize * ((gradients ? 4 : 3) + (arms > 1 ? arms : 0))));
    }

    /// <inheritdoc/>
    public long BytesPerImage(int arms, int elementSize, bool gradients) => (long)arms * _grid * _grid * elementSize * (gradients ? 8 : 5);

    /// <summary>[N]: variances on the grid, square cells; and what was added to all, square angstrom.</summary>
    private Tensor Variance(Tensor widths, out double common)
    {
        var perAngstrom = _grid / disc.Disc.BoxLength;
        common = Common(Widths(widths));
        return (widths.square() + common) * (perAngstrom * perAngstrom);
    }

    /// <summary>The same on the host.</summary>
    private double[] Variances(Tensor widths, out double common)
    {
        var perAngstrom = _grid / disc.Disc.BoxLength;
        var values = Widths(widths);
        var added = common = Common(values);
        return Array.ConvertAll(values, w => ((w * w) + added) * (perAngstrom * perAngstrom));
    }

    private double Common(double[] widths)
    {
        double narrowest = widths.Min(), perAngstrom = _grid / disc.Disc.BoxLength;
        return (GriddingProjector.MinimumVariance(accuracy, disc.Disc.Radius, _grid) / (perAngstrom * perAngstrom)) - (narrowest * narrowest);
    }

    private double[] Widths(Tensor widths)
    {
        if (_widths is not { } known || !ReferenceEquals(known.Tensor, widths))
        {
            using var scope = NewDisposeScope();
            _widths = known = (widths, TensorMemory.Read<double>(widths.detach().to(ScalarType.Float64)));
        }

        return known.Values;
    }

    /// <summary>Gaussians by the half width of their squares. The indices come from the host: one small copy each way per call.</summary>
    private IEnumerable<(int Half, Tensor Members)> Groups(Tensor widths) =>
        GridSupports.Groups(Variances(widths, out _), accuracy, _grid)
            .Select(g => (g.Half, TensorMemory.Write(g.Members, [g.Members.Length], widths.device)));

    private Tensor Tabulate<T>(Func<int, int, T> value)
        where T : unmanaged
    {
        var d = disc.Disc;
        var values = new T[d.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(d.Kx[i], d.Ky[i]);
        }

        return TensorMemory.Write(values, [values.Length], disc.Kx.device);
    }

    /// <summary>The squares of cells of a group of Gaussians: their values and their places in the grids of all images.</summary>
    private readonly struct Deposit
    {
        public Deposit(Tensor place, Tensor variance, int half, int grid)
        {
            long images = place.shape[0];
            var sides = new GridSupports(place, variance, half, grid);
            Values = sides.Shapes.select(2, 1).unsqueeze(3) * sides.Shapes.select(2, 0).unsqueeze(2);
            var image = (arange(images, dtype: ScalarType.Int64, device: place.device) * ((long)grid * grid)).reshape(-1, 1, 1, 1);
            Index = (image + (sides.Cells.select(2, 1) * grid).unsqueeze(3) + sides.Cells.select(2, 0).unsqueeze(2)).reshape(-1);
        }

        /// <summary>[B, N, 2h, 2h], rows along y.</summary>
        public Tensor Values { get; }

        /// <summary>The same, flat: index into B grids.</summary>
        public Tensor Index { get; }
    }
}
