namespace Gmm.Cli;

/// <summary>What a job is doing.</summary>
/// <param name="Label">The stage, in words; another word is another stage.</param>
/// <param name="Done">How much of the stage is done.</param>
/// <param name="Total">Of how much; 0 where that is not known.</param>
internal readonly record struct WorkStage(string Label, int Done, int Total)
{
    /// <summary>Whether particles are counted.</summary>
    public bool Counts { get; init; }

    /// <summary>The step of the whole job that this belongs to, from 1; 0 before the first.</summary>
    public int Step { get; init; }

    /// <summary>Steps at most.</summary>
    public int Steps { get; init; }

    /// <summary>The iteration or epoch that events tell; null in a job without.</summary>
    public int? Iteration { get; init; }

    /// <summary>Iterations or epochs at most.</summary>
    public int? Iterations { get; init; }

    /// <summary>Gain in log-likelihood on held-out particles so far; null where there is none.</summary>
    public double? HeldOutGain { get; init; }
}
