using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Coefficients on the two halves of a curved surface.</summary>
public sealed partial class FourierSlice
{
    /// <summary>
    /// Fills the slice with a particle's coefficients on the Ewald sphere: with T = S sin(chi) the transfer and U = S cos(chi) its quadrature,
    /// D = (T - i U) / 2 F(k, c) + (T + i U) / 2 F(k, -c), c = curvature |k|^2. Each half gets the conjugate of its factor times D, and the weight
    /// ((1 - g) U^2 + (1 + g) T^2) / 4, g how alike the halves are: what the other half adds to the numerator is alike only so far.
    /// </summary>
    /// <param name="disc">Which coefficients.</param>
    /// <param name="pose">The pose.</param>
    /// <param name="re">Real parts of the image's coefficients.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="transfer">T.</param>
    /// <param name="quadrature">U.</param>
    /// <param name="curvature">Fourier pixels of k_z for each square Fourier pixel of |k|^2.</param>
    /// <param name="coherence">g of each coefficient.</param>
    /// <param name="weight">Weight of the particle.</param>
    /// <param name="scale">Factor to the map's density scale.</param>
    /// <param name="sampleWeights">A weight for each coefficient, in both sums.</param>
    internal void SetCurved(
        FourierDisc disc, Pose pose, ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer, ReadOnlySpan<float> quadrature,
        double curvature, ReadOnlySpan<float> coherence, double weight, double scale, ReadOnlySpan<float> sampleWeights)
    {
        Reserve(2 * disc.Count);
        var ramp = Ramp(disc, pose);
        var count = 0;
        Array.Clear(_planeStart);
        var m = pose.Rotation;
        var cells = Grid.GridSize * Grid.PixelSize / disc.BoxLength;
        var limit = Grid.SquaredReach;
        ReadOnlySpan<short> kxs = disc.Kx, kys = disc.Ky;
        int radius = disc.Radius, extent = Grid.Extent;
        for (var i = 0; i < kxs.Length; i++)
        {
            int kx = kxs[i], ky = kys[i];
            double w = (i == 0 ? 0.5 : 1) * weight * sampleWeights[i], t = transfer[i], u = quadrature[i], g = coherence[i];
            int p = 2 * kx, q = 2 * (ky + (2 * radius) + 1);
            double c = (ramp[p] * ramp[q]) - (ramp[p + 1] * ramp[q + 1]), d = (ramp[p] * ramp[q + 1]) + (ramp[p + 1] * ramp[q]);
            double dr = 0.5 * scale * w * ((c * re[i]) - (d * im[i])), di = 0.5 * scale * w * ((c * im[i]) + (d * re[i]));
            var kz = curvature * ((kx * kx) + (ky * ky));
            for (var half = 1; half >= -1; half -= 2)
            {
                Sample s;
                s.X = (float)(cells * ((m.M00 * kx) + (m.M10 * ky) + (half * m.M20 * kz)));
                s.Y = (float)(cells * ((m.M01 * kx) + (m.M11 * ky) + (half * m.M21 * kz)));
                s.Z = (float)(cells * ((m.M02 * kx) + (m.M12 * ky) + (half * m.M22 * kz)));
                if (!((s.X * s.X) + (s.Y * s.Y) + (s.Z * s.Z) <= limit))
                {
                    continue;
                }

                s.Re = (float)((t * dr) - (half * u * di));
                s.Im = (float)((t * di) + (half * u * dr));
                s.W = (float)(0.25 * w * (((1 - g) * u * u) + ((1 + g) * t * t)));
                if (s.X < 0)
                {
                    s = new Sample { X = -s.X, Y = -s.Y, Z = -s.Z, Re = s.Re, Im = -s.Im, W = s.W };
                }

                _planeStart[(int)MathF.Floor(s.Z) - 1 + extent + 1]++;
                _unsorted[count++] = s;
            }
        }

        Sort(count, extent);
    }
}
