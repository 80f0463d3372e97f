using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>How the training of one half went.</summary>
public sealed record HalfTraining : IRecord
{
    /// <summary>Half set, 1 or 2.</summary>
    public required int Half { get; init; }

    /// <summary>Particles of the half.</summary>
    public required int Particles { get; init; }

    /// <summary>Those of them held out of training.</summary>
    public required int HeldOut { get; init; }

    /// <summary>The epochs.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The epoch whose weights were kept.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Why training stopped: "finished", "no more gain", or "diverged: ...".</summary>
    public required string Stopped { get; init; }

    /// <summary>Particles per second of training, of the epochs since the run was last resumed; null where there were none.</summary>
    public required double? ParticlesPerSecond { get; init; }

    /// <summary>Variance of the motion along each closed-form component over its uncertainty in one image, squared: the linear baseline.</summary>
    public required IReadOnlyList<double> LinearSignals { get; init; }

    /// <summary>The held-out gain of the weights kept, log-likelihood per particle.</summary>
    [JsonIgnore]
    public double HeldOutGain => Epochs.First(e => e.Epoch == BestEpoch).HeldOutGain;

    /// <summary>Its standard error.</summary>
    [JsonIgnore]
    public double HeldOutError => Epochs.First(e => e.Epoch == BestEpoch).HeldOutError;

    /// <summary>The held-out gain of the best linear model, closed form or trained: the baseline.</summary>
    [JsonIgnore]
    public double LinearGain => Epochs.Where(e => e.Stage != "network").Max(e => e.HeldOutGain);

    /// <summary>Whether the held-out particles show motion: their gain is above 0 by more than three of its standard errors.</summary>
    [JsonIgnore]
    public bool MotionFound => HeldOutGain > 3 * HeldOutError;

    /// <summary>The same without times, which differ from run to run.</summary>
    internal HalfTraining Untimed() => this with { ParticlesPerSecond = null, Epochs = EpochRecord.Untimed(Epochs) };

    void IRecord.Validate(RecordCheck check)
    {
        check["half"].Within(Half, 1, 2);
        check["particles"].NotNegative(Particles);
        check["held_out"].Within(HeldOut, 0, Particles);
        check["epochs"].All(Epochs);
        check["epochs"].Require(Epochs.Any(e => e.Stage != "network"), "has no epoch of the linear model");
        check["best_epoch"].Require(Epochs.Any(e => e.Epoch == BestEpoch), "is none of the epochs");
        check["particles_per_second"].NotNegative(ParticlesPerSecond ?? 0);
        check["linear_signals"].AllFinite(LinearSignals);
    }
}
