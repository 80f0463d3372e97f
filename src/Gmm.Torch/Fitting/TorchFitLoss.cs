using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>
/// The comparison of Gaussians with a map on a device, by the gridding of <see cref="GriddingKernel"/> in three dimensions: Gaussians deposited on a grid, one
/// transform, and for the derivatives one transform back and a gather. The grid is Float32, sums over shells are Float64.
/// </summary>
internal sealed class TorchFitLoss : IFitLoss
{
    // Cells of the grid per shell: smaller supports than the managed transform's 2.6, at the price of a larger transform, which libtorch does well.
    private const double CellsPerShell = 3;

    // Values of a cell that a Gaussian touches: its place (8 bytes), the product, what is gathered, and what the products over the axes leave.
    private const long BytesPerCell = 24;

    private readonly double _tolerance;
    private readonly int _grid;
    private readonly double _boxLength;
    private readonly double _least;
    private readonly long _memoryBytes;
    private readonly Device _device;
    private readonly Tensor _target;
    private readonly Tensor _shell;
    private readonly Tensor _factor;
    private readonly Tensor _index;
    private readonly Tensor _square;
    private readonly Tensor _sign;
    private readonly Tensor _selfConjugate;
    private readonly Tensor _mirror;
    private Tensor? _derivative;
    private float[] _map = [];

    /// <summary>Copies a target to a device.</summary>
    /// <param name="target">What Gaussians are compared with.</param>
    /// <param name="tolerance">Relative error of the transforms.</param>
    /// <param name="device">The device.</param>
    /// <param name="memoryBytes">Bytes of working memory beside the grid, roughly.</param>
    public TorchFitLoss(FitTarget target, double tolerance, Device device, long memoryBytes)
    {
        (_tolerance, _device, _memoryBytes, _boxLength) = (tolerance, device, memoryBytes, target.BoxLength);
        _grid = GridSupports.NextFastEven(Math.Max(16, (int)Math.Ceiling(CellsPerShell * target.Radius)));
        _least = GriddingProjector.MinimumVariance(tolerance, target.Radius, _grid);
        var n = target.Count;
        short[] kx = new short[n], ky = new short[n], kz = new short[n];
        target.CopyFrequencies(kx, ky, kz);
        var places = Enumerable.Range(0, n).Select(i => Cell(kx[i], ky[i], kz[i])).ToArray();
        long[] conjugate = [.. Enumerable.Range(0, n).Where(i => kx[i] == 0).Select(i => (long)i)];
        using var scope = NewDisposeScope();
        Tensor Send<T>(T[] values)
            where T : unmanaged => TensorMemory.Write(values, [values.Length], device);
        Tensor Keep<T>(T[] values)
            where T : unmanaged => Send(values).DetachFromDisposeScope();
        _target = complex(Send(target.Re.ToArray()), Send(target.Im.ToArray())).DetachFromDisposeScope();
        _shell = Keep(Array.ConvertAll(target.Shells.ToArray(), q => (long)q));
        _factor = Keep(Array.ConvertAll(target.Shells.ToArray(), q => (float)target.Factors[q]));
        _index = Keep(places);
        _square = Keep([.. Enumerable.Range(0, n).Select(i => (double)((kx[i] * kx[i]) + (ky[i] * ky[i]) + (kz[i] * kz[i])))]);
        // The box centre lies at cell M/2, M even: a sign.
        _sign = Keep([.. Enumerable.Range(0, n).Select(i => ((kx[i] + ky[i] + kz[i]) & 1) == 0 ? 1.0 : -1.0)]);
        _selfConjugate = Keep(conjugate);
        _mirror = Keep(Array.ConvertAll(conjugate, i => Cell(0, -ky[i], -kz[i])));
        Shells = target.Radius + 1;
    }

    private int Shells { get; }

