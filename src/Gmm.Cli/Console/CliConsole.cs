namespace Gmm.Cli;

/// <summary>Where the tool writes; a test gives string writers.</summary>
/// <param name="Output">Standard output: results.</param>
/// <param name="Error">Standard error: messages, progress and errors.</param>
/// <param name="ErrorIsTerminal">Whether progress may rewrite its line.</param>
/// <param name="Debug">Whether errors show their stack trace (GMM_DEBUG).</param>
/// <param name="OutputIsTerminal">Whether a person looks at the results.</param>
internal sealed record CliConsole(TextWriter Output, TextWriter Error, bool ErrorIsTerminal = false, bool Debug = false, bool OutputIsTerminal = false)
{
    /// <summary>The process's own streams and environment.</summary>
    public static CliConsole FromProcess()
    {
        static bool Has(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));

        // NO_COLOR and CI both mean that control characters are not wanted.
        var terminal = !System.Console.IsErrorRedirected && !Has("NO_COLOR") && !Has("CI") && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new CliConsole(System.Console.Out, System.Console.Error, terminal, Has("GMM_DEBUG"), !System.Console.IsOutputRedirected);
    }
}
