namespace Gmm.Cli.Tests;

/// <summary>Damaged JSON that a user names: one line with file and field, exit code 1, and no internal error.</summary>
public sealed class HostileRecordTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("min_motion_null.json", "domains[0]: is null")]
    [InlineData("min_motion_atoms_null.json", "domains[0].atoms: is null")]
    public void A_motion_with_nothing_where_something_must_be(string name, string problem) =>
        Fails(
            name, problem, "simulate", _tool.WriteModel(), "--out", _tool["sim"], "--particles", "4", "--box", "16", "--pixel-size", "4", "--motion",
            Hostile(name));

    [Fact]
    public void A_record_of_a_run_whose_iterations_are_none() =>
        Fails("min_provenance_iterations.json", "iterations[0]", "composite", Hostile("min_provenance_iterations.json"), "--out", _tool["c"]);

    private static string Hostile(string name) => Path.Combine(AppContext.BaseDirectory, "Data", "hostile", name);

    private static void Fails(string name, string problem, params string[] args)
    {
        var run = Tool.Run(args);
        Assert.Equal(ExitCodes.Failure, run.Code);
        var line = run.Line();
        Assert.Contains(name, line, StringComparison.Ordinal);
        Assert.True(line.Contains(problem, StringComparison.Ordinal), line);
        Assert.DoesNotContain("internal error", line, StringComparison.Ordinal);
    }
}
