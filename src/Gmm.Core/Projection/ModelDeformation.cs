using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>
/// How every Gaussian of a model differs from the neutral one: a displacement, and a relative change of amplitude. Also a velocity, where a projector
/// is asked for a directional derivative.
/// </summary>
/// <param name="count">Number of Gaussians.</param>
public sealed class ModelDeformation(int count)
{
    private readonly float[] _values = new float[4 * count];

    /// <summary>Number of Gaussians.</summary>
    public int Count { get; } = count;

    /// <summary>What is added to the x of each centre, angstrom.</summary>
    public Span<float> X => _values.AsSpan(0, Count);

    /// <summary>What is added to the y of each centre, angstrom.</summary>
    public Span<float> Y => _values.AsSpan(Count, Count);

    /// <summary>What is added to the z of each centre, angstrom.</summary>
    public Span<float> Z => _values.AsSpan(2 * Count, Count);

    /// <summary>Relative change of each amplitude: a becomes a (1 + change).</summary>
    public Span<float> Amplitudes => _values.AsSpan(3 * Count, Count);

    /// <summary>Sets everything to zero: the neutral model.</summary>
    public void Clear() => Array.Clear(_values);

    /// <summary>The deformed model.</summary>
    /// <param name="neutral">The neutral model, with as many Gaussians.</param>
    /// <returns>A new model.</returns>
    /// <exception cref="ArgumentException">Another number of Gaussians, or a displacement that is not finite.</exception>
    public GaussianModel Apply(GaussianModel neutral)
    {
        ArgumentNullException.ThrowIfNull(neutral);
        if (neutral.Count != Count)
        {
            throw new ArgumentException($"The model has {neutral.Count} Gaussians, the deformation {Count}.", nameof(neutral));
        }

        float[] x = new float[Count], y = new float[Count], z = new float[Count], a = new float[Count];
        TensorPrimitives.Add(neutral.X, X, x);
        TensorPrimitives.Add(neutral.Y, Y, y);
        TensorPrimitives.Add(neutral.Z, Z, z);
        TensorPrimitives.MultiplyAdd(neutral.Amplitudes, Amplitudes, neutral.Amplitudes, a);
        return new GaussianModel(x, y, z, a, neutral.Widths, neutral.BoxSize, neutral.PixelSize, neutral.Provenance);
    }
}
