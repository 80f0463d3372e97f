using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Values of a mask between its voxels, by trilinear interpolation; 0 outside the centres of the outermost voxels.</summary>
/// <param name="mask">The mask.</param>
internal sealed class MaskSampler(SolventMask mask)
{
    private readonly float[] _voxels = mask.Voxels;
    private readonly int _n = mask.Size;
    private readonly double _scale = 1 / mask.PixelSize;

    /// <summary>The mask at a point.</summary>
    /// <param name="x">X, angstrom from the box centre.</param>
    /// <param name="y">Y.</param>
    /// <param name="z">Z.</param>
    /// <returns>0 to 1.</returns>
    public double At(double x, double y, double z)
    {
        double fx = (x * _scale) + (_n / 2), fy = (y * _scale) + (_n / 2), fz = (z * _scale) + (_n / 2);
        if (_n < 2 || !(fx >= 0 && fy >= 0 && fz >= 0 && fx <= _n - 1 && fy <= _n - 1 && fz <= _n - 1))
        {
            return 0;
        }

        // On the last plane itself the cell before it is used, with weight 1 on its far side.
        int ix = Math.Min((int)fx, _n - 2), iy = Math.Min((int)fy, _n - 2), iz = Math.Min((int)fz, _n - 2);
        var tz = fz - iz;
        var near = (((iz * _n) + iy) * _n) + ix;
        var a = Plane(near, fx - ix, fy - iy);
        return Math.Clamp(a + (tz * (Plane(near + (_n * _n), fx - ix, fy - iy) - a)), 0, 1);
    }

    /// <summary>The mask at the centre of every Gaussian.</summary>
    /// <param name="model">The model.</param>
    /// <returns>A value per Gaussian.</returns>
    public double[] At(GaussianModel model)
    {
        var values = new double[model.Count];
        for (var j = 0; j < values.Length; j++)
        {
            values[j] = At(model.X[j], model.Y[j], model.Z[j]);
        }

        return values;
    }

    private double Plane(int i, double tx, double ty)
    {
        double a = _voxels[i] + (tx * (_voxels[i + 1] - _voxels[i])), b = _voxels[i + _n] + (tx * (_voxels[i + _n + 1] - _voxels[i + _n]));
        return a + (ty * (b - a));
    }
}
