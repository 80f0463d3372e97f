using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Result of status.</summary>
/// <param name="Folder">The folder of the run.</param>
/// <param name="Job">The verb; null while nothing is written yet.</param>
/// <param name="State">
/// running, finished, incomplete (finished, but files of it were deleted since), interrupted (stopped cleanly) or failed (its process died).
/// </param>
/// <param name="Iteration">The last iteration that is whole; null in a job without, and before the start's maps.</param>
/// <param name="Iterations">Iterations at most; null where it is not known.</param>
/// <param name="Resolution0143">The resolution after that iteration, angstrom; null for none.</param>
/// <param name="Whole">What is whole of a run that is not finished, in words; null where nothing is.</param>
/// <param name="RunningSeconds">How long it has been at work, seconds; null where it is not.</param>
/// <param name="LeftSeconds">Time left at most, seconds; null before it can be known.</param>
/// <param name="Missing">Results that it wrote and that are not there any more; empty unless it is incomplete.</param>
/// <param name="Tasks">The tasks that its iteration shares among processes; null where there are none.</param>
/// <param name="Command">The command that goes on with it; null where there is none.</param>
internal sealed record StatusReport(
    string Folder,
    string? Job,
    string State,
    int? Iteration,
    int? Iterations,
    [property: JsonPropertyName("resolution_0143_A")] double? Resolution0143,
    string? Whole,
    [property: JsonPropertyName("running_s")] double? RunningSeconds,
    [property: JsonPropertyName("left_s")] double? LeftSeconds,
    IReadOnlyList<string> Missing,
    TaskStatusReport? Tasks,
    string? Command);

/// <summary>The result of status, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusReport))]
internal sealed partial class StatusReports : JsonSerializerContext;
