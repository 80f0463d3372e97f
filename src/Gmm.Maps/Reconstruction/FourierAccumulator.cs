using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// The sums of a direct Fourier inversion: CTF-weighted coefficients and their weights, spread over a padded grid by a Kaiser-Bessel
/// kernel, in float64. One accumulator holds one half set.
/// </summary>
/// <remarks>
/// The sum of a voxel runs over the slices in the order they are inserted, whatever the number of threads or the size of the batches:
/// threads share out the planes of the grid, never the particles. Not safe for use by several callers at once.
/// </remarks>
public sealed class FourierAccumulator : IGridSums
{
    /// <summary>Planes of a work item: so few that they stay in cache for a whole batch of particles (4 is faster than 1, 2 and 8 at box 160).</summary>
    internal const int SlabPlanes = 4;

    private readonly double[][] _planes;

    /// <summary>Makes empty sums.</summary>
    /// <param name="grid">The grid.</param>
    public FourierAccumulator(ReconstructionGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        Grid = grid;
        _planes = new double[grid.PlaneCells.Length][];
        for (var z = 0; z < _planes.Length; z++)
        {
            _planes[z] = new double[3 * grid.PlaneCells[z]];
        }
    }

    /// <summary>The grid.</summary>
    public ReconstructionGrid Grid { get; }

    /// <summary>Slices inserted. To be set where the sums were made elsewhere and written to <see cref="PlaneSums"/>.</summary>
    public long SliceCount { get; set; }

    /// <summary>Sums kept elsewhere that belong to these: added, and disposed, when these are looked at; null for none.</summary>
    public IDeferredSums? Deferred { get; set; }

    /// <summary>The sums themselves, to be read or written: from a device, from a file, from a reconstructor of your own.</summary>
    /// <param name="plane">Plane z + <see cref="ReconstructionGrid.Extent"/> of the grid, from 0.</param>
    /// <returns>Real part, imaginary part and weight of each cell stored, row by row as <see cref="ReconstructionGrid.RowStart"/> has them.</returns>
    public Span<double> PlaneSums(int plane)
    {
        Collect();
        return _planes[plane];
    }

    void IGridSums.Read(int plane, int start, Span<double> numbers) => PlaneSums(plane).Slice(start, numbers.Length).CopyTo(numbers);

    Span<float> IGridSums.Reuse(int plane) => [];

    /// <summary>Makes a slice for this accumulator.</summary>
    /// <returns>An empty slice.</returns>
    public FourierSlice CreateSlice() => new(Grid);

    /// <summary>Adds slices, in their order.</summary>
    /// <param name="slices">Slices made for this grid.</param>
    /// <param name="compute">Threads.</param>
    /// <exception cref="ArgumentException">A slice of another grid.</exception>
    public void Insert(IReadOnlyList<FourierSlice> slices, ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(slices);
        ArgumentNullException.ThrowIfNull(compute);
        Require(Grid, slices);
        var slabs = (_planes.Length + SlabPlanes - 1) / SlabPlanes;
        if (compute.Threads == 1)
        {
            for (var slab = 0; slab < slabs; slab++)
            {
                compute.CancellationToken.ThrowIfCancellationRequested();
                Insert(slab);
            }
        }
        else
        {
            Guarded.For(0, slabs, compute.Parallelism, Insert);
        }

        SliceCount += slices.Count;

        void Insert(int slab) =>
            InsertSlab(Grid, (_planes, 0), slab * SlabPlanes, Math.Min((slab + 1) * SlabPlanes, _planes.Length), slices);
    }

    /// <summary>Adds the sums of another accumulator of the same grid, for example of another part of the particles.</summary>
    /// <param name="other">The other sums; unchanged.</param>
    /// <exception cref="ArgumentException">The grids have different box, pixel size, padding or resolution.</exception>
    public void Add(FourierAccumulator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Collect();
        other.Collect();
        var (a, b) = (Grid, other.Grid);
        if (a.BoxSize != b.BoxSize || a.PixelSize != b.PixelSize || a.GridSize != b.GridSize || a.LastShell != b.LastShell)
        {
            throw new ArgumentException("Sums on different grids cannot be added.", nameof(other));
        }

        for (var z = 0; z < _planes.Length; z++)
        {
            System.Numerics.Tensors.TensorPrimitives.Add<double>(_planes[z], other._planes[z], _planes[z]);
        }

        SliceCount += other.SliceCount;
    }

    /// <summary>Sets all sums to zero.</summary>
    public void Clear()
    {
        Deferred?.Dispose();
        Deferred = null;
        foreach (var plane in _planes)
        {
            Array.Clear(plane);
        }

        SliceCount = 0;
    }

    /// <summary>Makes the map of the sums. They are kept, so more slices can follow.</summary>
    /// <param name="compute">Threads.</param>
    /// <param name="shellSsnr">
    /// Spectral signal-to-noise ratio of each shell of the map (<see cref="RadialProfiles.SsnrFromFsc"/>) for a Wiener filter; null gives
    /// the unfiltered map.
    /// </param>
    /// <param name="maskCorners">Whether to fade the map to a constant outside the sphere in its box; see
    /// <see cref="FourierReconstructor.MaskCorners"/>.</param>
    /// <returns>BoxSize^3 voxels; see <see cref="FourierReconstructor"/> for their scale.</returns>
    public float[] Finish(ComputeOptions compute, IReadOnlyList<double>? shellSsnr = null, bool maskCorners = true)
    {
        ArgumentNullException.ThrowIfNull(compute);
        Collect();
        return new GridFinisher(this, compute).Finish(shellSsnr, maskCorners);
    }

