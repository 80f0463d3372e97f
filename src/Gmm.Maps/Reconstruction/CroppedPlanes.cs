namespace Gmm.Maps;

/// <summary>
/// The planes of a map between its two transforms, each cropped to the box: in memory of their own, or, where the sums are given up, in that of the sums
/// that were read already.
/// </summary>
/// <remarks>
/// The planes z and -z of the sums become the real and the imaginary part of one plane. Far from the centre the sphere's planes are smaller than the
/// box: what becomes of those goes behind what has become of planes near the centre, in a second stage.
/// </remarks>
internal sealed class CroppedPlanes
{
    private readonly IGridSums _sums;
    private readonly int _length;
    private readonly int _extent;
    private readonly int _fitting;
    private readonly float[][] _own;

    /// <summary>Makes room for planes.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="limit">The last plane, from 0.</param>
    public CroppedPlanes(IGridSums sums, int limit)
    {
        (_sums, _extent) = (sums, sums.Grid.Extent);
        _length = sums.Grid.BoxSize * sums.Grid.BoxSize;
        // The plane z = 0 is its own mirror: both parts are in it.
        _fitting = Room(0) < 2 * _length ? 0 : Enumerable.Range(1, limit).FirstOrDefault(z => Room(z) < _length, limit + 1);
        _own = new float[limit + 1][];
        for (var z = _fitting; z <= limit; z++)
        {
            _own[z] = HasHost(z) ? [] : new float[2 * _length];
        }

        Stages = _fitting is 0 || _fitting > limit ? [(0, limit + 1)] : [(0, _fitting), (_fitting, limit + 1)];
    }

    /// <summary>Which planes may be made at a time, from and to before.</summary>
    public IReadOnlyList<(int First, int End)> Stages { get; }

    /// <summary>The real part of a plane, after the sums of it and its mirror were read.</summary>
    /// <param name="z">The plane, from 0.</param>
    public Span<float> Re(int z) => Part(z, 1);

    /// <summary>The imaginary part.</summary>
    /// <param name="z">The plane, from 0.</param>
    public Span<float> Im(int z) => Part(z, -1);

    private Span<float> Part(int z, int side) => z < _fitting
        ? _sums.Reuse(_extent + (side * z)).Slice(z == 0 && side < 0 ? _length : 0, _length)
        : _own[z] is { Length: > 0 } own
            ? own.AsSpan(side < 0 ? _length : 0, _length)
            : _sums.Reuse(_extent + (side * Host(z))).Slice(_length, _length);

    /// <summary>The plane behind which another goes.</summary>
    private int Host(int z) => z - _fitting + 1;

    private bool HasHost(int z) => Host(z) < _fitting && Room(Host(z)) >= 2 * _length;

    private int Room(int z) => Math.Min(_sums.Reuse(_extent + z).Length, _sums.Reuse(_extent - z).Length);
}
