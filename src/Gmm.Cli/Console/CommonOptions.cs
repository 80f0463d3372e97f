using System.CommandLine;
using System.Globalization;
using Gmm.Core;
using static System.FormattableString;

namespace Gmm.Cli;

/// <summary>The options every verb has.</summary>
internal sealed class CommonOptions
{
    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Prints one JSON object on standard output at the end, and events, one JSON object a line, on standard error.",
    };

    public Option<bool> Quiet { get; } = new("--quiet") { Description = "Shows results, warnings and errors, and nothing of what is at work." };

    private const int MostThreads = 4096;

    public Option<int?> Threads { get; } = new("--threads")
    {
        HelpName = "N",
        Description = "Threads to use; all processors by default. Results do not depend on it.",
    };

    public Option<int> Seed { get; } = new("--seed") { HelpName = "N", Description = "Seed of every random choice.", DefaultValueFactory = _ => 1 };

    public Option<bool> Overwrite { get; } = new("--overwrite") { Description = "Replaces outputs that exist; without it they are an error." };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Shows the stack trace of an error (also with GMM_DEBUG=1)." };

    public CommonOptions() => Threads.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var count)
            && count is not (> 0 and <= MostThreads))
        {
            result.AddError(Invariant($"{Threads.Name}: 1 to {MostThreads} threads are possible, not {count}"));
        }
    });

    public IEnumerable<Option> All => [Json, Quiet, Threads, Seed, Overwrite, Verbose];

    /// <summary>The threads and seed of a call.</summary>
    public ComputeOptions Compute(ParseResult result)
    {
        var options = new ComputeOptions { Seed = result.GetValue(Seed) };
        if (result.GetValue(Threads) is { } threads)
        {
            options = options with { Threads = threads };
        }

        return options;
    }
}
