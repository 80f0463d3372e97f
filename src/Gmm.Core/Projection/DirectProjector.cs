using System.Numerics;
using System.Runtime.InteropServices;

namespace Gmm.Core;

/// <summary>
/// The exact projection as a separable sum: each Gaussian's transform is the product of a factor in kx and one in ky, so the sum over
/// Gaussians is a complex matrix product (method of EMAN2's e2gmm_refine_new; paper, Methods). The oracle for the fast projector.
/// </summary>
/// <remarks>Cost is 8 N flop per coefficient. Nothing is truncated or interpolated; float64 gives a reference good to rounding.</remarks>
/// <typeparam name="T">float or double.</typeparam>
public sealed class DirectProjector<T> : IProjector<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Gaussians per pass over the accumulators: enough to hide their loads and stores, few enough to keep the factors in registers.
    private const int Block = 4;

    private readonly int _stride;
    private readonly int[] _rowLength;

    /// <summary>Makes a projector.</summary>
    /// <param name="model">The model.</param>
    /// <param name="disc">The coefficients to compute.</param>
    public DirectProjector(GaussianModel model, FourierDisc disc)
    {
        ArgumentNullException.ThrowIfNull(disc);
        Model = model;
        Disc = disc;
        var lanes = Vector<T>.Count;
        _stride = (disc.Radius + 1 + lanes - 1) / lanes * lanes;
        _rowLength = new int[(2 * disc.Radius) + 1];
        for (var i = 0; i < disc.Count; i++)
        {
            ref var length = ref _rowLength[disc.Ky[i] + disc.Radius];
            length = Math.Max(length, ((disc.Kx[i] / lanes) + 1) * lanes);
        }
    }

    /// <inheritdoc/>
    public GaussianModel Model { get; }

    /// <inheritdoc/>
    public FourierDisc Disc { get; }

    /// <inheritdoc/>
    public IProjectorScratch CreateScratch() => new Scratch(Disc.Radius, _stride, Disc.Count);

    /// <inheritdoc/>
    public void Project(in Pose pose, Span<T> re, Span<T> im, IProjectorScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        Accumulate(pose, Weight.One, re, im, (Scratch)scratch);
    }

    /// <inheritdoc/>
    public void ProjectWithPoseDerivatives(in Pose pose, PoseJacobian<T> result, IProjectorScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(scratch);
        var s = (Scratch)scratch;
        // In-plane: du = (-y, x) per radian, so dF = -2 pi i (ky X - kx Y), X and Y the projections weighted by the rotated x and y.
        Accumulate(pose, Weight.X, s.TemporaryRe, s.TemporaryIm, s);
        Span<T> zr = result.DerivativeRe(2), zi = result.DerivativeIm(2);
        var factor = T.CreateChecked(2 * Math.PI / Disc.BoxLength);
        for (var i = 0; i < Disc.Count; i++)
        {
            var ky = factor * T.CreateTruncating(Disc.Ky[i]);
            (zr[i], zi[i]) = (ky * s.TemporaryIm[i], -ky * s.TemporaryRe[i]);
        }

        Accumulate(pose, Weight.Y, s.TemporaryRe, s.TemporaryIm, s);
        for (var i = 0; i < Disc.Count; i++)
        {
            var kx = factor * T.CreateTruncating(Disc.Kx[i]);
            zr[i] -= kx * s.TemporaryIm[i];
            zi[i] += kx * s.TemporaryRe[i];
        }

        Accumulate(pose, Weight.One, result.Re, result.Im, s);
        Accumulate(pose, Weight.Z, s.TemporaryRe, s.TemporaryIm, s);
        result.FillFromDepth(s.TemporaryRe, s.TemporaryIm);
    }

    /// <inheritdoc/>
    public void VectorJacobianProduct(
        in Pose pose,
        ReadOnlySpan<T> gradientRe,
        ReadOnlySpan<T> gradientIm,
        ModelGradient<T>? modelGradient,
        Span<T> poseGradient,
        IProjectorScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        var s = (Scratch)scratch;
        Span<double> poseSum = stackalloc double[Pose.ParameterCount];
        for (var j = 0; j < Model.Count; j++)
        {
            var (x, y, z) = pose.Rotation.Apply(Model.X[j], Model.Y[j], Model.Z[j]);
            FillFactors(s, 0, x + pose.ShiftX, y + pose.ShiftY, Model.Widths[j], T.One);
            T value = T.Zero, dx = T.Zero, dy = T.Zero, k2 = T.Zero;
            for (var i = 0; i < gradientRe.Length; i++)
            {
                int kx = Disc.Kx[i], ky = Disc.Ky[i];
                T ar = s.XRe[kx], ai = s.XIm[kx], br = s.YRe[ky + Disc.Radius], bi = s.YIm[ky + Disc.Radius];
                T er = (ar * br) - (ai * bi), ei = (ar * bi) + (ai * br);
                var real = (gradientRe[i] * er) + (gradientIm[i] * ei);
                // d/du of e is -2 pi i k e, and Re(conj(g) (-i e)) = gr ei - gi er.
                var turned = (gradientRe[i] * ei) - (gradientIm[i] * er);
                value += real;
                dx += T.CreateTruncating(kx) * turned;
                dy += T.CreateTruncating(ky) * turned;
                k2 += T.CreateTruncating((kx * kx) + (ky * ky)) * real;
            }

            var amplitude = (double)Model.Amplitudes[j];
            var scale = 2 * Math.PI / Disc.BoxLength;
            double gx = amplitude * scale * double.CreateChecked(dx), gy = amplitude * scale * double.CreateChecked(dy);
            ProjectionChainRule.AddPose(poseSum, x, y, z, gx, gy);
            if (modelGradient is not null)
            {
                // d/ds of exp(-2 pi^2 s^2 k^2) = -4 pi^2 s k^2 times itself.
                var width = -amplitude * scale * scale * Model.Widths[j] * double.CreateChecked(k2);
                ProjectionChainRule.AddGaussian(modelGradient, j, pose.Rotation, gx, gy, double.CreateChecked(value), width);
            }
        }

        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            poseGradient[p] += T.CreateChecked(poseSum[p]);
        }
    }

    private void Accumulate(in Pose pose, Weight weight, Span<T> re, Span<T> im, Scratch s)
    {
        Array.Clear(s.SumRe);
        Array.Clear(s.SumIm);
        for (var j = 0; j < Model.Count; j += Block)
        {
            for (var b = 0; b < Block; b++)
            {
                if (j + b >= Model.Count)
                {
                    FillFactors(s, b, 0, 0, 1, T.Zero);
                    continue;
                }

                var (x, y, z) = pose.Rotation.Apply(Model.X[j + b], Model.Y[j + b], Model.Z[j + b]);
                var amplitude = Model.Amplitudes[j + b] * weight switch { Weight.X => x, Weight.Y => y, Weight.Z => z, _ => 1 };
                FillFactors(s, b, x + pose.ShiftX, y + pose.ShiftY, Model.Widths[j + b], T.CreateChecked(amplitude));
            }

            AddBlock(s);
        }

        for (var i = 0; i < Disc.Count; i++)
        {
            var o = ((Disc.Ky[i] + Disc.Radius) * _stride) + Disc.Kx[i];
            re[i] = s.SumRe[o];
            im[i] = s.SumIm[o];
        }
    }

    /// <summary>Factors of one Gaussian: x: envelope times exp(-2 pi i kx u_x / L), kx = 0..R; y: the same for -R..R times the amplitude.</summary>
    private void FillFactors(Scratch s, int slot, double ux, double uy, double width, T amplitude)
    {
        var r = Disc.Radius;
        var length = Disc.BoxLength;
        var decay = 2 * Math.PI * Math.PI * width * width / (length * length);
        Span<T> xr = s.XRe.AsSpan(slot * _stride, _stride), xi = s.XIm.AsSpan(slot * _stride, _stride);
        Span<T> yr = s.YRe.AsSpan(slot * ((2 * r) + 1), (2 * r) + 1), yi = s.YIm.AsSpan(slot * ((2 * r) + 1), (2 * r) + 1);
        // Phases by repeated complex multiplication in float64: error grows as R * 1e-16.
        var (sx, cx) = Math.SinCos(-2 * Math.PI * ux / length);
        var (sy, cy) = Math.SinCos(-2 * Math.PI * uy / length);
        // Envelope by a recurrence: e(k+1) = e(k) q(k), q(k+1) = q(k) exp(-2 decay).
        double pr = 1, pi = 0, qr = 1, qi = 0, envelope = 1, ratio = Math.Exp(-decay), ratioStep = Math.Exp(-2 * decay);
        for (var k = 0; k <= r; k++)
        {
            xr[k] = T.CreateTruncating(envelope * pr);
            xi[k] = T.CreateTruncating(envelope * pi);
            T er = amplitude * T.CreateTruncating(envelope * qr), ei = amplitude * T.CreateTruncating(envelope * qi);
            (yr[r + k], yi[r + k]) = (er, ei);
            (yr[r - k], yi[r - k]) = (er, -ei);
            (pr, pi) = ((pr * cx) - (pi * sx), (pr * sx) + (pi * cx));
            (qr, qi) = ((qr * cy) - (qi * sy), (qr * sy) + (qi * cy));
            envelope *= ratio;
            ratio *= ratioStep;
        }
    }

    /// <summary>Adds four Gaussians to every row. Lanes run along kx; the padding lanes past the disc hold zeros and are never read.</summary>
    private void AddBlock(Scratch s)
    {
        var lanes = Vector<T>.Count;
        var perRow = _stride / lanes;
        var rows = (2 * Disc.Radius) + 1;
        Span<Vector<T>> xr = MemoryMarshal.Cast<T, Vector<T>>(s.XRe.AsSpan()), xi = MemoryMarshal.Cast<T, Vector<T>>(s.XIm.AsSpan());
        Span<Vector<T>> sumRe = MemoryMarshal.Cast<T, Vector<T>>(s.SumRe.AsSpan()), sumIm = MemoryMarshal.Cast<T, Vector<T>>(s.SumIm.AsSpan());
        for (var row = 0; row < rows; row++)
        {
            var used = _rowLength[row] / lanes;
            Vector<T> ar = new(s.YRe[row]), ai = new(s.YIm[row]), br = new(s.YRe[rows + row]), bi = new(s.YIm[rows + row]);
            Vector<T> cr = new(s.YRe[(2 * rows) + row]), ci = new(s.YIm[(2 * rows) + row]), dr = new(s.YRe[(3 * rows) + row]),
                di = new(s.YIm[(3 * rows) + row]);
            Vector<T> an = -ai, bn = -bi, cn = -ci, dn = -di;
            var targetRe = sumRe.Slice(row * perRow, used);
            var targetIm = sumIm.Slice(row * perRow, used);
            for (var v = 0; v < targetRe.Length; v++)
            {
                Vector<T> re = targetRe[v], im = targetIm[v];
                Vector<T> pr = xr[v], pi = xi[v], qr = xr[perRow + v], qi = xi[perRow + v];
                re = Fma(ar, pr, Fma(an, pi, re));
                im = Fma(ai, pr, Fma(ar, pi, im));
                re = Fma(br, qr, Fma(bn, qi, re));
                im = Fma(bi, qr, Fma(br, qi, im));
                (pr, pi, qr, qi) = (xr[(2 * perRow) + v], xi[(2 * perRow) + v], xr[(3 * perRow) + v], xi[(3 * perRow) + v]);
                re = Fma(cr, pr, Fma(cn, pi, re));
                im = Fma(ci, pr, Fma(cr, pi, im));
                re = Fma(dr, qr, Fma(dn, qi, re));
                im = Fma(di, qr, Fma(dr, qi, im));
                targetRe[v] = re;
                targetIm[v] = im;
            }
        }
    }

    private static Vector<T> Fma(Vector<T> a, Vector<T> b, Vector<T> c) => typeof(T) == typeof(float)
        ? Vector.FusedMultiplyAdd(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector.FusedMultiplyAdd(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    private enum Weight
    {
        One,
        X,
        Y,
        Z,
    }

    private sealed class Scratch(int radius, int stride, int count) : IProjectorScratch
    {
        public readonly T[] XRe = new T[Block * stride];
        public readonly T[] XIm = new T[Block * stride];
        public readonly T[] YRe = new T[Block * ((2 * radius) + 1)];
        public readonly T[] YIm = new T[Block * ((2 * radius) + 1)];
        public readonly T[] SumRe = new T[((2 * radius) + 1) * stride];
        public readonly T[] SumIm = new T[((2 * radius) + 1) * stride];
        public readonly T[] TemporaryRe = new T[count];
        public readonly T[] TemporaryIm = new T[count];

        public long Bytes => (long)(XRe.Length + YRe.Length + SumRe.Length + count) * 2 * Marshal.SizeOf<T>();
    }
}
