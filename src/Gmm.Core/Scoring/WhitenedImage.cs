using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>
/// An image whitened by a <see cref="WhitenedCorrelationScorer"/>: its likelihood at projections, and the likelihood's derivatives with respect to a
/// pose, to any few parameters, or to the projection itself.
/// </summary>
public sealed class WhitenedImage : IScoringImage
{
    private const int GramBlock = 512;

    private readonly WhitenedCorrelationScorer _scorer;
    private readonly float[] _re;
    private readonly float[] _im;
    private readonly float[] _transfer;

    internal WhitenedImage(WhitenedCorrelationScorer scorer)
    {
        _scorer = scorer;
        (_re, _im, _transfer) = (new float[Disc.Count], new float[Disc.Count], new float[Disc.Count]);
    }

    /// <summary>The coefficients.</summary>
    public FourierDisc Disc => _scorer.Disc;

    /// <summary>Real parts of the prepared image: each coefficient has noise of variance 1.</summary>
    public ReadOnlySpan<float> Re => _re;

    /// <summary>Imaginary parts of the prepared image.</summary>
    public ReadOnlySpan<float> Im => _im;

    /// <summary>What a projection is multiplied by to be compared with them.</summary>
    public ReadOnlySpan<float> Transfer => _transfer;

    /// <summary>Sum of the power of the prepared image.</summary>
    public double Power { get; private set; }

    /// <inheritdoc/>
    public void Prepare(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer)
    {
        for (var q = 0; q <= Disc.Radius; q++)
        {
            int start = Disc.RingStart(q), length = Disc.RingStart(q + 1) - start;
            var data = (float)_scorer.DataWeight[q];
            TensorPrimitives.Multiply(re.Slice(start, length), data, _re.AsSpan(start, length));
            TensorPrimitives.Multiply(im.Slice(start, length), data, _im.AsSpan(start, length));
        }

        SetTransfer(transfer);
        Power = InnerProducts.Dot(_re, _im, _re, _im);
    }

    /// <summary>Another transfer for the same image.</summary>
    internal void SetTransfer(ReadOnlySpan<float> transfer) => _scorer.WeighTransfer(transfer, _transfer);

    /// <inheritdoc/>
    public PoseScore Score(PoseJacobian<float> projection)
    {
        ArgumentNullException.ThrowIfNull(projection);
        return Score(projection.Re, projection.Im);
    }

    /// <summary>The score of a projection, which is overwritten.</summary>
    /// <param name="re">Real parts, Disc.Count values.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <returns>The score.</returns>
    public PoseScore Score(Span<float> re, Span<float> im) => Products(re, im).Score;

    /// <inheritdoc/>
    public PoseScore Evaluate(PoseJacobian<float> projection, Span<double> gradient, Span<double> gaussNewton)
    {
        ArgumentNullException.ThrowIfNull(projection);
        return Evaluate(projection.Re, projection.Im, projection.DerivativesRe, projection.DerivativesIm, gradient, gaussNewton);
    }

    /// <summary>
    /// The score of a projection and the objective's derivatives with respect to it, for any parameters that a projector can pull them back to.
    /// </summary>
    /// <param name="re">Real parts of the projection; become dObjective/dRe.</param>
    /// <param name="im">Imaginary parts; become dObjective/dIm.</param>
    /// <returns>The score.</returns>
    public PoseScore Differentiate(Span<float> re, Span<float> im)
    {
        re = re[..Disc.Count];
        im = im[..Disc.Count];
        var score = Score(re, im);
        var s = (float)score.Scale;
        Residual(_re, _im, s, Math.Abs(s), re, im);
        return score;
    }

    /// <summary>
    /// The derivatives that an image of the projection and other noise would give at its own best fit: their covariance over draws of the
    /// noise is the Fisher information of whatever parameters they are pulled back to.
    /// </summary>
    /// <param name="re">Real parts of the projection; become the derivatives.</param>
    /// <param name="im">Imaginary parts; become the derivatives.</param>
    /// <param name="noiseRe">Independent normal deviates of variance 1, Disc.Count values.</param>
    /// <param name="noiseIm">As many more.</param>
    public void DifferentiateNoise(Span<float> re, Span<float> im, ReadOnlySpan<float> noiseRe, ReadOnlySpan<float> noiseIm)
    {
        re = re[..Disc.Count];
        im = im[..Disc.Count];
        var scale = (float)Math.Abs(Score(re, im).Scale);
        var power = InnerProducts.Dot(re, im, re, im);
        var along = power > 0 ? InnerProducts.Dot(noiseRe, noiseIm, re, im) / power : 0;
        Residual(noiseRe, noiseIm, (float)along, scale, re, im);
    }

