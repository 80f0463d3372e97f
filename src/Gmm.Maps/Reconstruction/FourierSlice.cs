using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// One particle's coefficients, placed on a reconstruction's grid and sorted by plane: what an accumulator inserts. A reusable buffer,
/// filled on one thread at a time.
/// </summary>
public sealed partial class FourierSlice
{
    private readonly int[] _planeStart;
    private Sample[] _samples = [];
    private Sample[] _unsorted = [];
    private float[] _ramp = [];

    /// <summary>Makes an empty slice.</summary>
    /// <param name="grid">The grid of the accumulator that will take it.</param>
    public FourierSlice(ReconstructionGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        Grid = grid;
        _planeStart = new int[(2 * grid.Extent) + 2];
    }

    /// <summary>The grid it belongs to.</summary>
    public ReconstructionGrid Grid { get; }

    /// <summary>Coefficients held.</summary>
    public int Count => _planeStart[^1];

    /// <summary>Places on the grid, ordered by their first plane, floor(z) - 1.</summary>
    internal ReadOnlySpan<Sample> Samples => _samples.AsSpan(0, Count);

    /// <summary>Index of the first sample whose kernel starts at a plane; one more entry than planes.</summary>
    internal ReadOnlySpan<int> PlaneStart => _planeStart;

    /// <summary>Fills the slice with a particle's coefficients; coefficients outside the grid's sphere are left out.</summary>
    /// <param name="disc">Which coefficients.</param>
    /// <param name="pose">The pose: the coefficient k of the image goes to A^T k, times exp(2 pi i k.t), which undoes the shift.</param>
    /// <param name="re">Real parts of the image's coefficients, phase origin at <see cref="DiscTransform.OriginPixel"/>.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="transfer">What multiplies the structure's transform in the image (<see cref="Ctf.FillTransfer"/>).</param>
    /// <param name="state">What has been done to the image: it decides whether the image still has to be multiplied by its transfer.</param>
    /// <param name="weight">Weight of the particle, zero or more.</param>
    /// <param name="scale">Factor that brings the image's values to the map's density scale.</param>
    /// <param name="sampleWeights">A weight for each coefficient, in both sums; empty for 1.</param>
    /// <exception cref="ArgumentException">Spans shorter than the disc.</exception>
    public void Set(
        FourierDisc disc,
        Pose pose,
        ReadOnlySpan<float> re,
        ReadOnlySpan<float> im,
        ReadOnlySpan<float> transfer,
        CtfState state,
        double weight = 1,
        double scale = 1,
        ReadOnlySpan<float> sampleWeights = default)
    {
        ArgumentNullException.ThrowIfNull(disc);
        if (re.Length < disc.Count || im.Length < disc.Count || transfer.Length < disc.Count
            || (!sampleWeights.IsEmpty && sampleWeights.Length < disc.Count))
        {
            throw new ArgumentException($"A disc of {disc.Count} coefficients needs spans of that length.");
        }

        Reserve(disc.Count);
        var ramp = Ramp(disc, pose);
        var count = 0;
        Array.Clear(_planeStart);
        var m = pose.Rotation;
        // Cells of the grid per Fourier pixel of the image.
        var cells = Grid.GridSize * Grid.PixelSize / disc.BoxLength;
        float ax = (float)(m.M00 * cells), ay = (float)(m.M01 * cells), az = (float)(m.M02 * cells);
        float bx = (float)(m.M10 * cells), by = (float)(m.M11 * cells), bz = (float)(m.M12 * cells);
        var limit = Grid.SquaredReach;
        float w = (float)weight, ws = (float)(weight * scale);
        var premultiplied = state == CtfState.Premultiplied;
        ReadOnlySpan<short> kxs = disc.Kx, kys = disc.Ky;
        int radius = disc.Radius, extent = Grid.Extent;
        for (var i = 0; i < kxs.Length; i++)
        {
            int kx = kxs[i], ky = kys[i];
            Sample s;
            s.X = (ax * kx) + (bx * ky);
            s.Y = (ay * kx) + (by * ky);
            s.Z = (az * kx) + (bz * ky);
            if (!((s.X * s.X) + (s.Y * s.Y) + (s.Z * s.Z) <= limit))
            {
                continue;
            }

            // Zero frequency is its own conjugate, so folding the halves counts it twice.
            var half = (i == 0 ? 0.5f : 1) * (sampleWeights.IsEmpty ? 1 : sampleWeights[i]);
            var t = transfer[i];
            var f = half * (premultiplied ? ws : ws * t);
            s.W = half * (premultiplied ? w * t : w * t * t);
            int p = 2 * kx, q = 2 * (ky + (2 * radius) + 1);
            float c = (ramp[p] * ramp[q]) - (ramp[p + 1] * ramp[q + 1]), d = (ramp[p] * ramp[q + 1]) + (ramp[p + 1] * ramp[q]);
            s.Re = f * ((c * re[i]) - (d * im[i]));
            s.Im = f * ((c * im[i]) + (d * re[i]));
            if (s.X < 0)
            {
                s = new Sample { X = -s.X, Y = -s.Y, Z = -s.Z, Re = s.Re, Im = -s.Im, W = s.W };
            }

            _planeStart[(int)MathF.Floor(s.Z) - 1 + extent + 1]++;
            _unsorted[count++] = s;
        }

        Sort(count, extent);
    }

    /// <summary>Empties the slice: nothing will be inserted.</summary>
    public void Clear() => Array.Clear(_planeStart);

    private void Reserve(int count)
    {
        if (_samples.Length < count)
        {
            _samples = new Sample[count];
            _unsorted = new Sample[count];
        }
    }

    /// <summary>Counting sort by first plane. Stable, so the order of additions to a voxel is fixed.</summary>
    private void Sort(int count, int extent)
    {
        for (var z = 1; z < _planeStart.Length; z++)
        {
            _planeStart[z] += _planeStart[z - 1];
        }

        Span<int> next = stackalloc int[_planeStart.Length];
        _planeStart.CopyTo(next);
        for (var i = 0; i < count; i++)
        {
            _samples[next[(int)MathF.Floor(_unsorted[i].Z) - 1 + extent]++] = _unsorted[i];
        }
    }

    /// <summary>exp(2 pi i kx t_x / L) for kx = 0..radius, then exp(2 pi i ky t_y / L) for ky = -radius..radius, as pairs.</summary>
    private ReadOnlySpan<float> Ramp(FourierDisc disc, Pose pose)
    {
        var radius = disc.Radius;
        var length = 2 * ((3 * radius) + 2);
        if (_ramp.Length < length)
        {
            _ramp = new float[length];
        }

        for (var i = 0; i < length / 2; i++)
        {
            var turns = (i <= radius ? i * pose.ShiftX : (i - (2 * radius) - 1) * pose.ShiftY) / disc.BoxLength;
            var (sin, cos) = Math.SinCos(2 * Math.PI * (turns - Math.Round(turns)));
            _ramp[2 * i] = (float)cos;
            _ramp[(2 * i) + 1] = (float)sin;
        }

        return _ramp.AsSpan(0, length);
    }

    /// <summary>A coefficient at its place: grid coordinates with x at least 0, weighted value, weight.</summary>
    internal struct Sample
    {
        public float X;
        public float Y;
        public float Z;
        public float Re;
        public float Im;
        public float W;
    }
}
