using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>
/// The whitened, CTF- and SSNR-weighted correlation: the likelihood of the image under Gaussian noise of known power per ring, with the
/// amplitude of the signal fitted. The objective is the gain in log-likelihood over "no signal", rho^2 / 2 with
/// rho = &lt;D, G&gt; / |G|, where G = reference weight x transfer x projection and &lt;,&gt; weighs each coefficient by the inverse noise.
/// </summary>
/// <remarks>
/// The reference weight per ring is the share of the reference that is signal, FSC-derived (a Wiener filter), so that rings where the
/// half maps disagree pull no pose. Maximising the objective is the matched filter; its Gauss-Newton matrix is the Fisher
/// information, the inverse of the pose's covariance (design.md, The optimizer).
/// <example>
/// <code>
/// var scorer = new WhitenedCorrelationScorer(disc, noisePower, referenceWeight, 1 / Math.Pow(pixelSize, 3));
/// scorer.Prepare(imageRe, imageIm, transfer, image);
/// projector.ProjectWithPoseDerivatives(pose, jacobian, scratch);
/// PoseScore score = scorer.Evaluate(image, jacobian, gradient, gaussNewton);
/// </code>
/// </example>
/// </remarks>
public sealed class WhitenedCorrelationScorer : IPoseScorer
{
    private readonly float[] _dataWeight;
    private readonly float[] _referenceWeight;

    /// <summary>Makes a scorer.</summary>
    /// <param name="disc">The coefficients to compare.</param>
    /// <param name="noisePower">Mean |noise|^2 of a coefficient in each ring 0..Radius, in units of the image's discrete transform, positive.</param>
    /// <param name="referenceWeight">Weight 0 to 1 of the reference in each ring; 0 leaves the ring out.</param>
    /// <param name="referenceScale">From the projection's unit to the image's: 1 / pixelSize^3.</param>
    /// <param name="firstRing">First ring compared; ring 0, the mean of the image, never is.</param>
    /// <exception cref="ArgumentException">Too few rings, or a noise power that is not positive where the weight is.</exception>
    public WhitenedCorrelationScorer(
        FourierDisc disc, ReadOnlySpan<double> noisePower, ReadOnlySpan<double> referenceWeight, double referenceScale, int firstRing = 1)
    {
        Disc = disc;
        var (data, reference) = RingWeights(disc, noisePower, referenceWeight, referenceScale, firstRing);
        _dataWeight = Array.ConvertAll(data, v => (float)v);
        _referenceWeight = Array.ConvertAll(reference, v => (float)v);
    }

    /// <inheritdoc/>
    public FourierDisc Disc { get; }

    /// <inheritdoc/>
    public bool IsLogLikelihood => true;

    /// <summary>What images and projections are multiplied by in each ring, as the tensors' scorer needs them too.</summary>
    internal ReadOnlySpan<float> DataWeight => _dataWeight;

