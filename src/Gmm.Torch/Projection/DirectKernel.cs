using Gmm.Core;

namespace Gmm.Torch;

/// <summary>
/// The exact separable sum: each Gaussian's transform is a factor in kx times one in ky, so the sum is a batched complex matrix product
/// (method of EMAN2's e2gmm_refine_new; paper, Methods; <see cref="Core.DirectProjector{T}"/> is the managed one).
/// </summary>
internal sealed class DirectKernel(DiscTensors disc) : IProjectionKernel
{
    // exp(i k t), k = 16 a + b, is the product of two short tables: trigonometry for R/16 + 16 values in place of R.
    private const int Digit = 16;

    // float32: turns are split into a part of 12 bits, whose multiples by k up to 2048 are exact, and a small rest. Else exp(i k t) loses log2(k) bits.
    private const double Coarse = 4096;

    private readonly int _radius = disc.Disc.Radius;
    private readonly double _length = disc.Disc.BoxLength;

    /// <inheritdoc/>
    public Tensor Sum(Tensor u, Tensor amplitudes, Tensor widths, Tensor? arms)
    {
        using var scope = NewDisposeScope();
        long images = u.shape[0], side = _radius + 1, sums = arms is null ? 1 : arms.shape[2];
        var turns = u * (-1 / _length);
        var k = arange(side, dtype: u.dtype, device: u.device);
        var envelope = (widths.square().unsqueeze(1) * (k.square() * (-2 * Math.PI * Math.PI / (_length * _length)))).exp();
        var x = Powers(turns.select(2, 0)) * envelope;
        var y = Powers(turns.select(2, 1)) * (envelope * amplitudes.unsqueeze(1));
        // Negative ky: the conjugates, for they share the envelope.
        var both = cat([y, y.conj()], 2);
        var left = arms is null
            ? both
            : (both.unsqueeze(2) * arms.unsqueeze(3)).reshape(images, u.shape[1], sums * 2 * side);
        var product = bmm(left.transpose(1, 2), x).reshape(images, sums, 2 * side * side);
        return product.gather(2, disc.ProductIndex.expand(images, sums, disc.ProductIndex.shape[0])).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public long BytesPerGaussian(Tensor widths, int arms, int elementSize, bool gradients) =>
        2L * elementSize * (_radius + Digit) * ((gradients ? 9 : 5) + (arms > 1 ? 4 * arms : 0));

    /// <inheritdoc/>
    public long BytesPerImage(int arms, int elementSize, bool gradients) =>
        2L * elementSize * arms * ((2L * (_radius + 1) * (_radius + 1)) + disc.Disc.Count) * (gradients ? 2 : 1);

    /// <summary>exp(2 pi i k t) for k = 0..R: [B, N] turns give [B, N, R + 1].</summary>
    private Tensor Powers(Tensor turns)
    {
        var high = turns.dtype == ScalarType.Float64 ? turns : (turns.detach() * Coarse).round() * (1 / Coarse);
        var low = turns.dtype == ScalarType.Float64 ? null : (turns - high).unsqueeze(2);
        var options = (turns.dtype, turns.device);
        var digits = (_radius / Digit) + 1;
        var coarse = Phase(high, low, arange(0, digits * Digit, Digit, dtype: options.dtype, device: options.device));
        var fine = Phase(high, low, arange(Digit, dtype: options.dtype, device: options.device));
        return (coarse.unsqueeze(3) * fine.unsqueeze(2)).flatten(2).narrow(2, 0, _radius + 1);
    }

    private static Tensor Phase(Tensor high, Tensor? low, Tensor k)
    {
        var turns = high.unsqueeze(2) * k;
        turns = turns - turns.detach().round();
        var angle = (low is null ? turns : turns + (low * k)) * (2 * Math.PI);
        return complex(angle.cos(), angle.sin());
    }
}