    /// <summary>The score, gradient and Gauss-Newton matrix for any few parameters, from derivative images. Overwrites projection and derivatives.</summary>
    /// <param name="re">Real parts of the projection.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="derivativeRe">Real parts of one derivative image after the other.</param>
    /// <param name="derivativeIm">Imaginary parts.</param>
    /// <param name="gradient">One value per parameter.</param>
    /// <param name="gaussNewton">The matrix, row by row, symmetric, positive semi-definite.</param>
    /// <returns>The score.</returns>
    public PoseScore Evaluate(
        Span<float> re, Span<float> im, Span<float> derivativeRe, Span<float> derivativeIm, Span<double> gradient, Span<double> gaussNewton)
    {
        Span<double> withReference = stackalloc double[gradient.Length];
        return Products(re, im, derivativeRe, derivativeIm, gradient, withReference, gaussNewton).Differentiate(gradient, withReference, gaussNewton);
    }

    /// <summary>
    /// The products of image, projection and derivative images that score, gradient and matrix are made of. Overwrites projection and derivatives.
    /// </summary>
    /// <param name="re">Real parts of the projection.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="derivativeRe">Real parts of one derivative image after the other.</param>
    /// <param name="derivativeIm">Imaginary parts.</param>
    /// <param name="withData">Receives the product of each derivative with the image.</param>
    /// <param name="withReference">Receives the product of each derivative with the projection.</param>
    /// <param name="gram">Receives the products of the derivatives, the lower triangle row by row.</param>
    /// <returns>The products without derivatives.</returns>
    internal WhitenedProducts Products(
        Span<float> re, Span<float> im, Span<float> derivativeRe, Span<float> derivativeIm, Span<double> withData, Span<double> withReference,
        Span<double> gram)
    {
        var count = Disc.Count;
        TensorPrimitives.Multiply(re, _transfer, re);
        TensorPrimitives.Multiply(im, _transfer, im);
        for (var p = 0; p < withData.Length; p++)
        {
            Span<float> dr = derivativeRe.Slice(p * count, count), di = derivativeIm.Slice(p * count, count);
            TensorPrimitives.Multiply(dr, _transfer, dr);
            TensorPrimitives.Multiply(di, _transfer, di);
        }

        return PredictedProducts(re, im, derivativeRe, derivativeIm, withData, withReference, gram);
    }

    /// <summary>
    /// The same from the predicted image and its derivatives themselves, transfer and weight in them: for parameters that move the transfer too. They are
    /// left as they are.
    /// </summary>
    internal WhitenedProducts PredictedProducts(
        ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> derivativeRe, ReadOnlySpan<float> derivativeIm, Span<double> withData,
        Span<double> withReference, Span<double> gram)
    {
        int n = withData.Length, count = Disc.Count;
        var products = PredictedProducts(re, im);
        if (products.Score.Correlation == 0)
        {
            withData.Clear();
            withReference.Clear();
            gram.Clear();
            return products;
        }

        for (var p = 0; p < n; p++)
        {
            ReadOnlySpan<float> dr = derivativeRe.Slice(p * count, count), di = derivativeIm.Slice(p * count, count);
            withReference[p] = InnerProducts.Dot(re, im, dr, di);
            withData[p] = InnerProducts.Dot(_re, _im, dr, di);
        }

        Gram(derivativeRe, derivativeIm, n, gram);
        return products;
    }

    /// <summary>The products of image and predicted image.</summary>
    internal WhitenedProducts PredictedProducts(ReadOnlySpan<float> re, ReadOnlySpan<float> im) =>
        new(InnerProducts.Dot(_re, _im, re, im), InnerProducts.Dot(re, im, re, im), Power);

    /// <summary>The products of image and projection, which becomes what it is in this image.</summary>
    internal WhitenedProducts Products(Span<float> re, Span<float> im)
    {
        TensorPrimitives.Multiply(re, _transfer, re);
        TensorPrimitives.Multiply(im, _transfer, im);
        return PredictedProducts(re, im);
    }

    /// <summary>Lower triangle of the Gram matrix of n images; of more than a pose has, in blocks of coefficients that stay in cache.</summary>
    private void Gram(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int n, Span<double> gram)
    {
        var count = Disc.Count;
        var block = n > Pose.ParameterCount ? GramBlock : count;
        gram.Clear();
        for (var start = 0; start < count; start += block)
        {
            var length = Math.Min(block, count - start);
            for (var p = 0; p < n; p++)
            {
                ReadOnlySpan<float> a = re.Slice((p * count) + start, length), b = im.Slice((p * count) + start, length);
                for (var q = 0; q <= p; q++)
                {
                    gram[(p * n) + q] += InnerProducts.Dot(a, b, re.Slice((q * count) + start, length), im.Slice((q * count) + start, length));
                }
            }
        }
    }

    /// <summary>factor T (data - scale G), in place of G.</summary>
    private void Residual(
        ReadOnlySpan<float> dataRe, ReadOnlySpan<float> dataIm, float scale, float factor, Span<float> re, Span<float> im)
    {
        ReadOnlySpan<float> transfer = _transfer;
        for (var i = 0; i < re.Length; i++)
        {
            re[i] = factor * transfer[i] * (dataRe[i] - (scale * re[i]));
            im[i] = factor * transfer[i] * (dataIm[i] - (scale * im[i]));
        }
    }
}
