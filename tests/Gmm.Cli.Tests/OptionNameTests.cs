using System.CommandLine;
using System.Text.RegularExpressions;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>
/// Every numeric option of every verb with values that cannot be: where that is an error, it speaks of the option and not of the library's names.
/// </summary>
public sealed partial class OptionNameTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Errors_name_options_and_never_properties()
    {
        var (half1, half2) = _tool.Halves();
        var star = _tool["halves/true.star"];
        MrcFile.WriteMap(_tool["mask.mrc"], Gmm.Maps.SolventMasks.Sphere(24, 2.5, 15, 6));
        GaussianModelFile.Write(_tool["m.star"], new GaussianModel([0, 5], [0, 1], [0, 2], [1, 1], [3, 3], 24, 2.5));
        File.Copy(_tool["m.star"], _tool["m2.star"]);
        var (m, atoms) = (_tool["m.star"], _tool["model.pdb"]);
        var calls = new Dictionary<string, string[]>
        {
            ["refine"] = [star],
            ["ctf"] = [star],
            ["patches"] = [star],
            ["bodies"] = [star, "--body", _tool["mask.mrc"]],
            ["build"] = [half1, "--resolution", "8"],
            ["reconstruct"] = [star],
            ["fsc"] = [half1, half2],
            ["mask"] = [half1, "--sphere", "10"],
            ["postprocess"] = [half1, half2],
            ["localres"] = [half1, half2],
            ["qscore"] = [half1, atoms],
            ["molmap"] = [atoms, "--resolution", "8", "--pixel-size", "3", "--box", "32"],
            ["project"] = [m, "--poses", star],
            ["simulate"] = [atoms, "--particles", "2", "--box", "24", "--pixel-size", "2.5"],
            ["experiment"] = ["flexible-domains"],
            ["heterogeneity"] = [star, "--model-half1", m, "--model-half2", _tool["m2.star"], "--resolution", "8"],
            ["demo"] = [],
        };
        var errors = 0;
        foreach (var verb in GmmTool.MakeRoot().Subcommands.Where(v => calls.ContainsKey(v.Name)))
        {
            foreach (var option in verb.Options.Where(IsNumber))
            {
                foreach (var value in new[] { "-3", "0", "1e30" })
                {
                    errors += Check(verb.Name, calls[verb.Name], option.Name, value) ? 1 : 0;
                }
            }
        }

        Assert.True(errors > 150, $"only {errors} calls were refused: the calls themselves are not well written");
    }

    /// <summary>Whether the call was refused; if so, that its message is in words of the command line.</summary>
    private bool Check(string verb, string[] call, string option, string value)
    {
        var at = Array.IndexOf(call, option);
        string[] args = at < 0 ? [.. call, option, value] : [.. call[..(at + 1)], value, .. call[(at + 2)..]];
        var ending = verb switch { "build" => ".star", "mask" or "localres" or "molmap" => ".mrc", "project" => ".mrcs", _ => string.Empty };
        using var source = new CancellationTokenSource(s_patience);
        var run = Tool.Run(source.Token, [verb, .. args, "--out", _tool["out" + ending], "--overwrite"]);
        var words = $"gmm {verb} {option} {value}: {run.Error}";
        Assert.True(run.Code is 0 or 1 or 2 or 130, words);
        if (run.Code is 0 or 130)
        {
            return false;
        }

        var line = run.Error.Split('\n').Last(l => l.StartsWith("gmm ", StringComparison.Ordinal));
        Assert.DoesNotContain("internal error", line, StringComparison.Ordinal);
        Assert.False(Property().IsMatch(line), words);
        return true;
    }

    private static bool IsNumber(Option option) => Nullable.GetUnderlyingType(option.ValueType) is var inner
        && (inner ?? option.ValueType) is var type && (type == typeof(int) || type == typeof(double)) && option.Name is not ("--threads" or "--seed");

    /// <summary>A word in the case of .NET's names, or a set of options in the place of a file.</summary>
    [GeneratedRegex(@"(?<![/\w])[A-Z][a-z]+[A-Z]\w*|Parameter '|^gmm \S+: (options|flexible domains|heterogeneity|simulation)\b")]
    private static partial Regex Property();
}
