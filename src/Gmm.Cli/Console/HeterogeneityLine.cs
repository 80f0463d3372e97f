using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Progress of a heterogeneity analysis: a line for each stage and epoch.</summary>
internal sealed class HeterogeneityLine(CliConsole console) : IProgress<HeterogeneityProgress>, IDisposable
{
    private ProgressLine? _line;
    private (int Half, HeterogeneityStage Stage, int Epoch) _shown;

    public void Report(HeterogeneityProgress value)
    {
        var now = (value.Half, value.Stage, value.Epoch);
        if (_line is null || now != _shown)
        {
            _line?.Dispose();
            _shown = now;
            var gain = double.IsFinite(value.HeldOutGain) ? Texts.Line($", held-out gain {value.HeldOutGain:F3}") : "";
            _line = new ProgressLine(console, value.Stage switch
            {
                HeterogeneityStage.Preparing => Texts.Line($"half {value.Half}, reading particles"),
                HeterogeneityStage.TrainingLinear => Texts.Line($"half {value.Half}, epoch {value.Epoch}, linear{gain}"),
                HeterogeneityStage.TrainingNetworks => Texts.Line($"half {value.Half}, epoch {value.Epoch}, networks{gain}"),
                _ => Texts.Line($"half {value.Half}, latent points"),
            });
        }

        _line.Report((double)value.Done / value.Total);
    }

    public void Dispose() => _line?.Dispose();
}
