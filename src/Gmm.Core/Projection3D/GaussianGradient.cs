namespace Gmm.Core;

/// <summary>Derivatives of a loss with respect to the columns of N Gaussians.</summary>
internal sealed class GaussianGradient
{
    /// <summary>Makes room for N Gaussians, all zero.</summary>
    /// <param name="count">N.</param>
    public GaussianGradient(int count)
    {
        X = new float[count];
        Y = new float[count];
        Z = new float[count];
        Amplitudes = new float[count];
        Widths = new float[count];
    }

    /// <summary>With respect to the x of the centres, per angstrom.</summary>
    public float[] X { get; }

    /// <summary>With respect to the y of the centres, per angstrom.</summary>
    public float[] Y { get; }

    /// <summary>With respect to the z of the centres, per angstrom.</summary>
    public float[] Z { get; }

    /// <summary>With respect to the amplitudes.</summary>
    public float[] Amplitudes { get; }

    /// <summary>With respect to the widths, per angstrom.</summary>
    public float[] Widths { get; }
}
