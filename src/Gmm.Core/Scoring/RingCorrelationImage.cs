using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>An image with each ring divided by its norm, and its correlation with projections (<see cref="FourierRingCorrelationScorer"/>).</summary>
internal sealed class RingCorrelationImage(FourierRingCorrelationScorer scorer) : IScoringImage
{
    // A ring that correlates less than this pulls as if it correlated this much: keeps the matrix positive.
    private const double LeastRingCorrelation = 0.01;

    private readonly FourierDisc _disc = scorer.Disc;
    private readonly int _firstRing = scorer.FirstRing;
    private readonly int _lastRing = scorer.Disc.Radius;
    private readonly float[] _re = new float[scorer.Disc.Count];
    private readonly float[] _im = new float[scorer.Disc.Count];

    private int RingCount => _lastRing - _firstRing + 1;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer)
    {
        _re.AsSpan().Clear();
        _im.AsSpan().Clear();
        for (var q = _firstRing; q <= _lastRing; q++)
        {
            double power = 0;
            var (start, end) = (_disc.RingStart(q), _disc.RingStart(q + 1));
            for (var i = start; i < end; i++)
            {
                power += ((double)re[i] * re[i]) + ((double)im[i] * im[i]);
            }

            var scale = power > 0 ? (float)(1 / Math.Sqrt(power)) : 0;
            for (var i = start; i < end; i++)
            {
                var signed = transfer[i] < 0 ? -scale : scale;
                _re[i] = signed * re[i];
                _im[i] = signed * im[i];
            }
        }
    }

    /// <inheritdoc/>
    public PoseScore Score(PoseJacobian<float> projection)
    {
        double sum = 0;
        for (var q = _firstRing; q <= _lastRing; q++)
        {
            sum += Normalise(projection, q, out _);
        }

        return new PoseScore(sum / RingCount, sum / RingCount, 1);
    }

    /// <inheritdoc/>
    public PoseScore Evaluate(PoseJacobian<float> projection, Span<double> gradient, Span<double> gaussNewton)
    {
        const int n = Pose.ParameterCount;
        gradient.Clear();
        gaussNewton.Clear();
        double sum = 0;
        for (var q = _firstRing; q <= _lastRing; q++)
        {
            var correlation = Normalise(projection, q, out var norm);
            sum += correlation;
            int start = _disc.RingStart(q), length = _disc.RingStart(q + 1) - start;
            ReadOnlySpan<float> re = projection.Re.Slice(start, length), im = projection.Im.Slice(start, length);
            for (var p = 0; p < n; p++)
            {
                // Derivative of F/|F|: the part of dF across F, over |F|.
                Span<float> dr = projection.DerivativeRe(p).Slice(start, length), di = projection.DerivativeIm(p).Slice(start, length);
                var along = (float)InnerProducts.Dot(re, im, dr, di);
                var inverse = norm > 0 ? (float)(1 / norm) : 0;
                for (var i = 0; i < length; i++)
                {
                    dr[i] = (dr[i] - (along * re[i])) * inverse;
                    di[i] = (di[i] - (along * im[i])) * inverse;
                }

                gradient[p] += InnerProducts.Dot(_re.AsSpan(start, length), _im.AsSpan(start, length), dr, di) / RingCount;
            }

            var weight = Math.Max(correlation, LeastRingCorrelation) / RingCount;
            for (var p = 0; p < n; p++)
            {
                for (var r = p; r < n; r++)
                {
                    var v = weight * InnerProducts.Dot(
                        projection.DerivativeRe(p).Slice(start, length),
                        projection.DerivativeIm(p).Slice(start, length),
                        projection.DerivativeRe(r).Slice(start, length),
                        projection.DerivativeIm(r).Slice(start, length));
                    gaussNewton[(p * n) + r] += v;
                    if (r > p)
                    {
                        gaussNewton[(r * n) + p] += v;
                    }
                }
            }
        }

        return new PoseScore(sum / RingCount, sum / RingCount, 1);
    }

    /// <summary>Divides a ring of the projection by its norm and returns its correlation with the image.</summary>
    private double Normalise(PoseJacobian<float> projection, int ring, out double norm)
    {
        int start = _disc.RingStart(ring), length = _disc.RingStart(ring + 1) - start;
        Span<float> re = projection.Re.Slice(start, length), im = projection.Im.Slice(start, length);
        norm = Math.Sqrt(InnerProducts.Dot(re, im, re, im));
        if (!(norm > 0))
        {
            return 0;
        }

        TensorPrimitives.Multiply(re, (float)(1 / norm), re);
        TensorPrimitives.Multiply(im, (float)(1 / norm), im);
        return InnerProducts.Dot(re, im, _re.AsSpan(start, length), _im.AsSpan(start, length));
    }
}
