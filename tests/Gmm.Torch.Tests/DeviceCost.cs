using System.Diagnostics.Metrics;

namespace Gmm.Torch.Tests;

/// <summary>What work costs beside arithmetic, as the meter of Gmm.Torch and TorchSharp count it.</summary>
/// <param name="Syncs">Times that the host waited for the device.</param>
/// <param name="Bytes">Bytes copied either way.</param>
/// <param name="Operations">Tensors made: each operation that returns one makes one; those in place make none, views are not launched.</param>
internal readonly record struct DeviceCost(long Syncs, long Bytes, long Operations)
{
    public static DeviceCost Of(Action work)
    {
        long waits = 0, bytes = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == TorchMeters.Name)
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _ = instrument.Name == "host_syncs" ? waits += value : bytes += value);
        listener.Start();
        var made = DisposeScopeManager.Statistics.TensorStatistics.CreatedInScopeCount;
        work();
        return new DeviceCost(waits, bytes, DisposeScopeManager.Statistics.TensorStatistics.CreatedInScopeCount - made);
    }
}
