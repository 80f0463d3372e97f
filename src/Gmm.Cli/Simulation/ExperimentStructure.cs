namespace Gmm.Cli;

/// <summary>One structure of the experiment.</summary>
/// <param name="Rigid">The part at rest.</param>
/// <param name="Flexible">The part that moves.</param>
internal sealed record ExperimentStructure(
    ExperimentRegion Rigid,
    ExperimentRegion Flexible);
