using Gmm.Core;

namespace Gmm.Torch;

/// <summary>
/// The whitened, CTF- and SSNR-weighted correlation as a differentiable function; <see cref="WhitenedCorrelationScorer"/> is the managed one, with the same
/// values, gradients and Gauss-Newton matrix. The objective is the gain in log-likelihood over "no signal".
/// </summary>
public sealed class TorchWhitenedScorer : TorchScorer
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
    public TorchWhitenedScorer(
        FourierDisc disc, ReadOnlySpan<double> noisePower, ReadOnlySpan<double> referenceWeight, double referenceScale, int firstRing = 1)
        : this(new WhitenedCorrelationScorer(disc, noisePower, referenceWeight, referenceScale, firstRing))
    {
    }

    /// <summary>Makes the scorer that does what a managed one does.</summary>
    /// <param name="scorer">The managed scorer.</param>
    public TorchWhitenedScorer(WhitenedCorrelationScorer scorer)
        : base(nameof(TorchWhitenedScorer), (scorer ?? throw new ArgumentNullException(nameof(scorer))).Disc)
    {
        _dataWeight = scorer.DataWeight.ToArray();
        _referenceWeight = scorer.ReferenceWeight.ToArray();
    }

    /// <inheritdoc/>
    public override bool IsLogLikelihood => true;

    private protected override TorchImages PrepareChecked(Tensor images, Tensor transfers, DiscTensors disc)
    {
        Tensor Spread(double[] rings) => disc.Spread(tensor(rings).to(transfers.dtype, transfers.device).unsqueeze(0));
        var values = images * Spread(_dataWeight);
        return new TorchImages(values, transfers * Spread(_referenceWeight), RealProduct(values, values).sum(1));
    }

    private protected override TorchScore ScoreChecked(TorchImages images, Tensor projections, DiscTensors disc)
    {
        var reference = projections * images.Transfer;
        return Summarise(RealProduct(images.Values, reference).sum(1), RealProduct(reference, reference).sum(1), images.Power);
    }

    private protected override TorchScoreDerivatives EvaluateChecked(TorchImages images, Tensor jacobian, DiscTensors disc)
    {
        var n = jacobian.shape[1] - 1;
        var columns = view_as_real(jacobian * images.Transfer.unsqueeze(1)).flatten(2);
        var products = bmm(columns, view_as_real(images.Values).flatten(1).unsqueeze(2)).squeeze(2).to(ScalarType.Float64);
        var gram = bmm(columns, columns.transpose(1, 2)).to(ScalarType.Float64);
        Tensor product = products.select(1, 0), power = gram.select(1, 0).select(1, 0);
        var score = Summarise(product, power, images.Power.to(ScalarType.Float64));
        var scale = score.Scale;
        var withReference = gram.narrow(1, 1, n).select(2, 0);
        // d(rho |rho| / 2) = |scale| <D - scale G, dG>; the information drops what a change of amplitude would explain (projection on G).
        var gradient = scale.abs().unsqueeze(1) * (products.narrow(1, 1, n) - (scale.unsqueeze(1) * withReference));
        var explained = withReference.unsqueeze(2) * withReference.unsqueeze(1) * SafeInverse(power).reshape(-1, 1, 1);
        var matrix = scale.square().reshape(-1, 1, 1) * (gram.narrow(1, 1, n).narrow(2, 1, n) - explained);
        return new TorchScoreDerivatives(score, gradient, matrix);
    }

    private static TorchScore Summarise(Tensor product, Tensor power, Tensor imagePower)
    {
        // Empty images and references score 0, as the managed scorer has it.
        var inverse = SafeInverse(power) * (imagePower > 0).to(power.dtype);
        // Signed, so that an image of the opposite contrast is a bad fit and not a good one.
        var objective = 0.5 * product * product.abs() * inverse;
        var root = SafeInverse(power * imagePower);
        var positive = root > 0;
        var correlation = product * where(positive, where(positive, root, ones_like(root)).sqrt(), zeros_like(root));
        return new TorchScore(objective, correlation, (product * inverse).detach());
    }
}
