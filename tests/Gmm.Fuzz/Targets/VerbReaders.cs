using Gmm.Cli;
using Gmm.Core;

namespace Gmm.Fuzz;

/// <summary>What the tool's verbs are asked to do with a damaged file.</summary>
internal static class VerbReaders
{
    /// <summary>Looks into a file: what is wrong is a list and exit code 1, never an internal error.</summary>
    public static void Look(string verb, string path, Numbers numbers) => Run(path, numbers, verb, path, "--threads", "1");

    /// <summary>Converts a file: a whole output, or a line that says what is wrong and no output.</summary>
    public static void Convert(string path, string output, Numbers numbers)
    {
        var to = Path.Combine(Path.GetDirectoryName(path)!, output);
        if (File.Exists(to))
        {
            File.Delete(to);
        }

        var problem = Run(path, numbers, "convert", path, "--out", to, "--overwrite", "--threads", "1");
        numbers.Require(problem is null == File.Exists(to), "an output of a call that failed, or none of one that did not");
        if (problem is not null)
        {
            throw new InvalidInputException(problem, path);
        }
    }

    private static string? Run(string path, Numbers numbers, params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = GmmTool.Run(args, new CliConsole(output, error));
        var text = error.ToString().TrimEnd();
        numbers.Require(code is 0 or 1, $"exit code {code}: {text}");
        numbers.Require(!text.Contains("internal error", StringComparison.Ordinal), text);
        var isNamed = text.Contains(PlainText.OneLine(path), StringComparison.Ordinal) || text.Contains("--out", StringComparison.Ordinal);
        numbers.Require(code == 0 || args[0] != "convert" || isNamed, $"the file is not named: {text}");
        return code == 0 ? null : text.Split('\n')[^1];
    }
}
