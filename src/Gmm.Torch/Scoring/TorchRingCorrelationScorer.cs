using Gmm.Core;

namespace Gmm.Torch;

/// <summary>
/// The mean Fourier ring correlation of the paper as a differentiable function; <see cref="FourierRingCorrelationScorer"/> is the managed one, with
/// the same values, gradients and Gauss-Newton matrix.
/// </summary>
public sealed class TorchRingCorrelationScorer : TorchScorer
{
    // As the managed scorer: a ring that correlates less pulls as if it correlated this much.
    private const double LeastRingCorrelation = 0.01;

    private readonly int _firstRing;

    /// <summary>Makes a scorer.</summary>
    /// <param name="disc">The coefficients to compare.</param>
    /// <param name="firstRing">First ring of the mean, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A first ring outside 1..Radius.</exception>
    public TorchRingCorrelationScorer(FourierDisc disc, int firstRing = 1)
        : base(nameof(TorchRingCorrelationScorer), disc)
    {
        ArgumentNullException.ThrowIfNull(disc);
        ArgumentOutOfRangeException.ThrowIfLessThan(firstRing, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstRing, disc.Radius);
        _firstRing = firstRing;
    }

    /// <inheritdoc/>
    public override bool IsLogLikelihood => false;

    private int RingCount => Disc.Radius - _firstRing + 1;

    /// <summary>The correlation of each ring.</summary>
    /// <param name="images">B prepared images.</param>
    /// <param name="projections">[B, K] complex.</param>
    /// <returns>[B, Radius + 1]; 0 in rings that are not compared. Differentiable.</returns>
    public Tensor RingCorrelations(TorchImages images, Tensor projections)
    {
        CheckImages(images);
        TensorChecks.Check(projections, nameof(projections), [images.Count, Disc.Count], "[B, K]", images.Values.dtype, images.Values.device);
        using var scope = NewDisposeScope();
        return Rings(images, projections, Constants(images)).MoveToOuterDisposeScope();
    }

    private protected override TorchImages PrepareChecked(Tensor images, Tensor transfers, DiscTensors disc)
    {
        // Rings before the first become 0 and never count again.
        var compared = (arange(Disc.Radius + 1, device: transfers.device) >= _firstRing).to(transfers.dtype);
        var scale = SafeInverse(disc.RingSums(RealProduct(images, images)).sqrt()) * compared;
        var signed = disc.Spread(scale) * where(transfers < 0, -ones_like(transfers), ones_like(transfers));
        return new TorchImages(images * signed, ones_like(transfers), full([images.shape[0]], RingCount, dtype: transfers.dtype, device: transfers.device));
    }

    private protected override TorchScore ScoreChecked(TorchImages images, Tensor projections, DiscTensors disc)
    {
        var mean = Rings(images, projections, disc).sum(1) / RingCount;
        return new TorchScore(mean, mean.alias(), ones_like(mean.detach()));
    }

    private protected override TorchScoreDerivatives EvaluateChecked(TorchImages images, Tensor jacobian, DiscTensors disc)
    {
        long b = images.Count, k = Disc.Count, n = jacobian.shape[1] - 1;
        Tensor f = jacobian.select(1, 0), d = jacobian.narrow(1, 1, n);
        var compared = (arange(Disc.Radius + 1, device: f.device) >= _firstRing).to(images.Power.dtype);
        var inverse = SafeInverse(disc.RingSums(RealProduct(f, f)).sqrt()) * compared;
        var spread = disc.Spread(inverse);
        var unit = f * spread;
        var rings = disc.RingSums(RealProduct(unit, images.Values));
        // Derivative of F/|F|: the part of dF across F, over |F|.
        var along = disc.RingSums(RealProduct(unit.unsqueeze(1), d).reshape(b * n, k));
        var across = (d - (disc.Spread(along).reshape(b, n, k) * unit.unsqueeze(1))) * spread.unsqueeze(1);
        var gradient = RealProduct(across, images.Values.unsqueeze(1)).sum(2) / RingCount;
        // Each ring with its own correlation, as a least-squares amplitude would.
        var weight = disc.Spread((rings.clamp_min(LeastRingCorrelation) / RingCount).sqrt() * compared);
        var weighted = view_as_real(across * weight.unsqueeze(1)).flatten(2);
        var mean = rings.sum(1) / RingCount;
        return new TorchScoreDerivatives(
            new TorchScore(mean, mean.clone(), ones_like(mean)),
            gradient.to(ScalarType.Float64, copy: true),
            bmm(weighted, weighted.transpose(1, 2)).to(ScalarType.Float64, copy: true));
    }

    private static Tensor Rings(TorchImages images, Tensor projections, DiscTensors disc)
    {
        var power = disc.RingSums(RealProduct(projections, projections));
        // The root's derivative at 0 is infinite: an empty ring must not make the gradient NaN.
        var positive = power > 0;
        var norm = where(positive, power, ones_like(power)).sqrt();
        return disc.RingSums(RealProduct(projections, images.Values)) / norm * positive.to(norm.dtype);
    }
}
