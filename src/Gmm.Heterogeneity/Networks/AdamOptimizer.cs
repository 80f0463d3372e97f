namespace Gmm.Heterogeneity;

/// <summary>Adam (Kingma and Ba 2015) on one array of weights: steps against the gradient, each weight scaled by its own running mean square.</summary>
/// <param name="count">Number of weights.</param>
internal sealed class AdamOptimizer(int count)
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly float[] _mean = new float[count];
    private readonly float[] _square = new float[count];
    private int _steps;

    /// <summary>All that the next step needs: steps taken, running means and mean squares of the gradients. Read, or put back what was read.</summary>
    public (int Steps, float[] Mean, float[] Square) State
    {
        get => (_steps, _mean, _square);
        set
        {
            _steps = value.Steps;
            value.Mean.CopyTo(_mean, 0);
            value.Square.CopyTo(_square, 0);
        }
    }

    /// <summary>Takes one step.</summary>
    /// <param name="parameters">The weights, changed.</param>
    /// <param name="gradient">Derivatives of the loss.</param>
    /// <param name="rate">Learning rate.</param>
    public void Step(Span<float> parameters, ReadOnlySpan<float> gradient, double rate)
    {
        _steps++;
        var first = (float)(1 / (1 - Math.Pow(Beta1, _steps)));
        var second = (float)(1 / (1 - Math.Pow(Beta2, _steps)));
        float b1 = (float)Beta1, b2 = (float)Beta2, step = (float)rate, epsilon = (float)Epsilon;
        for (var i = 0; i < parameters.Length; i++)
        {
            var g = gradient[i];
            var m = _mean[i] = (b1 * _mean[i]) + ((1 - b1) * g);
            var v = _square[i] = (b2 * _square[i]) + ((1 - b2) * g * g);
            parameters[i] -= step * m * first / (MathF.Sqrt(v * second) + epsilon);
        }
    }
}
