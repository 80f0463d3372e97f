using Gmm.Heterogeneity;

namespace Gmm.Cli;

/// <summary>Progress of a heterogeneity analysis: a line for each stage and epoch.</summary>
internal sealed class HeterogeneityLine(CliConsole console) : IProgress<HeterogeneityProgress>, IDisposable
{
    private ProgressLine? _line;
    private (int Half, int Round, HeterogeneityStage Stage, int Epoch) _shown;

    public void Report(HeterogeneityProgress value)
    {
        var now = (value.Half, value.Round, value.Stage, value.Epoch);
        if (_line is null || now != _shown)
        {
            _line?.Dispose();
            _shown = now;
            var gain = double.IsFinite(value.HeldOutGain) ? Texts.Line($", held-out gain {value.HeldOutGain:F3}") : "";
            var where = value.Round > 1 ? Texts.Line($"half {value.Half}, round {value.Round}") : Texts.Line($"half {value.Half}");
            _line = new ProgressLine(console, value.Stage switch
            {
                HeterogeneityStage.Reconstructing => $"{where}, maps for neutral models",
                HeterogeneityStage.Modelling => $"{where}, neutral models",
                HeterogeneityStage.Preparing => $"{where}, reading particles",
                HeterogeneityStage.TrainingLinear => Texts.Line($"{where}, epoch {value.Epoch}, linear{gain}"),
                HeterogeneityStage.TrainingNetworks => Texts.Line($"{where}, epoch {value.Epoch}, networks{gain}"),
                _ => $"{where}, latent points",
            });
        }

        _line.Report((double)value.Done / value.Total);
    }

    public void Dispose()
    {
        _line?.Dispose();
        _line = null;
    }
}
