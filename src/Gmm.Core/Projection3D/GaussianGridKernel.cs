using System.Runtime.Intrinsics;

namespace Gmm.Core;

/// <summary>Spreads one Gaussian on a periodic cubic grid, or gathers with the same values and their derivatives. Works in cells.</summary>
/// <remarks>
/// Cell (x, y, z) is at coordinate (x, y, z); the grid has Size^3 cells, x fastest. The kernel is the product of three truncated
/// one-dimensional Gaussians, left out where its distance in the yz plane is already over the support. A Gaussian that misses the grid, or is nowhere
/// (not a number), adds nothing; one that overlaps an edge is periodic. Each call proves once that the cells lie inside, before the loops that do not check.
/// </remarks>
internal sealed class GaussianGridKernel(int size)
{
    /// <summary>Half width over the grid's size at most: a Gaussian as wide as the grid, cut where the finest tolerance cuts it, needs 6.</summary>
    private const double WidestSupport = 8;

    private float[] _gx = [];
    private float[] _gy = [];
    private float[] _gz = [];
    private float[] _dy = [];
    private float[] _dz = [];
    private int _x0;
    private int _y0;
    private int _z0;
    private int _nx;
    private int _ny;
    private int _nz;
    private double _cx;
    private float _support2;

    /// <summary>The cells along an axis whose distance is within the support, not wrapped; none where none of them lies on the grid.</summary>
    /// <param name="centre">Coordinate, cells.</param>
    /// <param name="support">Half width of the kernel, cells.</param>
    /// <param name="size">Side of the grid, cells.</param>
    /// <returns>The first cell, and how many.</returns>
    /// <exception cref="ArgumentException">A support of many grids.</exception>
    public static (int First, int Count) Cells(double centre, double support, int size)
    {
        if (!(support >= 0 && support <= WidestSupport * size))
        {
            throw new ArgumentException($"A kernel of half width {support} is too wide for a grid of {size} cells.", nameof(support));
        }

        // In float64, which holds them all: the casts are made once the numbers are known to be small. A centre that is not a number fails the test.
        double first = Math.Ceiling(centre - support), last = Math.Floor(centre + support);
        return first < size && last >= Math.Max(0, first) ? ((int)first, (int)last - (int)first + 1) : (0, 0);
    }

    /// <summary>Adds weight * exp(-|r - c|^2 / (2 variance)) to the planes firstPlane..endPlane-1.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="firstPlane">First plane that may be written.</param>
    /// <param name="endPlane">One past the last plane that may be written.</param>
    /// <param name="place">Centre, variance and support, cells.</param>
    /// <param name="weight">Height.</param>
    public void Deposit(Span<float> grid, int firstPlane, int endPlane, in KernelPlace place, float weight)
    {
        CheckGrid(grid.Length);
        if (!Prepare(place))
        {
            return;
        }

        KernelRef<float> g = new(grid), kx = new(_gx);
        var inside = _x0 >= 0 && _x0 + RoundUp(_nx) <= size;
        for (var iz = 0; iz < _nz; iz++)
        {
            var z = Wrap(_z0 + iz);
            if (z < firstPlane || z >= endPlane)
            {
                continue;
            }

            var wz = weight * _gz[iz];
            for (var iy = 0; iy < _ny; iy++)
            {
                if (_dz[iz] + _dy[iy] > _support2)
                {
                    continue;
                }

                var w = wz * _gy[iy];
                var row = (nint)((((long)z * size) + Wrap(_y0 + iy)) * size);
                if (inside)
                {
                    var w8 = Vector256.Create(w);
                    var cells = g + (row + _x0);
                    for (nint ix = 0; ix < _nx; ix += 8)
                    {
                        cells.Store(Vector256.FusedMultiplyAdd(w8, kx.Load(ix), cells.Load(ix)), ix);
                    }
                }
                else
                {
                    for (var ix = 0; ix < _nx; ix++)
                    {
                        g[row + Wrap(_x0 + ix)] += w * _gx[ix];
                    }
                }
            }
        }
    }

    /// <summary>Sums of the grid's values under the kernel: S0 = sum g G, S1 = sum d g G along each axis, S2 = sum |d|^2 g G, d = r - c.</summary>
    /// <param name="grid">The grid G.</param>
    /// <param name="place">Centre, variance and support, cells.</param>
    /// <returns>The sums, in cells.</returns>
    public KernelSums Gather(ReadOnlySpan<float> grid, in KernelPlace place)
    {
        CheckGrid(grid.Length);
        if (!Prepare(place))
        {
            return default;
        }

        var inside = _x0 >= 0 && _x0 + RoundUp(_nx) <= size;
        double s0 = 0, sx = 0, sy = 0, sz = 0, s2 = 0;
        for (var block = 0; block < _nx; block += 8)
        {
            var (a, by, bz, c) = inside ? GatherBlock(grid, block, place) : GatherWrapped(grid, block, place);
            for (var lane = 0; lane < 8 && block + lane < _nx; lane++)
            {
                var k = (double)_gx[block + lane];
                var d = _x0 + block + lane - _cx;
                var ka = k * a[lane];
                s0 += ka;
                sx += d * ka;
                s2 += (d * d * ka) + (k * c[lane]);
                sy += k * by[lane];
                sz += k * bz[lane];
            }
        }

        return new KernelSums(s0, sx, sy, sz, s2);
    }

    private static int RoundUp(int n) => (n + 7) & ~7;

