namespace Gmm.Reports;

/// <summary>A table. Columns of numbers are set to the right.</summary>
/// <param name="columns">Headings, a unit after a line break.</param>
/// <param name="rows">The cells.</param>
/// <param name="texts">How many of the first columns are words.</param>
/// <param name="summary">The words that unfold it; null for a table that is always open.</param>
internal sealed class TableBlock(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows, int texts = 1, string? summary = null)
    : ReportBlock
{
    public override void Write(HtmlWriter html)
    {
        if (summary is not null)
        {
            html.Open("details");
            html.Element("summary", summary);
        }

        html.Open("div", ("class", "scroll"), ("tabindex", "0"));
        html.Open("table");
        html.Open("thead");
        Row(html, "th", columns);
        html.Close("thead");
        html.Open("tbody");
        foreach (var row in rows)
        {
            Row(html, "td", row);
        }

        html.Close("tbody");
        html.Close("table");
        html.Close("div");
        if (summary is not null)
        {
            html.Close("details");
        }
    }

    private void Row(HtmlWriter html, string cell, IReadOnlyList<string> values)
    {
        html.Open("tr");
        for (var i = 0; i < values.Count; i++)
        {
            html.Element(cell, values[i], ("class", i < texts ? "word" : null));
        }

        html.Close("tr");
    }
}
