namespace Gmm.Gpu;

/// <summary>The kernels of patches that are solved together, compiled for a card when they are made.</summary>
internal sealed class BodyKernels(GpuCard card)
{
    /// <summary>Products, lane by lane.</summary>
    public Kernel<JointKernels.Args> JointProducts { get; } = new(card, JointKernels.Add);

    /// <summary>Products, summed.</summary>
    public Kernel<JointKernels.Args> JointSum { get; } = new(card, JointKernels.Sum);
}
