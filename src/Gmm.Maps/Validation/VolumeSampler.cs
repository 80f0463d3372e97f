using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>Values of a map between its voxels, by trilinear interpolation at positions in the model's frame.</summary>
internal sealed class VolumeSampler
{
    private readonly float[] _voxels;
    private readonly int _nx, _ny, _nz;
    private readonly double _originX, _originY, _originZ, _scaleX, _scaleY, _scaleZ;

    /// <summary>Checks a map and takes its mean.</summary>
    /// <param name="map">The map.</param>
    /// <exception cref="InvalidInputException">Unknown voxel size, fewer than 2 voxels along an axis, a value that is not finite, or a constant
    /// map.</exception>
    public VolumeSampler(MrcVolume map)
    {
        (_nx, _ny, _nz) = map.Size;
        var p = map.PixelSize;
        if (!(p.X > 0 && p.Y > 0 && p.Z > 0) || !double.IsFinite(p.X + p.Y + p.Z))
        {
            throw new InvalidInputException($"the voxel size {p.X:G6} x {p.Y:G6} x {p.Z:G6} angstrom is not positive", map.Source, null, "header CELLA");
        }

        if (Math.Min(_nx, Math.Min(_ny, _nz)) < 2)
        {
            throw new InvalidInputException($"a map of {_nx} x {_ny} x {_nz} voxels is no volume", map.Source, null, "header NX, NY, NZ");
        }

        _voxels = map.Voxels;
        (_originX, _originY, _originZ) = map.FirstVoxel;
        (_scaleX, _scaleY, _scaleZ) = (1 / p.X, 1 / p.Y, 1 / p.Z);
        Mean = TakeMean(map.Source);
    }

    /// <summary>Mean of the voxels.</summary>
    public double Mean { get; }

    /// <summary>The value at a position, or NaN outside the centres of the outermost voxels.</summary>
    /// <param name="x">X, angstrom, in the model's frame.</param>
    /// <param name="y">Y.</param>
    /// <param name="z">Z.</param>
    /// <returns>The value.</returns>
    public double At(double x, double y, double z)
    {
        double fx = (x - _originX) * _scaleX, fy = (y - _originY) * _scaleY, fz = (z - _originZ) * _scaleZ;
        if (!(fx >= 0 && fy >= 0 && fz >= 0 && fx <= _nx - 1 && fy <= _ny - 1 && fz <= _nz - 1))
        {
            return double.NaN;
        }

        // On the last plane itself the cell before it is used, with weight 1 on its far side.
        int ix = Math.Min((int)fx, _nx - 2), iy = Math.Min((int)fy, _ny - 2), iz = Math.Min((int)fz, _nz - 2);
        double tx = fx - ix, ty = fy - iy, tz = fz - iz;
        var i = (((iz * _ny) + iy) * _nx) + ix;
        var j = i + (_nx * _ny);
        var near = Plane(i, tx, ty);
        return near + (tz * (Plane(j, tx, ty) - near));
    }

    private double Plane(int i, double tx, double ty)
    {
        double a = _voxels[i] + (tx * (_voxels[i + 1] - _voxels[i])), b = _voxels[i + _nx] + (tx * (_voxels[i + _nx + 1] - _voxels[i + _nx]));
        return a + (ty * (b - a));
    }

    private double TakeMean(string? source)
    {
        double sum = 0, minimum = double.MaxValue, maximum = double.MinValue;
        foreach (var v in _voxels)
        {
            sum += v;
            (minimum, maximum) = (Math.Min(minimum, v), Math.Max(maximum, v));
        }

        if (!double.IsFinite(sum))
        {
            var i = Array.FindIndex(_voxels, v => !float.IsFinite(v));
            throw new InvalidInputException($"voxel ({i % _nx}, {i / _nx % _ny}, {i / _nx / _ny}) is NaN or infinite", source, null, "data");
        }

        return maximum > minimum
            ? sum / _voxels.Length
            : throw new InvalidInputException($"every voxel has the value {minimum}: there is nothing to score", source, null, "data");
    }
}
