using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>One epoch of training, or the closed-form linear model before it (epoch 0).</summary>
public sealed record EpochRecord : IRecord
{
    /// <summary>Number, from 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>"closed form", "linear" or "network".</summary>
    public required string Stage { get; init; }

    /// <summary>
    /// Mean gain over the neutral model on the held-out particles, in units of log-likelihood, what the latent point costs (its divergence from
    /// the prior) already taken off: a lower bound of the log-evidence for motion. Above 0 only if the motion explains particles it was not trained on;
    /// NaN, null in JSON, where training diverged.
    /// </summary>
    [JsonPropertyName("heldout_gain"), JsonConverter(typeof(UnmeasuredNumber))]
    public required double HeldOutGain { get; init; }

    /// <summary>Standard error of that mean.</summary>
    [JsonPropertyName("heldout_gain_error"), JsonConverter(typeof(UnmeasuredNumber))]
    public required double HeldOutError { get; init; }

    /// <summary>The same mean on the training particles, while they were trained on; NaN, null in JSON, for epoch 0.</summary>
    [JsonConverter(typeof(UnmeasuredNumber))]
    public required double TrainingGain { get; init; }

    /// <summary>
    /// Time of the epoch's training, seconds; null where it was trained before the run was stopped and resumed: states of training hold no times, so
    /// that they are the same bytes.
    /// </summary>
    [JsonPropertyName("wall_s")]
    public required double? Seconds { get; init; }

    /// <summary>The same epochs without times.</summary>
    internal static IReadOnlyList<EpochRecord> Untimed(IEnumerable<EpochRecord> epochs) => [.. epochs.Select(e => e with { Seconds = null })];

    void IRecord.Validate(RecordCheck check)
    {
        // Gains of an epoch in which training diverged may be anything, and say so.
        check["epoch"].NotNegative(Epoch);
        check["wall_s"].NotNegative(Seconds ?? 0);
    }
}
