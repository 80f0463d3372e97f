using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Torch;

/// <summary>
/// The sums of a direct Fourier inversion on a device: CTF-weighted coefficients and their weights, scattered over the padded grid by the managed
/// reconstructor's kernel (<see cref="FourierAccumulator"/>), which also makes the map of them.
/// </summary>
/// <remarks>
/// Sums are float64. On CUDA, additions to one voxel come in any order, so two runs differ by rounding; on the CPU they do not. Not safe for several callers
/// at once.
/// <example>
/// <code>
/// using var sums = new TorchReconstructor(new ReconstructionGrid(box, pixelSize, 1.5), device);
/// sums.Insert(disc, discsOfImages, transfers, rotations, shifts);
/// float[] map = sums.ToAccumulator().Finish(new ComputeOptions());
/// </code>
/// </example>
/// </remarks>
public sealed class TorchReconstructor : IDeferredSums
{
    private const int Taps = GriddingWindow.Taps;

    // Samples scattered at a time: 16 rows of indices and values for each are a few hundred bytes.
    private const long BytesPerSample = 900;

    private readonly Device _device;
    private readonly long _memoryBytes;
    private readonly Tensor _table;
    private readonly Tensor _rowStart;
    private readonly Tensor[] _sums;

    // Of the disc inserted last: images come many pieces in a row of one disc.
    private DiscTensors? _constants;

    /// <summary>Makes empty sums.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="device">Where the sums are; the CPU by default.</param>
    /// <param name="memoryBytes">Bytes of working memory beside the sums, roughly.</param>
    public TorchReconstructor(ReconstructionGrid grid, Device? device = null, long memoryBytes = 1L << 30)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(memoryBytes);
        (Grid, _device, _memoryBytes) = (grid, device ?? CPU, memoryBytes);
        using var scope = NewDisposeScope();
        var side = grid.PlaneCells.Length;
        var starts = new long[side * side];
        long planeStart = 0;
        for (var z = 0; z < side; z++)
        {
            for (var y = 0; y < side; y++)
            {
                starts[(z * side) + y] = planeStart + (grid.RowStart[(z * side) + y] / 3);
            }

            planeStart += grid.PlaneCells[z];
        }

