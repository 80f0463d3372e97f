using System.Numerics.Tensors;

namespace Gmm.Core;

/// <content>
/// Projections on the Ewald sphere: every Gaussian sees the defocus of its own height (docs/optics.md#the-ewald-sphere), by a series of projections
/// weighted by polynomials of the height (<see cref="CurvedSeries"/>).
/// </content>
public sealed partial class GriddingProjector : ICurvedProjector
{
    /// <inheritdoc/>
    void ICurvedProjector.ProjectCurved(
        in Pose pose, double signedWavelength, PoseJacobian<float> even, PoseJacobian<float> odd, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        var curved = PlaceCurved(pose, signedWavelength, s);
        even.ClearValue();
        odd.ClearValue();
        for (var m = 0; m < curved.Series.Terms; m++)
        {
            var target = m % 2 == 0 ? even : odd;
            curved.Next(m, s.Depth);
            TransformWeighted(curved.Weighted(_amplitude), s);
            CurvedScratch.Add(curved.Series.Value(m), s, target.Re, target.Im);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// With X, Y, Z the sums weighted by the rotated place of each Gaussian, a step w moves the height by w_x y - w_y x, so that the derivatives of the flat
    /// projection get tau (O_Y T - E_Y U) for w_x and -tau (O_X T - E_X U) for w_y; those by w_z are -2 pi i (k_y X - k_x Y).
    /// </remarks>
    void ICurvedProjector.ProjectCurvedWithPoseDerivatives(
        in Pose pose, double signedWavelength, PoseJacobian<float> even, PoseJacobian<float> odd, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        var curved = PlaceCurved(pose, signedWavelength, s);
        var series = curved.Series;
        even.ClearValue();
        odd.ClearValue();
        curved.ClearMoments();
        for (var m = 0; m <= series.Terms; m++)
        {
            curved.Next(m, s.Depth);
            var weighted = curved.Weighted(_amplitude);
            TransformWeighted(weighted, s);
            var (own, other) = m % 2 == 0 ? (even, 0) : (odd, 1);
            CurvedScratch.Add(series.Depth(m), s, curved.Moment(1 - other, 2, 0), curved.Moment(1 - other, 2, 1));
            if (m == series.Terms)
            {
                break;
            }

            CurvedScratch.Add(series.Value(m), s, own.Re, own.Im);
            for (var axis = 0; axis < 2; axis++)
            {
                TransformWeighted(curved.Times(weighted, axis == 0 ? s.ArmX : s.ArmY), s);
                CurvedScratch.Add(series.Value(m), s, curved.Moment(other, axis, 0), curved.Moment(other, axis, 1));
            }
        }

        curved.FillDerivatives(even, odd, (float)(1 / _cellsPerAngstrom));
    }

    /// <summary>Places the Gaussians and finds the series of this wavelength, which is kept from one image to the next.</summary>
    private CurvedScratch PlaceCurved(in Pose pose, double signedWavelength, Scratch s)
    {
        Place(pose, s);
        s.AllocateDerivatives();
        if (s.Curved is not { } curved || curved.Series.SignedWavelength != signedWavelength)
        {
            curved = s.Curved = new CurvedScratch(new CurvedSeries(Disc, signedWavelength, Reach(), Accuracy), Disc, Model.Count);
        }

        return curved;
    }

    /// <summary>The projection with these amplitudes, into the scratch.</summary>
    private void TransformWeighted(ReadOnlySpan<float> amplitudes, Scratch s)
    {
        Array.Clear(s.Grid0);
        GriddingKernels.Deposit(s.Splats(this), amplitudes, GridSize, s.Grid0);
        Transform(s.Grid0, s.DepthRe, s.DepthIm, s);
    }

    /// <summary>How far a Gaussian is from the box centre at most, angstrom.</summary>
    private double Reach()
    {
        double most = 0;
        for (var j = 0; j < _x.Length; j++)
        {
            most = Math.Max(most, ((double)_x[j] * _x[j]) + ((double)_y[j] * _y[j]) + ((double)_z[j] * _z[j]));
        }

        return Math.Max(Math.Sqrt(most), 1e-3);
    }

    /// <summary>What curved projections need beside the flat ones' scratch.</summary>
    private sealed class CurvedScratch(CurvedSeries series, FourierDisc disc, int gaussians)
    {
        private readonly float[] _moments = new float[2 * 3 * 2 * disc.Count];
        private readonly float[] _weighted = new float[2 * gaussians];

        /// <summary>T_m of each Gaussian's height, and the one before.</summary>
        private float[] _now = new float[gaussians];
        private float[] _before = new float[gaussians];

        public CurvedSeries Series => series;

        public long Bytes => series.Bytes + (sizeof(float) * ((long)_moments.Length + _weighted.Length + (2 * gaussians)));

        /// <summary>A part (real 0, imaginary 1) of the sum weighted by a coordinate (x, y in cells, z in angstrom) in E (0) or O (1).</summary>
        public Span<float> Moment(int parity, int axis, int part) => _moments.AsSpan(((((parity * 3) + axis) * 2) + part) * disc.Count, disc.Count);

        public void ClearMoments() => Array.Clear(_moments);

        /// <summary>T_m from those before: T_(m+1) = 2 x T_m - T_(m-1).</summary>
        public void Next(int m, ReadOnlySpan<float> depth)
        {
            if (m == 0)
            {
                Array.Fill(_now, 1f);
                return;
            }

            (_before, _now) = (_now, _before);
            var scale = (float)(1 / series.Reach);
            if (m == 1)
            {
                TensorPrimitives.Multiply(depth, scale, _now);
                return;
            }

            for (var j = 0; j < _now.Length; j++)
            {
                _now[j] = (2 * scale * depth[j] * _before[j]) - _now[j];
            }
        }

        public ReadOnlySpan<float> Weighted(ReadOnlySpan<float> amplitudes)
        {
            var weighted = _weighted.AsSpan(0, amplitudes.Length);
            TensorPrimitives.Multiply(amplitudes, _now, weighted);
            return weighted;
        }

        public ReadOnlySpan<float> Times(ReadOnlySpan<float> weighted, ReadOnlySpan<float> arms)
        {
            var product = _weighted.AsSpan(weighted.Length);
            TensorPrimitives.Multiply(weighted, arms, product);
            return product;
        }

        /// <summary>Adds a factor times the projection in the scratch.</summary>
        public static void Add(ReadOnlySpan<float> factor, Scratch s, Span<float> re, Span<float> im)
        {
            TensorPrimitives.MultiplyAdd(factor, s.DepthRe, re, re);
            TensorPrimitives.MultiplyAdd(factor, s.DepthIm, im, im);
        }

        public void FillDerivatives(PoseJacobian<float> even, PoseJacobian<float> odd, float perCell)
        {
            even.FillFromDepth(Moment(0, 2, 0), Moment(0, 2, 1));
            odd.FillFromDepth(Moment(1, 2, 0), Moment(1, 2, 1));
            for (var part = 0; part < 2; part++)
            {
                AddTilt(Moment(1, 1, part), part == 0 ? even.DerivativeRe(0) : even.DerivativeIm(0), perCell);
                AddTilt(Moment(0, 1, part), part == 0 ? odd.DerivativeRe(0) : odd.DerivativeIm(0), -perCell);
                AddTilt(Moment(1, 0, part), part == 0 ? even.DerivativeRe(1) : even.DerivativeIm(1), -perCell);
                AddTilt(Moment(0, 0, part), part == 0 ? odd.DerivativeRe(1) : odd.DerivativeIm(1), perCell);
            }

            for (var parity = 0; parity < 2; parity++)
            {
                (parity == 0 ? even : odd).FillInPlane(Moment(parity, 0, 0), Moment(parity, 0, 1), Moment(parity, 1, 0), Moment(parity, 1, 1), perCell);
            }
        }

        /// <summary>Adds tau times a moment.</summary>
        private void AddTilt(ReadOnlySpan<float> moment, Span<float> derivative, float scale)
        {
            ReadOnlySpan<float> turn = series.Turn;
            for (var i = 0; i < derivative.Length; i++)
            {
                derivative[i] += scale * turn[i] * moment[i];
            }
        }
    }
}
