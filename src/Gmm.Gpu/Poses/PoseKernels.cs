namespace Gmm.Gpu;

/// <summary>The kernels of a pose step, compiled for a device when they are made.</summary>
internal sealed class PoseKernels(GpuDevice device)
{
    /// <summary>Images, whitened.</summary>
    public Kernel<WhitenKernel.Args> Whiten { get; } = new(device, WhitenKernel.Run);

    /// <summary>Starts of climbs.</summary>
    public Kernel<ClimbKernels.Args> Start { get; } = new(device, ClimbKernels.Start);

    /// <summary>Empty grids.</summary>
    public Kernel<Grids> Clear { get; } = new(device, DepositKernels.Clear);

    /// <summary>Gaussians onto grids.</summary>
    public Kernel<DepositKernels.Args> Deposit { get; } = new(device, DepositKernels.Deposit);

    /// <summary>Rows of grids.</summary>
    public Kernel<GridRowKernel.Args> GridRows { get; } = new(device, GridRowKernel.Run);

    /// <summary>Products, lane by lane.</summary>
    public Kernel<ScoreKernels.Args> Products { get; } = new(device, ScoreKernels.Add);

    /// <summary>Products, summed.</summary>
    public Kernel<ScoreKernels.Args> Sum { get; } = new(device, ScoreKernels.Sum);

    /// <summary>Steps of climbs.</summary>
    public Kernel<ClimbKernels.Args> Step { get; } = new(device, ClimbKernels.Step);
}
