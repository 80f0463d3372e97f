using System.Numerics;

namespace Gmm.Core;

/// <summary>A projection and its five derivative images with respect to a pose step, on the coefficients of a disc.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="disc">The coefficients.</param>
public sealed class PoseJacobian<T>(FourierDisc disc)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _re = new T[disc.Count * (Pose.ParameterCount + 1)];
    private readonly T[] _im = new T[disc.Count * (Pose.ParameterCount + 1)];

    /// <summary>The coefficients.</summary>
    public FourierDisc Disc { get; } = disc;

    /// <summary>Real parts of the projection.</summary>
    public Span<T> Re => _re.AsSpan(0, Disc.Count);

    /// <summary>Imaginary parts of the projection.</summary>
    public Span<T> Im => _im.AsSpan(0, Disc.Count);

    /// <summary>Real parts of the five derivative images, one after the other.</summary>
    public Span<T> DerivativesRe => _re.AsSpan(Disc.Count);

    /// <summary>Imaginary parts of the five derivative images, one after the other.</summary>
    public Span<T> DerivativesIm => _im.AsSpan(Disc.Count);

    /// <summary>Real parts of a derivative image.</summary>
    /// <param name="parameter">0 to 2: w_x, w_y, w_z (per radian); 3, 4: shift x, y (per angstrom).</param>
    /// <returns>Disc.Count values.</returns>
    public Span<T> DerivativeRe(int parameter) => _re.AsSpan(Disc.Count * (parameter + 1), Disc.Count);

    /// <summary>Imaginary parts of a derivative image.</summary>
    /// <param name="parameter">0 to 2: w_x, w_y, w_z (per radian); 3, 4: shift x, y (per angstrom).</param>
    /// <returns>Disc.Count values.</returns>
    public Span<T> DerivativeIm(int parameter) => _im.AsSpan(Disc.Count * (parameter + 1), Disc.Count);

    /// <summary>Makes the projection zero; derivative images stay.</summary>
    internal void ClearValue()
    {
        Re.Clear();
        Im.Clear();
    }

    /// <summary>
    /// Fills the derivative images from the projection F, the depth-weighted projection Z = sum_j a_j z_j e_j and the in-plane
    /// derivative: with du = (w_y z - w_z y, w_z x - w_x z), dF/dw_x = 2 pi i ky Z, dF/dw_y = -2 pi i kx Z, dF/dt = -2 pi i k F.
    /// </summary>
    /// <param name="depthRe">Real parts of Z.</param>
    /// <param name="depthIm">Imaginary parts of Z.</param>
    internal void FillFromDepth(ReadOnlySpan<T> depthRe, ReadOnlySpan<T> depthIm)
    {
        var factor = T.CreateChecked(2 * Math.PI / Disc.BoxLength);
        ReadOnlySpan<short> kxs = Disc.Kx, kys = Disc.Ky;
        var n = kxs.Length;
        kys = kys[..n];
        depthRe = depthRe[..n];
        depthIm = depthIm[..n];
        Span<T> re = Re[..n], im = Im[..n];
        Span<T> xr = DerivativeRe(0)[..n], xi = DerivativeIm(0)[..n], yr = DerivativeRe(1)[..n], yi = DerivativeIm(1)[..n];
        Span<T> sr = DerivativeRe(3)[..n], si = DerivativeIm(3)[..n], tr = DerivativeRe(4)[..n], ti = DerivativeIm(4)[..n];
        for (var i = 0; i < kxs.Length; i++)
        {
            T kx = factor * T.CreateTruncating(kxs[i]), ky = factor * T.CreateTruncating(kys[i]);
            // -i (a + i b) = b - i a
            xr[i] = -ky * depthIm[i];
            xi[i] = ky * depthRe[i];
            yr[i] = kx * depthIm[i];
            yi[i] = -kx * depthRe[i];
            sr[i] = kx * im[i];
            si[i] = -kx * re[i];
            tr[i] = ky * im[i];
            ti[i] = -ky * re[i];
        }
    }

    /// <summary>
    /// Fills the derivative image by the rotation in the plane, dF/dw_z = -2 pi i (k_y X - k_x Y), from the projections X and Y that are weighted by the
    /// Gaussians' places in the image, from the axis. The spans may be those of that image itself.
    /// </summary>
    /// <param name="xRe">Real parts of X.</param>
    /// <param name="xIm">Imaginary parts of X.</param>
    /// <param name="yRe">Real parts of Y.</param>
    /// <param name="yIm">Imaginary parts of Y.</param>
    /// <param name="unit">Angstrom in the unit of the places.</param>
    internal void FillInPlane(ReadOnlySpan<T> xRe, ReadOnlySpan<T> xIm, ReadOnlySpan<T> yRe, ReadOnlySpan<T> yIm, double unit)
    {
        var factor = T.CreateChecked(2 * Math.PI / Disc.BoxLength * unit);
        ReadOnlySpan<short> kxs = Disc.Kx, kys = Disc.Ky;
        Span<T> re = DerivativeRe(2), im = DerivativeIm(2);
        for (var i = 0; i < re.Length; i++)
        {
            T kx = factor * T.CreateTruncating(kxs[i]), ky = factor * T.CreateTruncating(kys[i]), x = xRe[i];
            re[i] = (ky * xIm[i]) - (kx * yIm[i]);
            im[i] = (kx * yRe[i]) - (ky * x);
        }
    }
}
