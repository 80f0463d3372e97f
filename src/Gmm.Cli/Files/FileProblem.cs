namespace Gmm.Cli;

/// <summary>Something that was found in a file.</summary>
/// <param name="Severity">error (it cannot be used as it is), warning (it is likely wrong) or note (what was assumed or is missing).</param>
/// <param name="Problem">What it is, and what to do about it.</param>
/// <param name="Row">The row or line, from 1; null where there is none.</param>
/// <param name="Field">The column or field; null where there is none.</param>
internal sealed record FileProblem(string Severity, string Problem, long? Row = null, string? Field = null)
{
    /// <summary>It cannot be used as it is.</summary>
    public const string Error = "error";

    /// <summary>It is likely wrong.</summary>
    public const string Warning = "warning";

    /// <summary>What was assumed, or is missing.</summary>
    public const string Note = "note";
}
