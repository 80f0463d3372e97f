using System.Numerics;
using Gmm.Core;

namespace Gmm.Testing;

/// <summary>
/// Gaussians whose transform, density, images and map are written down from their formulas in float64, without any projector or reconstructor of the library:
///
///   F(k) = sum_j a_j exp(-2 pi^2 s_j^2 |k|^2) exp(-2 pi i k.c_j),   rho(r) = sum_j a_j (2 pi s_j^2)^-3/2 exp(-|r - c_j|^2 / (2 s_j^2)).
/// </summary>
/// <remarks>Slow on purpose: the cost of a coefficient is an exponential and a sine for each Gaussian. For a few dozen Gaussians.</remarks>
public sealed class AnalyticModel
{
    private readonly AnalyticGaussian[] _gaussians;

    /// <summary>Makes a model of Gaussians.</summary>
    /// <param name="gaussians">The Gaussians.</param>
    public AnalyticModel(IEnumerable<AnalyticGaussian> gaussians) => _gaussians = [.. gaussians];

    /// <summary>Makes a model of the Gaussians of another.</summary>
    /// <param name="model">The model, whose float32 values are taken as they are.</param>
    public AnalyticModel(GaussianModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _gaussians = new AnalyticGaussian[model.Count];
        for (var j = 0; j < model.Count; j++)
        {
            _gaussians[j] = new AnalyticGaussian(model.X[j], model.Y[j], model.Z[j], model.Amplitudes[j], model.Widths[j]);
        }
    }

    /// <summary>The Gaussians.</summary>
    public IReadOnlyList<AnalyticGaussian> Gaussians => _gaussians;

    /// <summary>F(k), the transform of the density.</summary>
    /// <param name="kx">Frequency along x, 1/angstrom.</param>
    /// <param name="ky">Frequency along y.</param>
    /// <param name="kz">Frequency along z.</param>
    /// <returns>The coefficient, density times cubic angstrom.</returns>
    public Complex Transform(double kx, double ky, double kz)
    {
        Complex sum = 0;
        var k2 = (kx * kx) + (ky * ky) + (kz * kz);
        foreach (var g in _gaussians)
        {
            sum += g.Amplitude * Math.Exp(-2 * Math.PI * Math.PI * g.Width * g.Width * k2)
                * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((kx * g.X) + (ky * g.Y) + (kz * g.Z)));
        }

        return sum;
    }

    /// <summary>The transform of the projection at a pose (R, t): the central slice F(R' k), shifted by exp(-2 pi i k.t).</summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="kx">Frequency along the image's x, 1/angstrom.</param>
    /// <param name="ky">Frequency along the image's y.</param>
    /// <returns>The coefficient.</returns>
    public Complex Slice(Pose pose, double kx, double ky)
    {
        var m = pose.Rotation;
        var value = Transform((m.M00 * kx) + (m.M10 * ky), (m.M01 * kx) + (m.M11 * ky), (m.M02 * kx) + (m.M12 * ky));
        return value * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((kx * pose.ShiftX) + (ky * pose.ShiftY)));
    }

    /// <summary>rho(r).</summary>
    /// <param name="x">X, angstrom from the box centre.</param>
    /// <param name="y">Y.</param>
    /// <param name="z">Z.</param>
    /// <returns>The density.</returns>
    public double Density(double x, double y, double z)
    {
        double sum = 0;
        foreach (var g in _gaussians)
        {
            var v = g.Width * g.Width;
            var d2 = Math.Pow(x - g.X, 2) + Math.Pow(y - g.Y, 2) + Math.Pow(z - g.Z, 2);
            sum += g.Amplitude * Math.Pow(2 * Math.PI * v, -1.5) * Math.Exp(-d2 / (2 * v));
        }

        return sum;
    }

    /// <summary>An image without noise: the slice over the cubed pixel size, times the transfer (<see cref="ExactImages.Transfer"/>).</summary>
    /// <param name="group">The optics group of the image.</param>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="ctf">The particle's CTF.</param>
    /// <returns>ImageSize x ImageSize pixels, x fastest.</returns>
    public float[] Image(OpticsGroup group, Pose pose, CtfParameters ctf)
    {
        var disc = ExactImages.DiscOf(group);
        double[] re = new double[disc.Count], im = new double[disc.Count];
        for (var i = 0; i < disc.Count; i++)
        {
            var value = Slice(pose, disc.Kx[i] / disc.BoxLength, disc.Ky[i] / disc.BoxLength);
            (re[i], im[i]) = (value.Real, value.Imaginary);
        }

        return ExactImages.Render(group, ctf, re, im);
    }

    /// <summary>The band-limited map: F(k) over the cubed pixel size on every grid point below Nyquist, back to voxels.</summary>
    /// <param name="size">Side, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <returns>The map, its centre at voxel size/2.</returns>
    public DensityMap Map(int size, double pixelSize)
    {
        var n = size;
        var fft = new RealFft3D<double>(n, n, n);
        double[] re = new double[fft.SpectrumLength], im = new double[fft.SpectrumLength], real = new double[fft.RealLength];
        var last = (n - 1) / 2;
        for (var z = -last; z <= last; z++)
        {
            for (var y = -last; y <= last; y++)
            {
                for (var x = 0; x <= last; x++)
                {
                    var c = Transform(x / (n * pixelSize), y / (n * pixelSize), z / (n * pixelSize)) / (pixelSize * pixelSize * pixelSize)
                        * Complex.FromPolarCoordinates(1, -2 * Math.PI * (n / 2) * (x + y + z) / n);
                    var i = ((((z + n) % n * n) + ((y + n) % n)) * fft.SpectrumWidth) + x;
                    (re[i], im[i]) = (c.Real, c.Imaginary);
                }
            }
        }

        fft.Inverse(re, im, real, new double[fft.ScratchLength]);
        return new DensityMap(n, pixelSize, Array.ConvertAll(real, v => (float)v));
    }
}