    private (Vector256<float> A, Vector256<float> By, Vector256<float> Bz, Vector256<float> C) GatherBlock(
        ReadOnlySpan<float> grid, int block, in KernelPlace place)
    {
        var g = KernelRef<float>.Reading(grid);
        Vector256<float> a = default, by = default, bz = default, c = default;
        for (var iz = 0; iz < _nz; iz++)
        {
            var plane = (long)Wrap(_z0 + iz) * size;
            Vector256<float> pa = default, pc = default;
            for (var iy = 0; iy < _ny; iy++)
            {
                if (_dz[iz] + _dy[iy] > _support2)
                {
                    continue;
                }

                var cells = g.Load((nint)(((plane + Wrap(_y0 + iy)) * size) + _x0 + block));
                var w = Vector256.Create(_gy[iy]) * cells;
                pa += w;
                by = Vector256.FusedMultiplyAdd(Vector256.Create((float)(_y0 + iy - place.Y) * _gz[iz]), w, by);
                pc = Vector256.FusedMultiplyAdd(Vector256.Create(_dy[iy]), w, pc);
            }

            var gz = Vector256.Create(_gz[iz]);
            a = Vector256.FusedMultiplyAdd(gz, pa, a);
            bz = Vector256.FusedMultiplyAdd(Vector256.Create((float)(_z0 + iz - place.Z) * _gz[iz]), pa, bz);
            c = Vector256.FusedMultiplyAdd(gz, Vector256.FusedMultiplyAdd(Vector256.Create(_dz[iz]), pa, pc), c);
        }

        return (a, by, bz, c);
    }

    private (Vector256<float> A, Vector256<float> By, Vector256<float> Bz, Vector256<float> C) GatherWrapped(
        ReadOnlySpan<float> grid, int block, in KernelPlace place)
    {
        Vector256<float> a = default, by = default, bz = default, c = default;
        for (var lane = 0; lane < 8; lane++)
        {
            var x = Wrap(_x0 + block + lane);
            double va = 0, vy = 0, vz = 0, vc = 0;
            for (var iz = 0; iz < _nz; iz++)
            {
                for (var iy = 0; iy < _ny; iy++)
                {
                    if (_dz[iz] + _dy[iy] > _support2)
                    {
                        continue;
                    }

                    var w = (double)_gz[iz] * _gy[iy] * grid[(int)((((long)Wrap(_z0 + iz) * size) + Wrap(_y0 + iy)) * size) + x];
                    va += w;
                    vy += (_y0 + iy - place.Y) * w;
                    vz += (_z0 + iz - place.Z) * w;
                    vc += (_dz[iz] + _dy[iy]) * w;
                }
            }

            a = a.WithElement(lane, (float)va);
            by = by.WithElement(lane, (float)vy);
            bz = bz.WithElement(lane, (float)vz);
            c = c.WithElement(lane, (float)vc);
        }

        return (a, by, bz, c);
    }

    private int Wrap(int i) => (uint)i < (uint)size ? i : (((i % size) + size) % size);

    private void CheckGrid(int cells)
    {
        if ((Int128)size * size * size > cells || size < 1)
        {
            throw new ArgumentException($"A grid of {size}^3 cells does not fit {cells} values.");
        }
    }

    /// <summary>Lays out the kernel along the three axes; false where it misses the grid.</summary>
    private bool Prepare(in KernelPlace place)
    {
        (_x0, _nx) = Cells(place.X, place.Support, size);
        (_y0, _ny) = Cells(place.Y, place.Support, size);
        (_z0, _nz) = Cells(place.Z, place.Support, size);
        if (_nx == 0 || _ny == 0 || _nz == 0)
        {
            return false;
        }

        (_cx, _support2) = (place.X, (float)(place.Support * place.Support));
        var room = RoundUp((int)(2 * place.Support) + 2);
        if (_gx.Length < room)
        {
            (_gx, _gy, _gz, _dy, _dz) = (new float[room], new float[room], new float[room], new float[room], new float[room]);
        }

        _gx.AsSpan().Clear();
        Line(_x0, _nx, place.X, place.Variance, _gx, default);
        Line(_y0, _ny, place.Y, place.Variance, _gy, _dy);
        Line(_z0, _nz, place.Z, place.Variance, _gz, _dz);
        return true;
    }

    /// <summary>One axis: the kernel at whole cells, and the squared distances where wanted.</summary>
    private static void Line(int first, int count, double centre, double variance, Span<float> values, Span<float> squares)
    {
        var d0 = (float)(first - centre);
        var scale = Vector256.Create((float)(-0.5 / variance));
        for (var i = 0; i < count; i += 8)
        {
            var d = Vector256.Create(d0 + i) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
            Vector256.Exp(d * d * scale).CopyTo(values[i..]);
            if (!squares.IsEmpty)
            {
                (d * d).CopyTo(squares[i..]);
            }
        }

        values[count..Math.Min(values.Length, RoundUp(count))].Clear();
    }
}

/// <summary>Where a Gaussian lies on the grid and how wide it is, in cells.</summary>
/// <param name="X">Coordinate along x.</param>
/// <param name="Y">Coordinate along y.</param>
/// <param name="Z">Coordinate along z.</param>
/// <param name="Variance">Variance, square cells.</param>
/// <param name="Support">Half width of the kernel.</param>
internal readonly record struct KernelPlace(double X, double Y, double Z, double Variance, double Support);

/// <summary>Sums of a grid under a kernel.</summary>
/// <param name="S0">Plain.</param>
/// <param name="X">Times the distance along x.</param>
/// <param name="Y">Times the distance along y.</param>
/// <param name="Z">Times the distance along z.</param>
/// <param name="S2">Times the squared distance.</param>
internal readonly record struct KernelSums(double S0, double X, double Y, double Z, double S2);
