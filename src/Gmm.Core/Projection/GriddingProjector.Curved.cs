using System.Numerics.Tensors;

namespace Gmm.Core;

/// <content>Projections on the Ewald sphere: every Gaussian sees the defocus of its own height (docs/optics.md#the-ewald-sphere).</content>
public sealed partial class GriddingProjector
{
    /// <summary>Error of a layer's phase factor between its planes, relative: x^2 / 8 for planes whose phases differ by x.</summary>
    private const double LayerError = 1e-3;

    /// <summary>
    /// The projections whose sum E T + O U is the image: T the transfer and U its quadrature, E = sum_j cos(theta_j) P_j, O = -sum_j sin(theta_j) P_j,
    /// theta_j = sign pi lambda |k|^2 z_j of Gaussian j at height z_j of the image's frame.
    /// </summary>
    /// <remarks>
    /// Depth is cut into planes so close that the phase factor is linear between two; a Gaussian is shared by those it lies between. A plane costs a
    /// projection.
    /// </remarks>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="signedWavelength">The wavelength, angstrom, times the sign of the curvature.</param>
    /// <param name="even">E: real parts, then imaginary parts, Disc.Count values each.</param>
    /// <param name="odd">O, as many.</param>
    /// <param name="scratch">This thread's scratch.</param>
    internal void ProjectCurved(in Pose pose, double signedWavelength, Span<float> even, Span<float> odd, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        var count = Disc.Count;
        Place(pose, s);
        s.AllocateDerivatives();
        s.AllocateDeformed();
        even.Clear();
        odd.Clear();
        var amplitude = s.Deformed.AsSpan(0, Model.Count);
        var turn = Math.PI * signedWavelength / (Disc.BoxLength * Disc.BoxLength);
        float lowest = TensorPrimitives.Min<float>(s.Depth), highest = TensorPrimitives.Max<float>(s.Depth);
        var thickness = Math.Sqrt(8 * LayerError) / (Math.Abs(turn) * Disc.Radius * Disc.Radius);
        var layers = Math.Max(1, (int)Math.Ceiling((highest - lowest) / thickness));
        var step = Math.Max((highest - lowest) / layers, 1e-6);
        for (var plane = 0; plane <= layers; plane++)
        {
            var z = lowest + (plane * step);
            for (var j = 0; j < amplitude.Length; j++)
            {
                amplitude[j] = _amplitude[j] * (float)Math.Max(0, 1 - (Math.Abs(s.Depth[j] - z) / step));
            }

            Array.Clear(s.Grid0);
            GriddingKernels.Deposit(s.Splats(this), amplitude, GridSize, s.Grid0);
            Transform(s.Grid0, s.DepthRe, s.DepthIm, s);
            for (var i = 0; i < count; i++)
            {
                var (sin, cos) = Math.SinCos(turn * ((Disc.Kx[i] * Disc.Kx[i]) + (Disc.Ky[i] * Disc.Ky[i])) * z);
                even[i] += (float)cos * s.DepthRe[i];
                even[count + i] += (float)cos * s.DepthIm[i];
                odd[i] -= (float)sin * s.DepthRe[i];
                odd[count + i] -= (float)sin * s.DepthIm[i];
            }
        }
    }
}
