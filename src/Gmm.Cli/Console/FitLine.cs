using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Progress of a model's fit.</summary>
internal sealed class FitLine(ProgressLine line) : IProgress<FitProgress>
{
    public void Report(FitProgress value) => line.Report((double)value.Iteration / value.MaxIterations);
}
