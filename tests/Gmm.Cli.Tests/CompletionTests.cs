using System.Diagnostics;

namespace Gmm.Cli.Tests;

public sealed class CompletionTests
{
    /// <summary>The script in bash itself, with the line that a person has typed so far.</summary>
    [Theory]
    [InlineData("gmm ref", "refine")]
    [InlineData("gmm refine --optimi", "--optimizer")]
    [InlineData("gmm refine --optimizer l", "lm")]
    [InlineData("gmm refine par", "")]
    public void Bash_completes_verbs_options_and_choices_and_leaves_files_to_the_shell(string line, string expected)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var tool = new Tool();
        File.WriteAllText(tool["gmm.bash"], Tool.Run("completion", "bash").Output);
        File.WriteAllText(tool["gmm"], $"#!/bin/sh\nexec dotnet '{ToolProcess.Dll}' \"$@\"\n");
        File.SetUnixFileMode(tool["gmm"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var words = line.Split(' ');
        var script = $"PATH='{tool.Folder}':$PATH; source '{tool["gmm.bash"]}'; COMP_LINE='{line}'; COMP_POINT={line.Length}; "
            + $"COMP_WORDS=({line}); COMP_CWORD={words.Length - 1}; _gmm; echo \"${{COMPREPLY[*]}}\"";
        using var bash = Process.Start(new ProcessStartInfo("bash", ["--norc", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (bash.StandardOutput.ReadToEnd(), bash.StandardError.ReadToEnd());
        Assert.Equal((expected, string.Empty), (output.Trim(), error));
    }

    [Fact]
    public void Every_shell_has_a_script_and_another_word_is_wrong_usage()
    {
        Assert.Equal(4, CompletionScripts.Shells.Count);
        Assert.All(CompletionScripts.Shells, s => Assert.Contains("[suggest:", Tool.Run("completion", s).Output, StringComparison.Ordinal));
        var run = Tool.Run("completion", "bsh");
        Assert.Equal(2, run.Code);
        Assert.Equal("gmm completion: a shell is needed: bash, zsh, fish, powershell; did you mean bash?", run.Line());
    }

    [Theory]
    [InlineData("--optimizer: 'ln' is none of lm, adam; did you mean lm?", "refine", "p.star", "--out", "x", "--optimizer", "ln")]
    [InlineData("'mask.mrc' is one word too many: gmm fsc takes <A.mrc> <B.mrc>; a mask is given by --mask mask.mrc", "fsc", "a.mrc", "b.mrc", "mask.mrc")]
    public void A_wrong_word_is_told_with_the_option_and_what_is_meant(string expected, params string[] args)
    {
        var run = Tool.Run(args);
        Assert.Equal(2, run.Code);
        Assert.Equal($"gmm {args[0]}: {expected}", run.Error.Split('\n')[0].TrimEnd('\r'));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    public void Help_keeps_to_the_terminals_width(int width)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(0, GmmTool.Run(["refine", "--help"], new CliConsole(output, error) { Width = width }));
        var prose = output.ToString().Split("Usage:")[0].Split('\n').Concat(output.ToString().Split("Options:")[1].Split("Examples:")[0].Split('\n'));
        Assert.All(prose, l => Assert.InRange(l.TrimEnd().Length, 0, width));
    }
}
