namespace Gmm.Gpu;

/// <summary>The coefficients of a <see cref="Core.FourierDisc"/> as kernels see them.</summary>
internal struct DiscViews
{
    /// <summary>Number of coefficients.</summary>
    public int Count;

    /// <summary>Last ring.</summary>
    public int Radius;

    /// <summary>Frequencies along x, Fourier pixels.</summary>
    public ArrayView<int> Kx;

    /// <summary>Frequencies along y.</summary>
    public ArrayView<int> Ky;
}
