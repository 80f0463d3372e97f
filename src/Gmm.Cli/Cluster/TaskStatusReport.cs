namespace Gmm.Cli;

/// <summary>Tasks that processes share (docs/cluster.md).</summary>
/// <param name="Iteration">The iteration they are of.</param>
/// <param name="Total">All of them.</param>
/// <param name="Done">Those whose result is there.</param>
/// <param name="Running">Those that a worker has.</param>
/// <param name="Isolated">Those that failed too often.</param>
/// <param name="Retried">Those that were begun more than once.</param>
/// <param name="Workers">The workers, machine and process.</param>
internal sealed record TaskStatusReport(
    string Iteration, int Total, int Done, int Running, int Isolated, int Retried, IReadOnlyList<string> Workers);
