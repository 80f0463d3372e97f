using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>The header of a training's state (<see cref="TrainingCheckpoint"/>).</summary>
internal sealed record TrainingStateHeader : IRecord
{
    /// <summary>Lengths of the blocks that follow.</summary>
    [JsonPropertyName("blocks")]
    public required int[] Blocks { get; init; }

    /// <summary>Where training stands; null once the half is finished.</summary>
    [JsonPropertyName("position")]
    public TrainingPosition? Position { get; init; }

    /// <summary>How training went, once the half is finished.</summary>
    [JsonPropertyName("training")]
    public HalfTraining? Training { get; init; }

    [JsonPropertyName("uses_networks")]
    public required bool UsesNetworks { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["position"].Require(Position is null != Training is null, "must be there exactly if training is not");
        check["position"].Maybe(Position);
        check["training"].Maybe(Training);
        check["blocks"].Count(Blocks.Length, Position is null ? Autoencoder.PartCount + 4 : 4 * Autoencoder.PartCount);
        check["blocks"].NotNegative(Blocks.Min());
    }
}
