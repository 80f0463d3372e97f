using Gmm.Core;

namespace Gmm.Torch;

/// <summary>What the scorers share: checks, constants of the disc, real inner products of complex images.</summary>
public abstract class TorchScorer : nn.Module<TorchImages, Tensor, TorchScore>, ITorchScorer
{
    private readonly DiscTensorCache _disc;

    private protected TorchScorer(string name, FourierDisc disc)
        : base(name)
    {
        Disc = disc;
        _disc = new DiscTensorCache(disc);
    }

    /// <inheritdoc/>
    public FourierDisc Disc { get; }

    /// <inheritdoc/>
    public abstract bool IsLogLikelihood { get; }

    /// <inheritdoc/>
    public TorchImages Prepare(Tensor images, Tensor transfers)
    {
        ArgumentNullException.ThrowIfNull(images);
        TensorChecks.Real(transfers, nameof(transfers));
        TensorChecks.Check(images, nameof(images), [TensorChecks.Any, Disc.Count], "[B, K]", TensorChecks.ComplexOf(transfers.dtype), null);
        TensorChecks.Check(transfers, nameof(transfers), [images.shape[0], Disc.Count], "[B, K]", null, images.device);
        TensorChecks.Finite((images, nameof(images)), (transfers, nameof(transfers)));
        using var no = no_grad();
        using var scope = NewDisposeScope();
        return PrepareChecked(images, transfers, _disc.Get(transfers.dtype, transfers.device));
    }

    /// <summary>The score of each image with its projection, as <see cref="Score"/>.</summary>
    /// <param name="images">B prepared images.</param>
    /// <param name="projections">[B, K] complex.</param>
    /// <returns>The score; differentiable with respect to the projections.</returns>
    /// <exception cref="ArgumentException">A wrong shape, type or device; the tensor is named.</exception>
    public override TorchScore forward(TorchImages images, Tensor projections) => Score(images, projections);

    /// <inheritdoc/>
    public TorchScore Score(TorchImages images, Tensor projections)
    {
        CheckImages(images);
        TensorChecks.Check(projections, nameof(projections), [images.Count, Disc.Count], "[B, K]", images.Values.dtype, images.Values.device);
        using var scope = NewDisposeScope();
        var score = ScoreChecked(images, projections, Constants(images));
        scope.MoveToOuter(score.Objective, score.Correlation, score.Scale);
        return score;
    }

    /// <inheritdoc/>
    public TorchScoreDerivatives Evaluate(TorchImages images, Tensor jacobian)
    {
        CheckImages(images);
        TensorChecks.Check(
            jacobian, nameof(jacobian), [images.Count, Pose.ParameterCount + 1, Disc.Count], "[B, 6, K]", images.Values.dtype, images.Values.device);
        return EvaluateAlong(images, jacobian);
    }

    /// <summary>The score with its derivatives along d directions in which projections change: as <see cref="Evaluate"/>, with d in place of 5.</summary>
    /// <param name="images">B prepared images.</param>
    /// <param name="jacobian">[B, 1 + d, K] complex: projections and their derivatives.</param>
    internal TorchScoreDerivatives EvaluateAlong(TorchImages images, Tensor jacobian)
    {
        using var no = no_grad();
        using var scope = NewDisposeScope();
        var result = EvaluateChecked(images, jacobian, Constants(images));
        scope.MoveToOuter(result.Score.Objective, result.Score.Correlation, result.Score.Scale, result.Gradient, result.GaussNewton);
        return result;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disc.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Throws unless images are prepared on this scorer's disc.</summary>
    private protected void CheckImages(TorchImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        TensorChecks.Check(images.Values, nameof(images), [TensorChecks.Any, Disc.Count], "[B, K]", null, null);
    }

    private protected abstract TorchImages PrepareChecked(Tensor images, Tensor transfers, DiscTensors disc);

    private protected abstract TorchScore ScoreChecked(TorchImages images, Tensor projections, DiscTensors disc);

    private protected abstract TorchScoreDerivatives EvaluateChecked(TorchImages images, Tensor jacobian, DiscTensors disc);

    private protected DiscTensors Constants(TorchImages images) => _disc.Get(images.Power.dtype, images.Power.device);

    /// <summary>Re(conj(a) b), coefficient by coefficient: [.., K].</summary>
    private protected static Tensor RealProduct(Tensor a, Tensor b) => (view_as_real(a) * view_as_real(b)).sum(-1);

    /// <summary>a^-1, and 0 where a is not positive; no NaN in the gradient either.</summary>
    private protected static Tensor SafeInverse(Tensor a)
    {
        var positive = a > 0;
        return where(positive, 1 / where(positive, a, ones_like(a)), zeros_like(a));
    }
}
