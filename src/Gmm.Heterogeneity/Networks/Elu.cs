namespace Gmm.Heterogeneity;

/// <summary>
/// The exponential linear unit: x where x is positive, exp(x) - 1 elsewhere. Its slope is continuous, so that small steps of a latent point move
/// Gaussians smoothly.
/// </summary>
internal static class Elu
{
    /// <summary>Applies it in place.</summary>
    /// <param name="values">The values.</param>
    public static void Apply(Span<float> values)
    {
        foreach (ref var v in values)
        {
            v = v > 0 ? v : MathF.Exp(v) - 1;
        }
    }

    /// <summary>Multiplies derivatives by the slope, which for x at or below 0 is the value plus 1.</summary>
    /// <param name="values">What <see cref="Apply"/> gave.</param>
    /// <param name="derivatives">Derivatives of the loss with respect to the values; becomes those with respect to the arguments.</param>
    public static void PullBack(ReadOnlySpan<float> values, Span<float> derivatives)
    {
        for (var i = 0; i < derivatives.Length; i++)
        {
            derivatives[i] *= values[i] > 0 ? 1 : values[i] + 1;
        }
    }
}
