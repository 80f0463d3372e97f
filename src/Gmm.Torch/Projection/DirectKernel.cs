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

    /// <summary>Terms of the series of a magnification's mixed term.</summary>
    public const int MagnifiedSums = 6;

    private readonly int _radius = disc.Disc.Radius;
    private readonly double _length = disc.Disc.BoxLength;

    /// <inheritdoc/>
    public Tensor Sum(Tensor u, Tensor amplitudes, Tensor widths, Tensor? arms)
    {
        using var scope = NewDisposeScope();
        var envelope = Envelope(widths.square());
        return Separable(u, envelope, envelope * amplitudes.unsqueeze(1), arms).MoveToOuterDisposeScope();
    }

    /// <summary>The sum at the frequencies M k in place of k.</summary>
    /// <param name="u">[B, N, 2]: where each Gaussian is seen, angstrom.</param>
    /// <param name="amplitudes">[N].</param>
    /// <param name="widths">[N], angstrom.</param>
    /// <param name="magnification">[2, 2], M.</param>
    /// <returns>[B, K], complex.</returns>
    /// <remarks>
    /// (M k).u = k.(M^T u), and |M k|^2 = g00 kx^2 + g11 ky^2 + 2 g01 kx ky with g = M^T M: separable but for the last term, which is small. Its exponential is
    /// a series whose terms are powers of s^2 times powers of kx ky: sums like those of derivatives. Left out is about 0.2 g01^6 of the Gaussian's integral.
    /// </remarks>
    public Tensor SumMagnified(Tensor u, Tensor amplitudes, Tensor widths, Tensor magnification)
    {
        using var scope = NewDisposeScope();
        Tensor m = magnification.to(u.dtype), g = mm(m.t(), m), square = widths.square();
        var powers = new Tensor[MagnifiedSums];
        var factors = new Tensor[MagnifiedSums];
        (powers[0], factors[0]) = (ones_like(widths), ones_like(disc.Kx));
        var cross = disc.Kx * disc.Ky * g[0, 1] * (-4 * Math.PI * Math.PI / (_length * _length));
        for (var n = 1; n < MagnifiedSums; n++)
        {
            (powers[n], factors[n]) = (powers[n - 1] * square, factors[n - 1] * cross * (1.0 / n));
        }

        Tensor x = Envelope(square * g[0, 0]), y = Envelope(square * g[1, 1]) * amplitudes.unsqueeze(1);
        var sums = Separable(matmul(u, m), x, y, stack(powers, 1).unsqueeze(0));
        return (sums * stack(factors, 0)).sum(1).MoveToOuterDisposeScope();
    }

    /// <summary>[N, R + 1] of [N] square widths.</summary>
    private Tensor Envelope(Tensor square) =>
        (square.unsqueeze(1) * arange(_radius + 1, dtype: square.dtype, device: square.device).square() * (-2 * Math.PI * Math.PI / (_length * _length))).exp();

    private Tensor Separable(Tensor u, Tensor envelopeX, Tensor envelopeY, Tensor? arms)
    {
        using var scope = NewDisposeScope();
        long images = u.shape[0], side = _radius + 1, sums = arms is null ? 1 : arms.shape[2];
        var turns = u * (-1 / _length);
        var x = Powers(turns.select(2, 0)) * envelopeX;
        var y = Powers(turns.select(2, 1)) * envelopeY;
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
