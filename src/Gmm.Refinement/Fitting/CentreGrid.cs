namespace Gmm.Refinement;

/// <summary>Points sorted into cubic cells, for finding the nearest one.</summary>
internal sealed class CentreGrid
{
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly float[] _z;
    private readonly int[] _index;
    private readonly int[] _start;
    private readonly float _cell;
    private readonly float _lowX;
    private readonly float _lowY;
    private readonly float _lowZ;
    private readonly int _nx;
    private readonly int _ny;
    private readonly int _nz;

    /// <summary>Sorts points.</summary>
    /// <param name="x">X.</param>
    /// <param name="y">Y.</param>
    /// <param name="z">Z.</param>
    /// <param name="cell">Side of a cell; about the distance of neighbours is good.</param>
    public CentreGrid(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, double cell)
    {
        float hx = Max(x), hy = Max(y), hz = Max(z);
        (_lowX, _lowY, _lowZ) = (-Max(x, -1), -Max(y, -1), -Max(z, -1));

        // No more than some cells for each point, and a thousand along an axis, however far points lie apart.
        var volume = Math.Max(1e-6, (double)(hx - _lowX + cell) * (hy - _lowY + cell) * (hz - _lowZ + cell));
        double longest = Math.Max((double)hx - _lowX, Math.Max((double)hy - _lowY, (double)hz - _lowZ));
        _cell = (float)Math.Min(float.MaxValue, Math.Max(Math.Max(cell, longest / 1000), Math.Cbrt(volume / (64.0 * x.Length))));
        _nx = (int)(((double)hx - _lowX) / _cell) + 1;
        _ny = (int)(((double)hy - _lowY) / _cell) + 1;
        _nz = (int)(((double)hz - _lowZ) / _cell) + 1;
        _start = new int[(_nx * _ny * _nz) + 1];
        var cells = new int[x.Length];
        for (var j = 0; j < x.Length; j++)
        {
            cells[j] = (((CellOf(z[j], _lowZ, _nz) * _ny) + CellOf(y[j], _lowY, _ny)) * _nx) + CellOf(x[j], _lowX, _nx);
            _start[cells[j] + 1]++;
        }

        for (var c = 0; c < _start.Length - 1; c++)
        {
            _start[c + 1] += _start[c];
        }

        var fill = (int[])_start.Clone();
        (_x, _y, _z, _index) = (new float[x.Length], new float[x.Length], new float[x.Length], new int[x.Length]);
        for (var j = 0; j < x.Length; j++)
        {
            var o = fill[cells[j]]++;
            (_x[o], _y[o], _z[o], _index[o]) = (x[j], y[j], z[j], j);
        }
    }

    /// <summary>The nearest point.</summary>
    /// <param name="x">X of the place.</param>
    /// <param name="y">Y.</param>
    /// <param name="z">Z.</param>
    /// <param name="bound">Squared distance already known to hold a point, or infinity; a point exactly there is found too.</param>
    /// <param name="without">A point that does not count (the place itself), or -1.</param>
    /// <returns>The point and its squared distance; -1 where none is within the bound.</returns>
    public (int Index, float Distance2) Nearest(float x, float y, float z, float bound = float.PositiveInfinity, int without = -1)
    {
        int cx = CellOf(x, _lowX, _nx), cy = CellOf(y, _lowY, _ny), cz = CellOf(z, _lowZ, _nz);
        var best = bound;
        var found = -1;
        var last = Math.Max(_nx, Math.Max(_ny, _nz));
        for (var ring = 0; ring <= last; ring++)
        {
            // Everything in this ring of cells is at least so far away (a place outside the cells is farther still).
            var reach = (ring - 1) * _cell;
            if (ring > 1 && reach * reach > best)
            {
                break;
            }

            for (var iz = Math.Max(0, cz - ring); iz <= Math.Min(_nz - 1, cz + ring); iz++)
            {
                var shellZ = Math.Abs(iz - cz) == ring;
                for (var iy = Math.Max(0, cy - ring); iy <= Math.Min(_ny - 1, cy + ring); iy++)
                {
                    var row = ((iz * _ny) + iy) * _nx;
                    if (shellZ || Math.Abs(iy - cy) == ring)
                    {
                        Scan(_start[row + Math.Max(0, cx - ring)], _start[row + Math.Min(_nx - 1, cx + ring) + 1], x, y, z, without, ref best, ref found);
                        continue;
                    }

                    if (cx - ring >= 0)
                    {
                        Scan(_start[row + cx - ring], _start[row + cx - ring + 1], x, y, z, without, ref best, ref found);
                    }

                    if (ring > 0 && cx + ring < _nx)
                    {
                        Scan(_start[row + cx + ring], _start[row + cx + ring + 1], x, y, z, without, ref best, ref found);
                    }
                }
            }
        }

        return (found, best);
    }

    private static float Max(ReadOnlySpan<float> values, float sign = 1)
    {
        var max = float.NegativeInfinity;
        foreach (var v in values)
        {
            max = Math.Max(max, sign * v);
        }

        return max;
    }

    private static int CellOf(float value, float low, int n, float cell) => Math.Clamp((int)MathF.Floor((value - low) / cell), 0, n - 1);

    private int CellOf(float value, float low, int n) => CellOf(value, low, n, _cell);

    private void Scan(int from, int to, float x, float y, float z, int without, ref float best, ref int found)
    {
        for (var o = from; o < to; o++)
        {
            float dx = _x[o] - x, dy = _y[o] - y, dz = _z[o] - z;
            var d = (dx * dx) + (dy * dy) + (dz * dz);
            var j = _index[o];

            // Of points equally far the lower number wins, so that the order of the search does not matter.
            if ((d < best || (d == best && (found < 0 || j < found))) && j != without)
            {
                (best, found) = (d, j);
            }
        }
    }
}
