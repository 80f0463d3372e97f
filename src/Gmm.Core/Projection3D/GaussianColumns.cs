namespace Gmm.Core;

/// <summary>The columns of N Gaussians as spans: what kernels read, whether from a model or from the variables of a fit.</summary>
internal readonly ref struct GaussianColumns
{
    /// <summary>Joins columns.</summary>
    /// <param name="x">X of the centres, angstrom from the box centre.</param>
    /// <param name="y">Y of the centres.</param>
    /// <param name="z">Z of the centres.</param>
    /// <param name="amplitudes">Integrals.</param>
    /// <param name="widths">Standard deviations, angstrom.</param>
    public GaussianColumns(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, ReadOnlySpan<float> amplitudes, ReadOnlySpan<float> widths)
    {
        X = x;
        Y = y;
        Z = z;
        Amplitudes = amplitudes;
        Widths = widths;
    }

    /// <summary>X of the centres, angstrom from the box centre.</summary>
    public ReadOnlySpan<float> X { get; }

    /// <summary>Y of the centres.</summary>
    public ReadOnlySpan<float> Y { get; }

    /// <summary>Z of the centres.</summary>
    public ReadOnlySpan<float> Z { get; }

    /// <summary>Integrals.</summary>
    public ReadOnlySpan<float> Amplitudes { get; }

    /// <summary>Standard deviations, angstrom.</summary>
    public ReadOnlySpan<float> Widths { get; }

    /// <summary>Number of Gaussians.</summary>
    public int Count => Amplitudes.Length;

    /// <summary>The columns of a model.</summary>
    /// <param name="model">The model.</param>
    /// <returns>Views of its arrays.</returns>
    public static GaussianColumns Of(GaussianModel model) => new(model.X, model.Y, model.Z, model.Amplitudes, model.Widths);
}
