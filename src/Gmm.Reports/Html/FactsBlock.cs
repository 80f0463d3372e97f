namespace Gmm.Reports;

/// <summary>Names and values, a line each; long lists can be folded.</summary>
/// <param name="facts">Names and values.</param>
/// <param name="summary">The words that unfold it; null for a list that is always open.</param>
internal sealed class FactsBlock(IEnumerable<(string Name, string Value)> facts, string? summary = null) : ReportBlock
{
    public override void Write(HtmlWriter html)
    {
        if (summary is not null)
        {
            html.Open("details");
            html.Element("summary", summary);
        }

        html.Open("dl", ("class", "facts"));
        foreach (var (name, value) in facts)
        {
            html.Open("div");
            html.Element("dt", name);
            html.Element("dd", value);
            html.Close("div");
        }

        html.Close("dl");
        if (summary is not null)
        {
            html.Close("details");
        }
    }
}
