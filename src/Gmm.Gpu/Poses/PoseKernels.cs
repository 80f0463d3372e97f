namespace Gmm.Gpu;

/// <summary>The kernels of a pose step, compiled for a device when they are made.</summary>
internal sealed class PoseKernels(GpuCard card)
{
    /// <summary>Images, whitened.</summary>
    public Kernel<WhitenKernel.Args> Whiten { get; } = new(card, WhitenKernel.Run);

    /// <summary>Starts of climbs.</summary>
    public Kernel<ClimbKernels.Args> Start { get; } = new(card, ClimbKernels.Start);

    /// <summary>Empty grids.</summary>
    public Kernel<Grids> Clear { get; } = new(card, DepositKernels.Clear);

    /// <summary>Gaussians onto grids.</summary>
    public Kernel<DepositKernels.Args> Deposit { get; } = new(card, DepositKernels.Deposit);

    /// <summary>Rows of grids.</summary>
    public Kernel<GridRowKernel.Args> GridRows { get; } = new(card, GridRowKernel.Run);

    /// <summary>Projections kept for others.</summary>
    public Kernel<GatherKernel.Args> Gather { get; } = new(card, GatherKernel.Run);

    /// <summary>Products, lane by lane.</summary>
    public Kernel<ScoreKernels.Args> Products { get; } = new(card, ScoreKernels.Add);

    /// <summary>Products, summed.</summary>
    public Kernel<ScoreKernels.Args> Sum { get; } = new(card, ScoreKernels.Sum);

    /// <summary>Steps of climbs.</summary>
    public Kernel<ClimbKernels.Args> Step { get; } = new(card, ClimbKernels.Step);
}
