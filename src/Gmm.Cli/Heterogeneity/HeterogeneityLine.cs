using Gmm.Heterogeneity;

namespace Gmm.Cli;

/// <summary>Progress of a heterogeneity analysis: a line for each stage and epoch.</summary>
internal sealed class HeterogeneityLine(CliConsole console) : IProgress<HeterogeneityProgress>, IDisposable
{
    private readonly LabelledLine _line = new(console);

    public void Report(HeterogeneityProgress value) => _line.Show(Label(value), (double)value.Done / value.Total);

    public void Dispose() => _line.Dispose();

    private static string Label(HeterogeneityProgress value)
    {
        var gain = double.IsFinite(value.HeldOutGain) ? Texts.Line($", held-out gain {value.HeldOutGain:F3}") : "";
        var where = value.Round > 1 ? Texts.Line($"half {value.Half}, round {value.Round}") : Texts.Line($"half {value.Half}");
        return value.Stage switch
        {
            HeterogeneityStage.Reconstructing => $"{where}, maps for neutral models",
            HeterogeneityStage.Modelling => $"{where}, neutral models",
            HeterogeneityStage.Preparing => $"{where}, reading particles",
            HeterogeneityStage.TrainingLinear => Texts.Line($"{where}, epoch {value.Epoch}, linear{gain}"),
            HeterogeneityStage.TrainingNetworks => Texts.Line($"{where}, epoch {value.Epoch}, networks{gain}"),
            _ => $"{where}, latent points",
        };
    }
}
