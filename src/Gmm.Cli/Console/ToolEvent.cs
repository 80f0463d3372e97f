using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>What a call with --json tells while it works: one JSON object in a line of standard error (docs/formats.md).</summary>
/// <param name="Event">progress, stage, iteration, message, warning or wrote.</param>
internal sealed record ToolEvent(string Event)
{
    /// <summary>When, UTC.</summary>
    public DateTime Time { get; init; } = DateTime.UtcNow;

    /// <summary>What is being done.</summary>
    public string? Stage { get; init; }

    /// <summary>The iteration, 0 for the start; the epoch of a half, from 1; the point of a landscape.</summary>
    public int? Iteration { get; init; }

    /// <summary>Iterations, epochs or points at most.</summary>
    public int? Iterations { get; init; }

    /// <summary>How much of the stage is done, 0 to 1.</summary>
    public double? Share { get; init; }

    /// <summary>Particles per second in this stage.</summary>
    public double? ParticlesPerSecond { get; init; }

    /// <summary>Time left of the whole job, at most; absent before it can be known.</summary>
    [JsonPropertyName("left_s")]
    public double? Left { get; init; }

    /// <summary>The resolution so far, angstrom.</summary>
    [JsonPropertyName("resolution_0143_A")]
    public double? Resolution { get; init; }

    /// <summary>Gain in log-likelihood per particle on particles held out of training so far.</summary>
    [JsonPropertyName("heldout_gain")]
    public double? HeldOutGain { get; init; }

    /// <summary>Tasks that the stage shares among processes; absent where it shares none.</summary>
    public int? Tasks { get; init; }

    /// <summary>Those whose result is there.</summary>
    public int? TasksDone { get; init; }

    /// <summary>Processes that work on them now.</summary>
    public int? Workers { get; init; }

    /// <summary>Text for people.</summary>
    public string? Message { get; init; }

    /// <summary>The files that were written.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>The line.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, ToolEvents.Line.ToolEvent);
}

/// <summary>Events, without reflection.</summary>
[JsonSerializable(typeof(ToolEvent))]
internal sealed partial class ToolEvents : JsonSerializerContext
{
    /// <summary>With letters of all alphabets as they are.</summary>
    public static ToolEvents Line { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
