namespace Gmm.Cli;

/// <summary>One structure of the experiment.</summary>
internal sealed record ExperimentStructure(
    ExperimentRegion Rigid,
    ExperimentRegion Flexible);
