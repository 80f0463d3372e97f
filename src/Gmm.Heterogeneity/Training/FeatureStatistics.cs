namespace Gmm.Heterogeneity;

/// <summary>
/// Running sums over the features of particles: means, variances, the covariance of the full-band gradient at the anchors, and what pure noise gives
/// it.
/// </summary>
/// <param name="features">Features of a particle.</param>
/// <param name="controls">Gradients of a band.</param>
internal sealed class FeatureStatistics(int features, int controls)
{
    private readonly double[] _sum = new double[features];
    private readonly double[] _square = new double[features];
    private readonly double[] _products = new double[controls * controls];
    private readonly double[] _noise = new double[controls * controls];

    /// <summary>Particles.</summary>
    public int Count { get; private set; }

    /// <summary>Draws of noise.</summary>
    public int NoiseCount { get; private set; }

    /// <summary>Gradients of a band.</summary>
    public int Controls => controls;

    /// <summary>Adds a particle: low band, full band, view.</summary>
    public void Add(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _sum[i] += values[i];
            _square[i] += (double)values[i] * values[i];
        }

        AddProducts(values.Slice(controls, controls), _products);
        Count++;
    }

    /// <summary>Adds the full-band gradient of a draw of noise.</summary>
    public void AddNoise(ReadOnlySpan<float> values)
    {
        AddProducts(values, _noise);
        NoiseCount++;
    }

    /// <summary>Mean and 1 / standard deviation of each feature; 0 where it does not vary.</summary>
    public (float[] Mean, float[] InverseSd) Normalisation()
    {
        float[] mean = new float[features], inverse = new float[features];
        for (var i = 0; i < features; i++)
        {
            var m = _sum[i] / Count;
            var variance = (_square[i] / Count) - (m * m);
            mean[i] = (float)m;
            inverse[i] = variance > 1e-12 * ((m * m) + 1e-20) ? (float)(1 / Math.Sqrt(variance)) : 0;
        }

        return (mean, inverse);
    }

    /// <summary>Covariance of the full-band gradient over the particles.</summary>
    public double[] Covariance()
    {
        var result = new double[controls * controls];
        for (var i = 0; i < controls; i++)
        {
            for (var j = 0; j < controls; j++)
            {
                result[(i * controls) + j] = (_products[(i * controls) + j] / Count) - (_sum[controls + i] / Count * (_sum[controls + j] / Count));
            }
        }

        return result;
    }

    /// <summary>The mean Fisher information of the anchors' controls: the covariance of what noise gives.</summary>
    public double[] Information() => Array.ConvertAll(_noise, v => v / NoiseCount);

    private void AddProducts(ReadOnlySpan<float> values, double[] sums)
    {
        for (var i = 0; i < controls; i++)
        {
            double v = values[i];
            var line = sums.AsSpan(i * controls, controls);
            for (var j = 0; j < line.Length; j++)
            {
                line[j] += v * values[j];
            }
        }
    }
}
