namespace Gmm.Maps;

/// <summary>Atoms sorted into cubic cells, to find those near a position.</summary>
internal sealed class AtomCells
{
    private readonly double[] _x, _y, _z;
    private readonly double _side, _minX, _minY, _minZ;
    private readonly Dictionary<(int, int, int), List<int>> _cells = [];

    /// <summary>Sorts atoms.</summary>
    /// <param name="x">X, angstrom.</param>
    /// <param name="y">Y.</param>
    /// <param name="z">Z.</param>
    /// <param name="reach">Greatest distance that is asked for, angstrom; the side of the cells.</param>
    public AtomCells(double[] x, double[] y, double[] z, double reach)
    {
        (_x, _y, _z, _side) = (x, y, z, reach);
        (_minX, _minY, _minZ) = (x.Min(), y.Min(), z.Min());
        for (var i = 0; i < x.Length; i++)
        {
            var key = Cell(x[i], y[i], z[i]);
            if (!_cells.TryGetValue(key, out var list))
            {
                _cells[key] = list = [];
            }

            list.Add(i);
        }
    }

    /// <summary>The atoms within reach of an atom, itself not among them, nearest first.</summary>
    /// <param name="atom">The atom.</param>
    /// <param name="found">Cleared, then filled with squared distance, atom.</param>
    public void Neighbours(int atom, List<(double Distance2, int Atom)> found)
    {
        found.Clear();
        var (cx, cy, cz) = Cell(_x[atom], _y[atom], _z[atom]);
        for (var n = 0; n < 27; n++)
        {
            if (!_cells.TryGetValue((cx + (n % 3) - 1, cy + (n / 3 % 3) - 1, cz + (n / 9) - 1), out var list))
            {
                continue;
            }

            foreach (var j in list)
            {
                double dx = _x[j] - _x[atom], dy = _y[j] - _y[atom], dz = _z[j] - _z[atom];
                var d2 = (dx * dx) + (dy * dy) + (dz * dz);
                if (j != atom && d2 <= _side * _side)
                {
                    found.Add((d2, j));
                }
            }
        }

        found.Sort();
    }

    private (int X, int Y, int Z) Cell(double x, double y, double z) =>
        ((int)Math.Floor((x - _minX) / _side), (int)Math.Floor((y - _minY) / _side), (int)Math.Floor((z - _minZ) / _side));
}
