namespace Gmm.Reports;

/// <summary>Images of maps, in rows; the page draws them in colours of the reader's choice.</summary>
/// <param name="columns">Images in a row.</param>
/// <param name="panels">The images, row by row. Those of one column share their contrast.</param>
internal sealed class PanelsBlock(int columns, IReadOnlyList<PagePanel> panels) : ReportBlock
{
    public override void Write(HtmlWriter html)
    {
        var id = html.NewId("panels");
        html.Open("div", ("class", "toolbar"));
        html.Open("label");
        html.Text("Colours ");
        html.Open("select", ("class", "palette"), ("data-for", id), ("aria-label", "Colours of the slices"));
        foreach (var name in new[] { "grey", "cividis", "viridis" })
        {
            html.Element("option", name, ("value", name));
        }

        html.Close("select");
        html.Close("label");
        html.Close("div");
        html.Open("div", ("class", "panels"), ("id", id), ("style", FormattableString.Invariant($"--columns:{columns}")));
        for (var i = 0; i < panels.Count; i++)
        {
            html.Open("figure", ("class", "panel"));
            html.Open("canvas", ("role", "img"), ("aria-label", panels[i].Label));
            html.Close("canvas");
            html.Element("figcaption", panels[i].Label);
            html.Close("figure");
        }

        html.Close("div");
        html.AddData(id, "panels", json =>
        {
            json.WriteStartArray("panels");
            foreach (var panel in panels)
            {
                json.WriteStartObject();
                json.WriteNumber("size", panel.Size);
                json.WriteNumber("length", panel.Length);
                json.WriteString("label", panel.Label);
                json.WriteBase64String("pixels", panel.Pixels);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }
}
