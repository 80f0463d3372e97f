using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>What a run made of what it was given.</summary>
[JsonConverter(typeof(SnakeCaseName<VerdictOutcome>))]
public enum VerdictOutcome
{
    /// <summary>Better than the start.</summary>
    Improved,

    /// <summary>As good as the start.</summary>
    Unchanged,

    /// <summary>Worse than the start.</summary>
    Worse,

    /// <summary>The start shows no signal, so nothing was done.</summary>
    NoSignal,

    /// <summary>Too few particles were refined, or could be judged, to tell.</summary>
    CannotBeJudged,
}
