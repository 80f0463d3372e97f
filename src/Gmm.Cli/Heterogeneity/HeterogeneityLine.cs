using Gmm.Heterogeneity;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Where an analysis of heterogeneity stands: halves one after the other, each in rounds of epochs.</summary>
/// <param name="console">Where it is shown.</param>
/// <param name="options">Epochs and rounds.</param>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class HeterogeneityLine(CliConsole console, HeterogeneityOptions options, TimeProvider? time = null)
    : IProgress<HeterogeneityProgress>, IDisposable
{
    private readonly StageProgress _stages = new(console, time);

    public void Report(HeterogeneityProgress value)
    {
        var epochs = options.LinearEpochs + options.Epochs;
        var before = ((value.Half - 1) * options.Rounds) + value.Round - 1;

        // What comes before the first epoch of a half belongs to the last one of the half before, and is no step in the first.
        var epoch = value.Epoch > 0 ? Math.Min(value.Epoch, epochs) : value.Stage == HeterogeneityStage.RefiningLatents ? epochs : 0;
        _stages.Report(new WorkStage(Label(value), value.Done, value.Total)
        {
            Counts = value.Stage is not HeterogeneityStage.Modelling,
            Step = (before * epochs) + epoch,
            Steps = 2 * options.Rounds * epochs,
            Iteration = value.Epoch > 0 ? value.Epoch : null,
            Iterations = value.Epoch > 0 ? epochs : null,
            HeldOutGain = double.IsFinite(value.HeldOutGain) ? value.HeldOutGain : null,
        });
    }

    /// <summary>Notes where the halves stand that other processes train.</summary>
    public void Share(BoardState state)
    {
        var tasks = TaskProgress.Of(state);
        _stages.Report(new WorkStage("both halves, trained by workers", tasks.Done, tasks.Total));
        _stages.Share(tasks);
    }

    /// <summary>Takes the line off the terminal, for another to be written.</summary>
    public void Clear() => _stages.Clear();

    public void Dispose() => _stages.Dispose();

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
