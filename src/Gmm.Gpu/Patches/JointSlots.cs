namespace Gmm.Gpu;

/// <summary>The memory of patches that are solved together: what is kept of each part, and the products.</summary>
internal sealed class JointSlots : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _kept;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _partial;
    private readonly MemoryBuffer1D<double, Stride1D.Dense> _sums;
    private readonly long _each;

    /// <summary>Makes the memory.</summary>
    /// <param name="card">Where.</param>
    /// <param name="coefficients">Coefficients of the disc.</param>
    /// <param name="parts">Parts that move together.</param>
    /// <param name="count">Number of images.</param>
    /// <exception cref="Core.InvalidInputException">Too little memory.</exception>
    public JointSlots(GpuCard card, int coefficients, int parts, int count)
    {
        (Parts, _each) = (parts, (long)GatherKernel.AllPlanes * coefficients * count);
        long products = (long)JointKernels.Products(parts) * count;
        _kept = card.Allocate<float>(_each * parts);
        _partial = card.Allocate<float>(products * JointKernels.Lanes);
        _sums = card.Allocate<double>(products);
        Found = card.Pinned<double>(products);
    }

    /// <summary>Parts that move together.</summary>
    public int Parts { get; }

    /// <summary>As <see cref="JointKernels.Args.Kept"/>.</summary>
    public ArrayView<float> Kept => _kept.View;

    /// <summary>As <see cref="JointKernels.Args.Partial"/>.</summary>
    public ArrayView<float> Partial => _partial.View;

    /// <summary>As <see cref="JointKernels.Args.Sums"/>.</summary>
    public ArrayView<double> Sums => _sums.View;

    /// <summary>The sums here, in page-locked memory.</summary>
    public PageLockedArray1D<double> Found { get; }

    /// <summary>Where one part is kept.</summary>
    public ArrayView<float> Part(int part) => Kept.SubView(part * _each, _each);

    /// <inheritdoc/>
    public void Dispose()
    {
        _kept.Dispose();
        _partial.Dispose();
        _sums.Dispose();
        Found.Dispose();
    }
}