        _rowStart = tensor(starts).to(_device).DetachFromDisposeScope();
        _table = tensor(grid.Window.Table.ToArray()).reshape(GriddingWindow.Steps, Taps).to(ScalarType.Float64, _device).DetachFromDisposeScope();
        _sums = [.. Enumerable.Range(0, 3).Select(_ => zeros([planeStart], dtype: ScalarType.Float64, device: _device).DetachFromDisposeScope())];
    }

    /// <summary>The grid.</summary>
    public ReconstructionGrid Grid { get; }

    /// <summary>Images inserted.</summary>
    public long Count { get; private set; }

    /// <summary>Adds images.</summary>
    /// <param name="disc">Which coefficients.</param>
    /// <param name="images">[B, K] ComplexFloat32: transforms of the images, phase origin at <see cref="DiscTransform.OriginPixel"/>.</param>
    /// <param name="transfers">[B, K] Float32: what multiplies the structure's transform in each image.</param>
    /// <param name="rotations">[B, 3, 3] Float64.</param>
    /// <param name="shifts">[B, 2] Float64, angstrom.</param>
    /// <param name="weights">[B] Float32, 0 or more; null weighs all 1.</param>
    /// <param name="state">What has been done to the images: it decides whether they still have to be multiplied by their transfer.</param>
    /// <param name="scale">Factor that brings the images' values to the map's density scale.</param>
    /// <param name="sampleWeights">[K] Float32: a weight of each coefficient in both sums; null for 1.</param>
    /// <exception cref="ArgumentException">A tensor of the wrong shape, type or device; it is named.</exception>
    /// <exception cref="InvalidInputException">A value that is not finite, or too little memory even for one image.</exception>
    public void Insert(
        FourierDisc disc,
        Tensor images,
        Tensor transfers,
        Tensor rotations,
        Tensor shifts,
        Tensor? weights = null,
        CtfState state = CtfState.Unmodified,
        double scale = 1,
        Tensor? sampleWeights = null)
    {
        ArgumentNullException.ThrowIfNull(disc);
        TensorChecks.Check(images, nameof(images), [TensorChecks.Any, disc.Count], "[B, K]", ScalarType.ComplexFloat32, _device);
        var b = images.shape[0];
        TensorChecks.Check(transfers, nameof(transfers), [b, disc.Count], "[B, K]", ScalarType.Float32, _device);
        TensorChecks.Check(rotations, nameof(rotations), [b, 3, 3], "[B, 3, 3]", ScalarType.Float64, _device);
        TensorChecks.Check(shifts, nameof(shifts), [b, 2], "[B, 2]", ScalarType.Float64, _device);
        List<(Tensor, string)> values =
            [(images, nameof(images)), (transfers, nameof(transfers)), (rotations, nameof(rotations)), (shifts, nameof(shifts))];
        if (weights is not null)
        {
            TensorChecks.Check(weights, nameof(weights), [b], "[B]", ScalarType.Float32, _device);
            values.Add((weights, nameof(weights)));
        }

        if (sampleWeights is not null)
        {
            TensorChecks.Check(sampleWeights, nameof(sampleWeights), [disc.Count], "[K]", ScalarType.Float32, _device);
            values.Add((sampleWeights, nameof(sampleWeights)));
        }

        TensorChecks.Finite([.. values]);
        using var no = no_grad();
        if (_constants?.Disc != disc)
        {
            _constants?.Dispose();
            _constants = new DiscTensors(disc, ScalarType.Float64, _device);
        }

        var constants = _constants;
        var chunks = Chunks.Choose(nameof(TorchReconstructor), b, 1, disc.Count * BytesPerSample, 0, _memoryBytes);
        chunks.Run(b, (first, count) =>
        {
            using var scope = NewDisposeScope();
            var samples = Place(
                constants, images.narrow(0, first, count), transfers.narrow(0, first, count), rotations.narrow(0, first, count), shifts.narrow(0, first, count),
                weights?.narrow(0, first, count), sampleWeights, state, scale);
            Scatter(samples);
        });
        Count += b;
    }

    /// <summary>Copies the sums to a managed accumulator, which makes maps of them.</summary>
    /// <returns>A new accumulator.</returns>
    public FourierAccumulator ToAccumulator()
    {
        var result = new FourierAccumulator(Grid);
        AddTo(result);
        return result;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Sums on another grid.</exception>
    public void AddTo(FourierAccumulator target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!ReferenceEquals(target.Grid, Grid))
        {
            throw new ArgumentException("The sums are of another grid.", nameof(target));
        }

        double[] re = TensorMemory.Read<double>(_sums[0]), im = TensorMemory.Read<double>(_sums[1]), w = TensorMemory.Read<double>(_sums[2]);
        for (int z = 0, cell = 0; z < Grid.PlaneCells.Length; z++)
        {
            var plane = target.PlaneSums(z);
            for (var i = 0; i < plane.Length; i += 3, cell++)
            {
                plane[i] += re[cell];
                plane[i + 1] += im[cell];
                plane[i + 2] += w[cell];
            }
        }

        target.SliceCount += Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _table.Dispose();
        _constants?.Dispose();
        _rowStart.Dispose();
        foreach (var sum in _sums)
        {
            sum.Dispose();
        }
    }

    /// <summary>
    /// Coefficients of a batch at their places on the grid, x at least 0, those outside its sphere left out (<see cref="FourierSlice.Set"/>).
    /// </summary>
    private Samples Place(
        DiscTensors disc, Tensor images, Tensor transfers, Tensor rotations, Tensor shifts, Tensor? weights, Tensor? sampleWeights,
        CtfState state, double scale)
    {
        var length = disc.Disc.BoxLength;
        var k = stack([disc.Kx, disc.Ky], 1);
        // In float32, step by step as the managed slices: a coefficient at the edge of the sphere is inside for both or for none.
        var axes = (rotations.narrow(1, 0, 2) * (Grid.GridSize * Grid.PixelSize / length)).to(ScalarType.Float32).unsqueeze(1);
        var k32 = k.to(ScalarType.Float32).reshape(1, -1, 2, 1);
        var place = (axes.select(2, 0) * k32.select(2, 0)) + (axes.select(2, 1) * k32.select(2, 1));
        Tensor px = place.select(2, 0), py = place.select(2, 1), pz = place.select(2, 2);
        var limit = (double)Grid.SquaredReach;
        var turns = mm(shifts, k.t()) / length;
        var angle = (turns - turns.round()) * (2 * Math.PI);
        // Zero frequency is its own conjugate, so folding the halves counts it twice.
        var weight = ones_like(disc.Kx);
        weight[0] = 0.5;
        weight = sampleWeights is null ? weight : weight * sampleWeights.to(ScalarType.Float64);
        var w = weight.unsqueeze(0)
            * (weights is null ? ones([1, 1], dtype: ScalarType.Float64, device: _device) : weights.to(ScalarType.Float64).unsqueeze(1));
        var t = transfers.to(ScalarType.Float64);
        var premultiplied = state == CtfState.Premultiplied;
        var value = images.to(ScalarType.ComplexFloat64) * complex(angle.cos(), angle.sin()) * (premultiplied ? w * scale : w * scale * t);
        var power = premultiplied ? w * t : w * t * t;
        var inside = TensorMemory.Places(((px * px) + (py * py) + (pz * pz) <= limit).reshape(-1));
        place = place.reshape(-1, 3).index_select(0, inside);
        var flat = view_as_real(value).reshape(-1, 2).index_select(0, inside);
        var mirrored = place.select(1, 0) < 0;
        var sign = where(mirrored, -ones_like(place.select(1, 0)), ones_like(place.select(1, 0)));
        return new Samples(
            place * sign.unsqueeze(1), flat.select(1, 0), flat.select(1, 1) * sign, power.expand_as(t).reshape(-1).index_select(0, inside));
    }

    /// <summary>Adds samples to the four cells around them along each axis.</summary>
    private void Scatter(Samples samples)
    {
        int extent = Grid.Extent, side = (2 * extent) + 1;
        var corner = samples.Place.floor();
        // The fraction is in [0, 1]; a difference that rounds to 1 takes the last row.
        var row = ((samples.Place - corner) * GriddingWindow.Steps).to(ScalarType.Int64).clamp(0, GriddingWindow.Steps - 1);
        var cell = corner.to(ScalarType.Int64);
        Tensor Window(int axis) => _table.index_select(0, row.select(1, axis));
        Tensor wx = Window(0), wy = Window(1), wz = Window(2), x = cell.select(1, 0), y = cell.select(1, 1) - 1 + extent, z = cell.select(1, 2) - 1 + extent;
        var along = arange(Taps, dtype: ScalarType.Int64, device: _device).unsqueeze(0);
        for (var dz = 0; dz < Taps; dz++)
        {
            for (var dy = 0; dy < Taps; dy++)
            {
                using var scope = NewDisposeScope();
                var start = _rowStart.index_select(0, ((z + dz) * side) + y + dy) + x;
                var index = (start.unsqueeze(1) + along).reshape(-1);
                var weight = wx * (wz.select(1, dz) * wy.select(1, dy)).unsqueeze(1);
                Tensor[] values = [samples.Re, samples.Im, samples.Weight];
                for (var s = 0; s < values.Length; s++)
                {
                    _sums[s].index_add_(0, index, (weight * values[s].unsqueeze(1)).reshape(-1), 1.0);
                }
            }
        }
    }

    private readonly record struct Samples(Tensor Place, Tensor Re, Tensor Im, Tensor Weight);
}
