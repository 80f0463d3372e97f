using System.Text.Json.Serialization;

namespace Gmm.Refinement;

/// <summary>Where the training of a half stands after an epoch: with the weights and the optimizers' means, all that the next epoch needs.</summary>
internal sealed record TrainingPosition
{
    /// <summary>Whether the networks are trained, or still the linear parts alone.</summary>
    [JsonPropertyName("networks")]
    public bool Networks { get; init; }

    /// <summary>Epochs of this stage that are done.</summary>
    [JsonPropertyName("done")]
    public int Done { get; init; }

    /// <summary>Epochs since the last gain.</summary>
    [JsonPropertyName("without_gain")]
    public int WithoutGain { get; init; }

    [JsonPropertyName("epochs")]
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    [JsonPropertyName("best_epoch")]
    public required int BestEpoch { get; init; }

    [JsonPropertyName("best_uses_networks")]
    public required bool BestUsesNetworks { get; init; }

    /// <summary>Steps that each part's optimizer has taken.</summary>
    [JsonPropertyName("steps")]
    public required int[] Steps { get; init; }

    [JsonPropertyName("trained_particles")]
    public required double TrainedParticles { get; init; }

    [JsonPropertyName("trained_seconds")]
    public required double TrainedSeconds { get; init; }
}
