namespace Gmm.Gpu.Tests;

/// <summary>A card that the processor simulates, with the kernels of a pose step; of one class of tests.</summary>
public sealed class SimulatedCard : IDisposable
{
    internal GpuDevice Device { get; } = GpuDevices.Open(GpuDevices.Simulated);

    internal GpuCard Card => Device.Cards[0];

    private PoseEngine? _engine;

    internal PoseEngine Engine => _engine ??= new PoseEngine(Card);

    private InsertionEngine? _insertion;

    internal InsertionEngine Insertion => _insertion ??= new InsertionEngine(Card);

    public void Dispose() => Device.Dispose();
}
