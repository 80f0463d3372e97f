using System.Text.Json.Serialization;

namespace Gmm.Refinement;

/// <summary>The header of a training's state (<see cref="TrainingCheckpoint"/>).</summary>
internal sealed record TrainingStateHeader
{
    [JsonPropertyName("settings")]
    public required SortedDictionary<string, string> Settings { get; init; }

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
}