    internal ReadOnlySpan<float> ReferenceWeight => _referenceWeight;

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer, ScoringImage image)
    {
        for (var q = 0; q <= Disc.Radius; q++)
        {
            int start = Disc.RingStart(q), length = Disc.RingStart(q + 1) - start;
            TensorPrimitives.Multiply(re.Slice(start, length), _dataWeight[q], image.Re.AsSpan(start, length));
            TensorPrimitives.Multiply(im.Slice(start, length), _dataWeight[q], image.Im.AsSpan(start, length));
            TensorPrimitives.Multiply(transfer.Slice(start, length), _referenceWeight[q], image.Transfer.AsSpan(start, length));
        }

        image.Power = PoseDerivativeSums.Dot(image.Re, image.Im, image.Re, image.Im);
    }

    /// <inheritdoc/>
    public PoseScore Score(ScoringImage image, PoseJacobian<float> projection)
    {
        TensorPrimitives.Multiply(projection.Re, image.Transfer, projection.Re);
        TensorPrimitives.Multiply(projection.Im, image.Transfer, projection.Im);
        return Summarise(image, projection.Re, projection.Im);
    }

    /// <inheritdoc/>
    public PoseScore Evaluate(ScoringImage image, PoseJacobian<float> projection, Span<double> gradient, Span<double> gaussNewton)
    {
        const int n = Pose.ParameterCount;
        for (var p = 0; p < n; p++)
        {
            TensorPrimitives.Multiply(projection.DerivativeRe(p), image.Transfer, projection.DerivativeRe(p));
            TensorPrimitives.Multiply(projection.DerivativeIm(p), image.Transfer, projection.DerivativeIm(p));
        }

        var score = Score(image, projection);
        if (score.Correlation == 0)
        {
            gradient.Clear();
            gaussNewton.Clear();
            return score;
        }

        Span<double> withReference = stackalloc double[n];
        PoseDerivativeSums.Project(projection.Re, projection.Im, projection, withReference);
        PoseDerivativeSums.Project(image.Re, image.Im, projection, gradient);
        PoseDerivativeSums.Gram(projection, gaussNewton);
        var power = PoseDerivativeSums.Dot(projection.Re, projection.Im, projection.Re, projection.Im);
        // d(rho |rho| / 2) = |scale| <D - scale G, dG>; the information drops what a change of amplitude would explain (projection on G).
        var scale = score.Scale;
        for (var p = 0; p < n; p++)
        {
            gradient[p] = Math.Abs(scale) * (gradient[p] - (scale * withReference[p]));
            for (var q = 0; q < n; q++)
            {
                gaussNewton[(p * n) + q] = scale * scale * (gaussNewton[(p * n) + q] - (withReference[p] * withReference[q] / power));
            }
        }

        return score;
    }

    internal static (double[] Data, double[] Reference) RingWeights(
        FourierDisc disc, ReadOnlySpan<double> noisePower, ReadOnlySpan<double> referenceWeight, double referenceScale, int firstRing)
    {
        if (noisePower.Length <= disc.Radius || referenceWeight.Length <= disc.Radius)
        {
            throw new ArgumentException($"Noise and weight are needed for rings 0 to {disc.Radius}.");
        }

        double[] data = new double[disc.Radius + 1], reference = new double[disc.Radius + 1];
        for (var q = Math.Max(1, firstRing); q <= disc.Radius; q++)
        {
            if (!(referenceWeight[q] > 0))
            {
                continue;
            }

            if (!(noisePower[q] > 0) || !double.IsFinite(noisePower[q]))
            {
                throw new ArgumentException($"The noise power of ring {q} is {noisePower[q]}, not positive.", nameof(noisePower));
            }

            // The real and the imaginary part each have half the power: chi^2 = sum 2 |D - G|^2 / power over one of each conjugate pair.
            var whitening = Math.Sqrt(2 / noisePower[q]);
            data[q] = whitening;
            reference[q] = whitening * referenceWeight[q] * referenceScale;
        }

        return (data, reference);
    }

    /// <summary>The score of a projection and the objective's derivatives with respect to it, for any parameters that a projector can pull them back to.</summary>
    /// <param name="image">The prepared image.</param>
    /// <param name="re">Real parts of the projection; become dObjective/dRe.</param>
    /// <param name="im">Imaginary parts; become dObjective/dIm.</param>
    /// <returns>The score.</returns>
    public PoseScore Differentiate(ScoringImage image, Span<float> re, Span<float> im)
    {
        re = re[..Disc.Count];
        im = im[..Disc.Count];
        TensorPrimitives.Multiply(re, image.Transfer, re);
        TensorPrimitives.Multiply(im, image.Transfer, im);
        var score = Summarise(image, re, im);
        var s = (float)score.Scale;
        Residual(image, image.Re, image.Im, s, Math.Abs(s), re, im);
        return score;
    }

    /// <summary>
    /// The derivatives that an image of the projection and other noise would give at its own best fit: their covariance over draws of the
    /// noise is the Fisher information of whatever parameters they are pulled back to.
    /// </summary>
    /// <param name="image">The prepared image, which tells the transfer and the scale.</param>
    /// <param name="re">Real parts of the projection; become the derivatives.</param>
    /// <param name="im">Imaginary parts; become the derivatives.</param>
    /// <param name="noiseRe">Independent normal deviates of variance 1, Disc.Count values.</param>
    /// <param name="noiseIm">As many more.</param>
    public void DifferentiateNoise(ScoringImage image, Span<float> re, Span<float> im, ReadOnlySpan<float> noiseRe, ReadOnlySpan<float> noiseIm)
    {
        re = re[..Disc.Count];
        im = im[..Disc.Count];
        TensorPrimitives.Multiply(re, image.Transfer, re);
        TensorPrimitives.Multiply(im, image.Transfer, im);
        var scale = (float)Math.Abs(Summarise(image, re, im).Scale);
        var power = PoseDerivativeSums.Dot(re, im, re, im);
        var along = power > 0 ? PoseDerivativeSums.Dot(noiseRe, noiseIm, re, im) / power : 0;
        Residual(image, noiseRe, noiseIm, (float)along, scale, re, im);
    }

    /// <summary>The score, gradient and Gauss-Newton matrix for any few parameters, from derivative images. Overwrites projection and derivatives.</summary>
    /// <param name="image">The prepared image.</param>
    /// <param name="re">Real parts of the projection.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="derivativeRe">Real parts of one derivative image after the other.</param>
    /// <param name="derivativeIm">Imaginary parts.</param>
    /// <param name="gradient">One value per parameter.</param>
    /// <param name="gaussNewton">The matrix, row by row, symmetric, positive semi-definite.</param>
    /// <returns>The score.</returns>
    public PoseScore Evaluate(
        ScoringImage image, Span<float> re, Span<float> im, Span<float> derivativeRe, Span<float> derivativeIm, Span<double> gradient, Span<double> gaussNewton)
    {
        int n = gradient.Length, count = Disc.Count;
        TensorPrimitives.Multiply(re, image.Transfer, re);
        TensorPrimitives.Multiply(im, image.Transfer, im);
        var score = Summarise(image, re, im);
        if (score.Correlation == 0)
        {
            gradient.Clear();
            gaussNewton.Clear();
            return score;
        }

        Span<double> withReference = stackalloc double[n];
        var power = PoseDerivativeSums.Dot(re, im, re, im);
        var scale = score.Scale;
        for (var p = 0; p < n; p++)
        {
            Span<float> dr = derivativeRe.Slice(p * count, count), di = derivativeIm.Slice(p * count, count);
            TensorPrimitives.Multiply(dr, image.Transfer, dr);
            TensorPrimitives.Multiply(di, image.Transfer, di);
            withReference[p] = PoseDerivativeSums.Dot(re, im, dr, di);
            gradient[p] = Math.Abs(scale) * (PoseDerivativeSums.Dot(image.Re, image.Im, dr, di) - (scale * withReference[p]));
            for (var q = 0; q <= p; q++)
            {
                var product = PoseDerivativeSums.Dot(dr, di, derivativeRe.Slice(q * count, count), derivativeIm.Slice(q * count, count));
                var v = scale * scale * (product - (withReference[p] * withReference[q] / power));
                (gaussNewton[(p * n) + q], gaussNewton[(q * n) + p]) = (v, v);
            }
        }

        return score;
    }

    /// <summary>factor T (data - scale G), in place of G.</summary>
    private static void Residual(
        ScoringImage image, ReadOnlySpan<float> dataRe, ReadOnlySpan<float> dataIm, float scale, float factor, Span<float> re, Span<float> im)
    {
        ReadOnlySpan<float> transfer = image.Transfer;
        for (var i = 0; i < re.Length; i++)
        {
            re[i] = factor * transfer[i] * (dataRe[i] - (scale * re[i]));
            im[i] = factor * transfer[i] * (dataIm[i] - (scale * im[i]));
        }
    }

    private static PoseScore Summarise(ScoringImage image, ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        var product = PoseDerivativeSums.Dot(image.Re, image.Im, re, im);
        var power = PoseDerivativeSums.Dot(re, im, re, im);
        if (!(power > 0) || !(image.Power > 0))
        {
            return new PoseScore(0, 0, 0);
        }

        // Signed, so that an image of the opposite contrast is a bad fit and not a good one.
        return new PoseScore(0.5 * product * Math.Abs(product) / power, product / Math.Sqrt(power * image.Power), product / power);
    }
}
