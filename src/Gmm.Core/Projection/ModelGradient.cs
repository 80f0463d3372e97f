using System.Numerics;

namespace Gmm.Core;

/// <summary>Derivatives of a scalar with respect to every parameter of a model, column by column as in <see cref="GaussianModel"/>.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="count">Number of Gaussians.</param>
public sealed class ModelGradient<T>(int count)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _values = new T[5 * count];

    /// <summary>Number of Gaussians.</summary>
    public int Count { get; } = count;

    /// <summary>With respect to the x of each centre, per angstrom.</summary>
    public Span<T> X => _values.AsSpan(0, Count);

    /// <summary>With respect to the y of each centre, per angstrom.</summary>
    public Span<T> Y => _values.AsSpan(Count, Count);

    /// <summary>With respect to the z of each centre, per angstrom.</summary>
    public Span<T> Z => _values.AsSpan(2 * Count, Count);

    /// <summary>With respect to each amplitude.</summary>
    public Span<T> Amplitudes => _values.AsSpan(3 * Count, Count);

    /// <summary>With respect to each width, per angstrom.</summary>
    public Span<T> Widths => _values.AsSpan(4 * Count, Count);

    /// <summary>Sets everything to zero.</summary>
    public void Clear() => Array.Clear(_values);
}