    /// <summary>Makes the map of sums in which every coset of a group was inserted. The sums are kept.</summary>
    internal float[] Finish(ComputeOptions compute, GridSymmetry symmetry, IReadOnlyList<double>? shellSsnr, bool maskCorners)
    {
        Collect();
        return new GridFinisher(symmetry.IsTrivialOnGrid ? this : symmetry.Apply(this, compute), compute).Finish(shellSsnr, maskCorners);
    }

    /// <summary>Adds what is kept elsewhere.</summary>
    private void Collect()
    {
        if (Deferred is { } deferred)
        {
            // Not deferred any more when it writes to the planes.
            Deferred = null;
            using (deferred)
            {
                deferred.AddTo(this);
            }
        }
    }

    /// <summary>Requires slices of a grid.</summary>
    internal static void Require(ReconstructionGrid grid, IReadOnlyList<FourierSlice> slices)
    {
        foreach (var slice in slices)
        {
            if (!ReferenceEquals(slice.Grid, grid))
            {
                throw new ArgumentException("A slice belongs to another grid.", nameof(slices));
            }
        }
    }

    /// <summary>Adds slices, in their order, to some neighbouring planes.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="planes">Planes, as <see cref="PlaneSums"/> has them, and which of the grid the first of them is.</param>
    /// <param name="first">The first plane of the grid to add to.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="slices">The slices.</param>
    internal static void InsertSlab(
        ReconstructionGrid grid, (double[][] Sums, int First) planes, int first, int end, IReadOnlyList<FourierSlice> slices)
    {
        foreach (var slice in slices)
        {
            var starts = slice.PlaneStart;
            for (var z = Math.Max(0, first - GriddingWindow.Taps + 1); z < end; z++)
            {
                var samples = slice.Samples[starts[z]..starts[z + 1]];
                if (samples.Length > 0)
                {
                    InsertPlane(grid, planes, samples, z, (Math.Max(first, z), Math.Min(end, z + GriddingWindow.Taps)));
                }
            }
        }
    }

    /// <summary>Adds samples whose kernel starts at one plane to the planes of a target, its end excluded.</summary>
    /// <remarks>
    /// A row's four cells are twelve consecutive numbers (re, im, w of each): three vectors, made once a sample and scaled for each of
    /// the sixteen rows. Fused multiply-add is exact on every machine, so results are the same on all. Places are not checked here:
    /// <see cref="FourierSlice.Set"/> takes
    /// only what lies inside the grid's sphere, with x at least 0, and <see cref="ReconstructionGrid"/> makes every row two cells longer than the sphere needs.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InsertPlane(
        ReconstructionGrid grid, (double[][] Sums, int First) planes, ReadOnlySpan<FourierSlice.Sample> samples, int basePlane, (int From, int End) target)
    {
        var extent = grid.Extent;
        var side = (2 * extent) + 1;
        var table = KernelRef<float>.Reading(grid.Window.Table);
        var rows = KernelRef<int>.Reading(grid.RowStart);
        foreach (ref readonly var s in samples)
        {
            var ix = float.ConvertToIntegerNative<int>(s.X);
            var (tz, ty, tx) = (MathF.Floor(s.Z), MathF.Floor(s.Y), (float)ix);
            var kx = Widen(table.LoadHalf(Row(s.X - tx)));
            var a = Vector256.Create(s.Re, (double)s.Im, s.W, s.Re) * Vector256.Shuffle(kx, Vector256.Create(0L, 0, 0, 1));
            var b = Vector256.Create(s.Im, (double)s.W, s.Re, s.Im) * Vector256.Shuffle(kx, Vector256.Create(1L, 1, 2, 2));
            var c = Vector256.Create(s.W, (double)s.Re, s.Im, s.W) * Vector256.Shuffle(kx, Vector256.Create(2L, 3, 3, 3));
            var ky = Widen(table.LoadHalf(Row(s.Y - ty)));
            var kz = table + Row(s.Z - tz);
            var row = rows + (((nint)target.From * side) + float.ConvertToIntegerNative<int>(ty) - 1 + extent);
            for (var z = target.From; z < target.End; z++, row += side)
            {
                var scales = ky * Vector256.Create((double)kz[z - basePlane]);
                var plane = new KernelRef<double>(planes.Sums[z - planes.First]) + (3 * ix);
                AddRow(plane + row[0], a, b, c, Vector256.Shuffle(scales, Vector256.Create(0L)));
                AddRow(plane + row[1], a, b, c, Vector256.Shuffle(scales, Vector256.Create(1L)));
                AddRow(plane + row[2], a, b, c, Vector256.Shuffle(scales, Vector256.Create(2L)));
                AddRow(plane + row[3], a, b, c, Vector256.Shuffle(scales, Vector256.Create(3L)));
            }
        }

        // The fraction is in [0, 1]; a difference that rounds to 1 takes the last row.
        static nint Row(float fraction) =>
            (nint)(GriddingWindow.Taps * Math.Min(float.ConvertToIntegerNative<int>(fraction * GriddingWindow.Steps), GriddingWindow.Steps - 1));

        static void AddRow(KernelRef<double> cell, Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> scale)
        {
            cell.Store(Vector256.FusedMultiplyAdd(a, scale, cell.Load()));
            cell.Store(Vector256.FusedMultiplyAdd(b, scale, cell.Load(4)), 4);
            cell.Store(Vector256.FusedMultiplyAdd(c, scale, cell.Load(8)), 8);
        }

        static Vector256<double> Widen(Vector128<float> v) => Vector256.Create(Vector128.WidenLower(v), Vector128.WidenUpper(v));
    }
}
