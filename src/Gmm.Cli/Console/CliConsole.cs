using Gmm.Core;

namespace Gmm.Cli;

/// <summary>Where the tool writes; a test gives string writers.</summary>
/// <param name="Output">Standard output: results.</param>
/// <param name="Error">Standard error: messages, progress and errors.</param>
/// <param name="ErrorIsTerminal">Whether progress may rewrite its line.</param>
/// <param name="Debug">Whether errors show their stack trace (GMM_DEBUG).</param>
/// <param name="OutputIsTerminal">Whether a person looks at the results.</param>
internal sealed record CliConsole(TextWriter Output, TextWriter Error, bool ErrorIsTerminal = false, bool Debug = false, bool OutputIsTerminal = false)
{
    private const int UsualWidth = 110;

    /// <summary>What goes to standard error while a verb works.</summary>
    public ErrorStyle Style { get; init; }

    /// <summary>Columns of the terminal.</summary>
    public int Width { get; init; } = UsualWidth;

    /// <summary>A message for people.</summary>
    public void Say(string message)
    {
        if (Style == ErrorStyle.Events)
        {
            Emit(new ToolEvent("message") { Message = PlainText.OneLine(message) });
        }
        else if (Style == ErrorStyle.Text)
        {
            Error.WriteLine(PlainText.OneLine(message));
        }
    }

    /// <summary>A warning.</summary>
    public void Warn(string warning)
    {
        if (Style == ErrorStyle.Events)
        {
            Emit(new ToolEvent("warning") { Message = PlainText.OneLine(warning) });
        }
        else
        {
            Error.WriteLine("warning: " + PlainText.OneLine(warning));
        }
    }

    /// <summary>An event, where they are wanted.</summary>
    public void Emit(ToolEvent value)
    {
        if (Style == ErrorStyle.Events)
        {
            Error.WriteLine(value.ToString());
        }
    }

    /// <summary>The process's own streams and environment.</summary>
    public static CliConsole FromProcess()
    {
        static bool Has(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));

        // NO_COLOR and CI both mean that control characters are not wanted.
        var terminal = !System.Console.IsErrorRedirected && !Has("NO_COLOR") && !Has("CI") && Environment.GetEnvironmentVariable("TERM") != "dumb";
        return new CliConsole(System.Console.Out, System.Console.Error, terminal, Has("GMM_DEBUG"), !System.Console.IsOutputRedirected)
        {
            Width = terminal ? Columns() : UsualWidth,
        };
    }

    private static int Columns()
    {
        try
        {
            return System.Console.WindowWidth is var width and > 20 ? width : UsualWidth;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return UsualWidth;
        }
    }
}
