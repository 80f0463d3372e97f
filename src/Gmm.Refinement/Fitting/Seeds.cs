namespace Gmm.Refinement;

/// <summary>Places where Gaussians start.</summary>
internal sealed class Seeds
{
    /// <summary>Makes room for seeds.</summary>
    /// <param name="count">Their number.</param>
    public Seeds(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        X = new float[count];
        Y = new float[count];
        Z = new float[count];
        Density = new float[count];
    }

    /// <summary>Number of seeds.</summary>
    public int Count => X.Length;

    /// <summary>X, angstrom from the box centre.</summary>
    public float[] X { get; }

    /// <summary>Y, angstrom from the box centre.</summary>
    public float[] Y { get; }

    /// <summary>Z, angstrom from the box centre.</summary>
    public float[] Z { get; }

    /// <summary>Relative density that each seed stands for: a first guess of its amplitude, up to a common factor.</summary>
    public float[] Density { get; }
}
