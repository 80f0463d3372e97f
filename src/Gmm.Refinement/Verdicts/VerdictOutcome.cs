using System.Text.Json.Serialization;

namespace Gmm.Refinement;

/// <summary>What a run made of what it was given.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerdictOutcome>))]
public enum VerdictOutcome
{
    /// <summary>Better than the start.</summary>
    [JsonStringEnumMemberName("improved")]
    Improved,

    /// <summary>As good as the start.</summary>
    [JsonStringEnumMemberName("unchanged")]
    Unchanged,

    /// <summary>Worse than the start.</summary>
    [JsonStringEnumMemberName("worse")]
    Worse,

    /// <summary>The start shows no signal, so nothing was done.</summary>
    [JsonStringEnumMemberName("no_signal")]
    NoSignal,

    /// <summary>Too few particles were refined, or could be judged, to tell.</summary>
    [JsonStringEnumMemberName("cannot_be_judged")]
    CannotBeJudged,
}
