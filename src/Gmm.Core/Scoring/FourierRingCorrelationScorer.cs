using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>
/// The mean Fourier ring correlation of the paper (Methods; EMAN2's loss): every ring counts alike, whatever signal it carries, and
/// the reference is not multiplied by the CTF; the image's phases are flipped where the CTF is negative.
/// </summary>
/// <remarks>
/// FRC_q = Re sum F conj(D) / (|F|_q |D|_q), the score its mean over rings firstRing..lastRing. Unchanged by any radial filter on either
/// image. Because FRC_q = 1 - |F/|F|_q - D/|D|_q|^2 / 2, its maximum is a least-squares problem in ring-normalised images, which gives the
/// Gauss-Newton matrix; each ring enters it with its own correlation, as a least-squares amplitude would.
/// </remarks>
public sealed class FourierRingCorrelationScorer : IPoseScorer
{
    // A ring that correlates less than this pulls as if it correlated this much: keeps the matrix positive.
    private const double LeastRingCorrelation = 0.01;

    private readonly int _firstRing;
    private readonly int _lastRing;

    /// <summary>Makes a scorer.</summary>
    /// <param name="disc">The coefficients to compare.</param>
    /// <param name="firstRing">First ring of the mean, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A first ring outside 1..Radius.</exception>
    public FourierRingCorrelationScorer(FourierDisc disc, int firstRing = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(firstRing, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRing, disc.Radius);
        Disc = disc;
        _firstRing = firstRing;
        _lastRing = disc.Radius;
    }

    /// <inheritdoc/>
    public FourierDisc Disc { get; }

    /// <inheritdoc/>
    public bool IsLogLikelihood => false;

    /// <summary>First ring of the mean.</summary>
    internal int FirstRing => _firstRing;

    private int RingCount => _lastRing - _firstRing + 1;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer, ScoringImage image)
    {
        image.Re.AsSpan().Clear();
        image.Im.AsSpan().Clear();
        image.Transfer.AsSpan().Clear();
        for (var q = _firstRing; q <= _lastRing; q++)
        {
            double power = 0;
            var (start, end) = (Disc.RingStart(q), Disc.RingStart(q + 1));
            for (var i = start; i < end; i++)
            {
                power += ((double)re[i] * re[i]) + ((double)im[i] * im[i]);
            }

            var scale = power > 0 ? (float)(1 / Math.Sqrt(power)) : 0;
            for (var i = start; i < end; i++)
            {
                var signed = transfer[i] < 0 ? -scale : scale;
                image.Re[i] = signed * re[i];
                image.Im[i] = signed * im[i];
            }
        }

        image.Power = RingCount;
    }

    /// <inheritdoc/>
    public PoseScore Score(ScoringImage image, PoseJacobian<float> projection)
    {
        double sum = 0;
        for (var q = _firstRing; q <= _lastRing; q++)
        {
            sum += Normalise(image, projection, q, out _);
        }

        return new PoseScore(sum / RingCount, sum / RingCount, 1);
    }

    /// <inheritdoc/>
    public PoseScore Evaluate(ScoringImage image, PoseJacobian<float> projection, Span<double> gradient, Span<double> gaussNewton)
    {
        const int n = Pose.ParameterCount;
        gradient.Clear();
        gaussNewton.Clear();
        double sum = 0;
        for (var q = _firstRing; q <= _lastRing; q++)
        {
            var correlation = Normalise(image, projection, q, out var norm);
            sum += correlation;
            int start = Disc.RingStart(q), length = Disc.RingStart(q + 1) - start;
            ReadOnlySpan<float> re = projection.Re.Slice(start, length), im = projection.Im.Slice(start, length);
            for (var p = 0; p < n; p++)
            {
                // Derivative of F/|F|: the part of dF across F, over |F|.
                Span<float> dr = projection.DerivativeRe(p).Slice(start, length), di = projection.DerivativeIm(p).Slice(start, length);
                var along = (float)PoseDerivativeSums.Dot(re, im, dr, di);
                var inverse = norm > 0 ? (float)(1 / norm) : 0;
                for (var i = 0; i < length; i++)
                {
                    dr[i] = (dr[i] - (along * re[i])) * inverse;
                    di[i] = (di[i] - (along * im[i])) * inverse;
                }

                gradient[p] += PoseDerivativeSums.Dot(image.Re.AsSpan(start, length), image.Im.AsSpan(start, length), dr, di) / RingCount;
            }

            var weight = Math.Max(correlation, LeastRingCorrelation) / RingCount;
            for (var p = 0; p < n; p++)
            {
                for (var r = p; r < n; r++)
                {
                    var v = weight * PoseDerivativeSums.Dot(
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
    private double Normalise(ScoringImage image, PoseJacobian<float> projection, int ring, out double norm)
    {
        int start = Disc.RingStart(ring), length = Disc.RingStart(ring + 1) - start;
        Span<float> re = projection.Re.Slice(start, length), im = projection.Im.Slice(start, length);
        norm = Math.Sqrt(PoseDerivativeSums.Dot(re, im, re, im));
        if (!(norm > 0))
        {
            return 0;
        }

        TensorPrimitives.Multiply(re, (float)(1 / norm), re);
        TensorPrimitives.Multiply(im, (float)(1 / norm), im);
        return PoseDerivativeSums.Dot(re, im, image.Re.AsSpan(start, length), image.Im.AsSpan(start, length));
    }
}
