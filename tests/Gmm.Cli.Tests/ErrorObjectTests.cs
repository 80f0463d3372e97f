using System.CommandLine;
using System.Text.Json;

namespace Gmm.Cli.Tests;

/// <summary>
/// Under --json every failure of every verb is one object on standard output, with the exit code that it has without. (Interruptions: InterruptionTests.)
/// </summary>
public sealed class ErrorObjectTests : IDisposable
{
    private readonly Tool _tool = new();

    public static TheoryData<string> Verbs() => [.. GmmTool.MakeRoot().Subcommands.Select(v => v.Name)];

    /// <summary>All but the one that takes nothing that could be wrong.</summary>
    public static TheoryData<string> VerbsWithInput() => [.. GmmTool.MakeRoot().Subcommands.Select(v => v.Name).Where(n => n != "devices")];

    public void Dispose() => _tool.Dispose();

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Wrong_usage_is_an_object(string verb)
    {
        var error = Error(2, verb, "--no-such-option", "--json");
        Assert.Equal("usage", error.GetProperty("kind").GetString());
        Assert.Contains("'--no-such-option' is not an option", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(VerbsWithInput))]
    public void Bad_input_is_an_object_that_names_the_place(string verb)
    {
        var call = Call(verb);
        var plain = Tool.Run([.. call]);
        Assert.Equal(1, plain.Code);
        var error = Error(1, [.. call, "--json"]);
        Assert.Equal("bad_input", error.GetProperty("kind").GetString());
        Assert.EndsWith($"gmm {verb}: {error.GetProperty("message").GetString()}", plain.Error.TrimEnd(), StringComparison.Ordinal);
        Assert.True(error.GetProperty("file").GetString() is not null || error.GetProperty("field").GetString() is not null, error.ToString());
    }

    [Fact]
    public void A_row_and_a_field_are_members_of_their_own()
    {
        var star = Path.Combine(_tool.Simulate(), "true.star");
        var lines = File.ReadAllLines(star);
        var row = Array.FindLastIndex(lines, l => l.Contains('@', StringComparison.Ordinal));
        lines[row] = "x " + lines[row][(lines[row].TrimStart().IndexOf(' ', StringComparison.Ordinal) + 1)..];
        File.WriteAllLines(star, lines);
        var error = Error(1, "reconstruct", star, "--out", _tool["r"], "--json");
        Assert.Equal((star, row + 1), (error.GetProperty("file").GetString(), error.GetProperty("row").GetInt32()));
    }

    [Fact]
    public void A_fault_of_the_program_is_an_object_with_its_trace_if_asked_for()
    {
        using StringWriter output = new(), none = new();
        var verb = (VerbCommand)GmmTool.MakeRoot().Subcommands.First();
        var code = new ErrorWriter(new CliConsole(output, none), verb, json: true).Failed(new InvalidOperationException("a\nb"), trace: true);
        var error = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("error");
        Assert.Equal((1, "internal", string.Empty), (code, error.GetProperty("kind").GetString(), none.ToString()));
        Assert.Contains("InvalidOperationException: a b", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", error.GetProperty("trace").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_before_any_verb_are_an_object_too()
    {
        Assert.Equal("a verb is needed before '--json'", Error(2, "--json").GetProperty("message").GetString());
        Assert.StartsWith(
            "'refne' is not a verb; did you mean refine?", Error(2, "refne", "--json").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    /// <summary>A call that is well written and whose files are not there.</summary>
    private string[] Call(string name)
    {
        var verb = GmmTool.MakeRoot().Subcommands.First(v => v.Name == name);
        if (name is "demo" or "experiment")
        {
            File.WriteAllText(_tool["file"], "no folder");
            return name == "demo" ? ["demo", "--out", _tool["file/x"]] : ["experiment", "flexible-domains", "--out", _tool["file/x"]];
        }

        return
        [
            name,
            .. verb.Arguments.Select((_, i) => _tool[$"none{i}.mrc"]),
            .. verb.Options.Where(o => o.Required).SelectMany(o => new[] { o.Name, Value(o) }),
            .. name == "mask" ? new[] { "--sphere", "10" } : [],
        ];
    }

    private string Value(Option option) =>
        option.ValueType == typeof(int) || option.ValueType == typeof(double) || option.Name is "--particles" or "--box" or "--pixel-size" or "--resolution"
            ? "8"
            : _tool[option.Name.TrimStart('-')];

    private static JsonElement Error(int code, params string[] args)
    {
        var run = Tool.Run(args);
        Assert.Equal(code, run.Code);
        SchemaCheck.Valid("error", run.Output);
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("error", Assert.Single(document.RootElement.EnumerateObject()).Name);
        var error = document.RootElement.GetProperty("error").Clone();
        Assert.Equal(code, error.GetProperty("exit_code").GetInt32());
        return error;
    }
}