    /// <inheritdoc/>
    public void Compare(ReadOnlySpan<float> gaussians, Span<double> shells, Span<float> gradient)
    {
        using var no = no_grad();
        using var scope = NewDisposeScope();
        var n = gaussians.Length / 5;
        var placed = Place(gaussians, n);
        var grid = zeros([(long)_grid * _grid * _grid], device: _device);
        ForGroups(placed, (part, half) =>
        {
            var sides = Sides(part, half, out var index);
            var weighted = sides.Shapes.select(2, 2) * part.Amplitudes.reshape(1, -1, 1);
            grid.index_add_(0, index, Product(weighted[0], sides.Shapes.select(2, 1)[0], sides.Shapes.select(2, 0)[0]).reshape(-1), 1.0);
        });
        var correction = Correction(placed.Common);
        var found = fft.rfftn(grid.reshape(_grid, _grid, _grid)).reshape(-1).index_select(0, _index) * correction;
        var difference = found - _target;
        Tensor Real(Tensor a, Tensor b) => (a.real.to(ScalarType.Float64) * b.real) + (a.imag.to(ScalarType.Float64) * b.imag);
        var terms = stack([Real(found, _target), Real(found, found), Real(difference, difference)], 1);
        var sums = zeros([Shells, 3], dtype: ScalarType.Float64, device: _device).index_add_(0, _shell, terms, 1.0);
        TensorMemory.Read<double>(sums).CopyTo(shells);
        _derivative?.Dispose();
        _derivative = (difference * _factor).DetachFromDisposeScope();
        var slope = Spread(correction).reshape(-1);
        var result = zeros([5, n], device: _device);
        ForGroups(placed, (part, half) => result.index_copy_(1, part.Members, Gather(slope, part, half)));
        TensorMemory.Read<float>(result).CopyTo(gradient);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> AmplitudeGradient(double width, out int side)
    {
        side = _grid;
        using var no = no_grad();
        using var scope = NewDisposeScope();
        return _map = TensorMemory.Read<float>(Spread(Correction(-width * width)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in (ReadOnlySpan<Tensor?>)[_target, _shell, _factor, _index, _square, _sign, _selfConjugate, _mirror, _derivative])
        {
            tensor?.Dispose();
        }
    }

    private long Cell(int kx, int ky, int kz)
    {
        long Wrap(int k) => k < 0 ? k + _grid : k;
        return (((Wrap(kz) * _grid) + Wrap(ky)) * ((_grid / 2) + 1)) + kx;
    }

    /// <summary>Gaussians on the grid. Their widths are on the host, so the device is not asked for them.</summary>
    private Placed Place(ReadOnlySpan<float> gaussians, int n)
    {
        var perAngstrom = _grid / _boxLength;
        var narrowest = System.Numerics.Tensors.TensorPrimitives.Min(gaussians[(4 * n)..]);
        if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(gaussians) || narrowest <= 0)
        {
            throw new ArgumentException("Gaussians must be finite and their widths positive.", nameof(gaussians));
        }

        var common = (_least / (perAngstrom * perAngstrom)) - ((double)narrowest * narrowest);
        var variances = new double[n];
        for (var j = 0; j < n; j++)
        {
            double width = gaussians[(4 * n) + j];
            variances[j] = ((width * width) + common) * perAngstrom * perAngstrom;
        }

        var values = TensorMemory.Write(gaussians.ToArray(), [5, n], _device);
        return new Placed(
            (values.narrow(0, 0, 3).t() * perAngstrom) + (_grid / 2), values[3], values[4], TensorMemory.Write(variances, [n], _device).to(ScalarType.Float32),
            arange(n, dtype: ScalarType.Int64, device: _device), common, variances);
    }

    /// <summary>Does work on Gaussians of one half width, as many at a time as the memory allows.</summary>
    private void ForGroups(Placed all, Action<Placed, int> work)
    {
        foreach (var (half, members) in GridSupports.Groups(all.Variances, _tolerance, _grid))
        {
            var cells = 8L * half * half * half;
            var chunks = Chunks.Choose("model fit", members.Length, 1, 0, cells * BytesPerCell, _memoryBytes);
            chunks.Run(members.Length, (first, count) =>
            {
                using var scope = NewDisposeScope();
                work(all.Of(TensorMemory.Write(members[(int)first..(int)(first + count)], [count], _device)), half);
            });
        }
    }

    /// <summary>Values along the axes, [1, n, 3, 2h], and the cells of their products, flat.</summary>
    private GridSupports Sides(Placed part, int half, out Tensor index)
    {
        var sides = new GridSupports(part.Centres.unsqueeze(0), part.Variance, half, _grid);
        Tensor Along(int axis) => sides.Cells[0].select(1, axis);
        var rows = ((Along(2) * _grid).unsqueeze(2) + Along(1).unsqueeze(1)) * _grid;
        index = (rows.unsqueeze(3) + Along(0).unsqueeze(1).unsqueeze(1)).reshape(-1);
        return sides;
    }

    /// <summary>[n, z, y, x].</summary>
    private static Tensor Product(Tensor z, Tensor y, Tensor x) => (z.unsqueeze(2) * y.unsqueeze(1)).unsqueeze(3) * x.unsqueeze(1).unsqueeze(1);

    /// <summary>
    /// [5, n]: the derivatives with respect to centres, amplitudes and widths, from the moments of the loss's derivative around each Gaussian, of which
    /// the axes are taken out one by one.
    /// </summary>
    private Tensor Gather(Tensor slope, Placed part, int half)
    {
        var sides = Sides(part, half, out var index);
        long n = part.Members.shape[0], h = 2L * half;
        Tensor Powers(int axis)
        {
            Tensor shape = sides.Shapes[0].select(1, axis), distance = sides.Distances[0].select(1, axis);
            return stack([shape, shape * distance, shape * distance.square()], 2);
        }

        // A distance is from the cell to the centre, so that the first moment points back from where the derivative is.
        var x = bmm(slope.index_select(0, index).reshape(n, h * h, h), Powers(0));
        var y = bmm(x.reshape(n, h, h, 3).transpose(2, 3).reshape(n, 3 * h, h), Powers(1));
        var z = bmm(Powers(2).transpose(1, 2), y.reshape(n, h, 9));
        Tensor Moment(int pz, int px, int py) => z.select(1, pz).select(1, (3 * px) + py);
        var perAngstrom = _grid / _boxLength;
        var whole = Moment(0, 0, 0);
        var byPlace = part.Amplitudes / part.Variance * -perAngstrom;
        var second = Moment(2, 0, 0) + Moment(0, 2, 0) + Moment(0, 0, 2);
        var byVariance = part.Amplitudes * ((0.5 * second / part.Variance) - (1.5 * whole)) / part.Variance;
        return stack(
            [
                byPlace * Moment(0, 1, 0), byPlace * Moment(0, 0, 1), byPlace * Moment(1, 0, 0), whole,
                byVariance * part.Widths * (2 * perAngstrom * perAngstrom),
            ],
            0);
    }

    /// <summary>[K]: what takes a common variance (square angstrom) out of the coefficients, with the sign of the box centre's place.</summary>
    private Tensor Correction(double common) =>
        ((_square * (2 * Math.PI * Math.PI * common / (_boxLength * _boxLength))).exp() * _sign).to(ScalarType.Float32);

    /// <summary>
    /// [M, M, M]: the derivative of the loss with respect to the grid's cells. Of each pair of coefficients one is held: the transform back counts
    /// both, but for those with kx = 0, whose mirror images are put in.
    /// </summary>
    private Tensor Spread(Tensor correction)
    {
        var half = _derivative! * correction * 0.5f;
        var spectrum = zeros([(long)_grid * _grid * ((_grid / 2) + 1)], dtype: ScalarType.ComplexFloat32, device: _device);
        spectrum.index_add_(0, _index, half, 1.0);
        spectrum.index_add_(0, _mirror, half.index_select(0, _selfConjugate).conj().resolve_conj(), 1.0);
        return fft.irfftn(spectrum.reshape(_grid, _grid, (_grid / 2) + 1), [_grid, _grid, _grid], norm: FFTNormType.Forward);
    }

    /// <summary>Gaussians on the grid.</summary>
    /// <param name="Centres">[n, 3], cells.</param>
    /// <param name="Amplitudes">[n].</param>
    /// <param name="Widths">[n], angstrom.</param>
    /// <param name="Variance">[n], square cells.</param>
    /// <param name="Members">[n]: their numbers among all.</param>
    /// <param name="Common">What was added to all variances, square angstrom.</param>
    /// <param name="Variances">The variances of all, on the host.</param>
    private sealed record Placed(
        Tensor Centres, Tensor Amplitudes, Tensor Widths, Tensor Variance, Tensor Members, double Common, double[] Variances)
    {
        public Placed Of(Tensor members) => this with
        {
            Centres = Centres.index_select(0, members),
            Amplitudes = Amplitudes.index_select(0, members),
            Widths = Widths.index_select(0, members),
            Variance = Variance.index_select(0, members),
            Members = members,
        };
    }
}
