namespace Gmm.Core;

/// <summary>
/// The whitened, CTF- and SSNR-weighted correlation: the likelihood of the image under Gaussian noise of known power per ring, with the
/// amplitude of the signal fitted. The objective is the gain in log-likelihood over "no signal", rho^2 / 2 with
/// rho = &lt;D, G&gt; / |G|, where G = reference weight x transfer x projection and &lt;,&gt; weighs each coefficient by the inverse noise.
/// </summary>
/// <remarks>
/// The reference weight per ring is the share of the reference that is signal, FSC-derived (a Wiener filter), so that rings where the
/// half maps disagree pull no pose. Maximising the objective is the matched filter; its Gauss-Newton matrix is the Fisher
/// information, the inverse of the pose's covariance (docs/scoring.md).
/// <example>
/// <code>
/// var scorer = new WhitenedCorrelationScorer(disc, noisePower, referenceWeight, 1 / Math.Pow(pixelSize, 3));
/// var image = scorer.CreateImage();
/// image.Prepare(imageRe, imageIm, transfer);
/// projector.ProjectWithPoseDerivatives(pose, jacobian, scratch);
/// PoseScore score = image.Evaluate(jacobian, gradient, gaussNewton);
/// </code>
/// </example>
/// </remarks>
public sealed class WhitenedCorrelationScorer : IPoseScorer
{
    private readonly double[] _dataWeight;
    private readonly double[] _referenceWeight;

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
        ArgumentNullException.ThrowIfNull(disc);
        Disc = disc;
        (_dataWeight, _referenceWeight) = RingWeights(disc, noisePower, referenceWeight, referenceScale, firstRing);
    }

    /// <inheritdoc/>
    public FourierDisc Disc { get; }

    /// <inheritdoc/>
    public bool IsLogLikelihood => true;

    /// <summary>What an image is multiplied by in each ring: sqrt(2 / noise power), 0 in a ring that is left out.</summary>
    public ReadOnlySpan<double> DataWeight => _dataWeight;

    /// <summary>What a projection times transfer is multiplied by in each ring: the data's weight times the reference's weight and scale.</summary>
    public ReadOnlySpan<double> ReferenceWeight => _referenceWeight;

    /// <inheritdoc cref="IPoseScorer.CreateImage"/>
    public WhitenedImage CreateImage() => new(this);

    /// <inheritdoc/>
    IScoringImage IPoseScorer.CreateImage() => CreateImage();

    /// <summary>Multiplies a transfer by the reference's weight, ring by ring; the spans may be the same.</summary>
    internal void WeighTransfer(ReadOnlySpan<float> transfer, Span<float> weighted)
    {
        for (var q = 0; q <= Disc.Radius; q++)
        {
            int start = Disc.RingStart(q), length = Disc.RingStart(q + 1) - start;
            System.Numerics.Tensors.TensorPrimitives.Multiply(transfer.Slice(start, length), (float)_referenceWeight[q], weighted.Slice(start, length));
        }
    }

    private static (double[] Data, double[] Reference) RingWeights(
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
}
