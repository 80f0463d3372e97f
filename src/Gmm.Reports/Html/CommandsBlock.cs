namespace Gmm.Reports;

/// <summary>Command lines to copy, each with what it is for.</summary>
/// <param name="commands">What it is for, and the line, quoted for a shell.</param>
internal sealed class CommandsBlock(IEnumerable<(string Purpose, string Line)> commands) : ReportBlock
{
    public override void Write(HtmlWriter html)
    {
        html.Open("div", ("class", "commands"));
        foreach (var (purpose, line) in commands)
        {
            html.Element("p", purpose);
            html.Open("div", ("class", "command"));
            html.Element("code", line);
            html.Element("button", "Copy", ("type", "button"), ("class", "copy"));
            html.Close("div");
        }

        html.Close("div");
    }
}
