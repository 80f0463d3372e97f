using System.Text.Json;

namespace Gmm.Reports;

/// <summary>A chart as data, which the page draws: so that it can be hovered over and follows the page's colours.</summary>
/// <param name="style">What is drawn.</param>
/// <param name="title">The heading.</param>
/// <param name="x">The axis of positions.</param>
/// <param name="y">The axis of values.</param>
/// <param name="series">What is in it.</param>
internal sealed class PlotBlock(PlotStyle style, string title, PlotAxis x, PlotAxis y, IReadOnlyList<PlotSeries> series) : ReportBlock
{
    /// <summary>Horizontal lines with their words.</summary>
    public IReadOnlyList<(double At, string Text)> Lines { get; init; } = [];

    /// <summary>Vertical lines with their words.</summary>
    public IReadOnlyList<(double At, string Text)> Uprights { get; init; } = [];

    /// <summary>What is said under it; null for nothing.</summary>
    public string? Caption { get; init; }

    /// <summary>Height, pixels of 1/96 inch.</summary>
    public int Height { get; init; } = 340;

    public override void Write(HtmlWriter html)
    {
        var id = html.NewId("chart");
        html.Open("figure", ("class", "chart"));
        html.Element("h3", title);
        html.Open("div", ("class", "plot"), ("id", id), ("style", FormattableString.Invariant($"height:{Height}px")), ("role", "img"), ("aria-label", title));
        html.Close("div");
        if (Caption is { } caption)
        {
            html.Element("figcaption", caption);
        }

        html.Close("figure");
        html.AddData(id, "plot", Write);
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteString("style", style.ToString().ToLowerInvariant());
        Write(json, "x", x);
        Write(json, "y", y);
        WriteLines(json, "lines", Lines);
        WriteLines(json, "uprights", Uprights);
        json.WriteStartArray("series");
        foreach (var s in series)
        {
            json.WriteStartObject();
            json.WriteString("name", s.Name);
            if (s.Names is { } names)
            {
                json.WriteStartArray("x");
                foreach (var name in names)
                {
                    json.WriteStringValue(name);
                }

                json.WriteEndArray();
            }
            else
            {
                PageJson.Write(json, "x", s.X);
            }

            PageJson.Write(json, "y", s.Y);
            if (s.Errors is { } errors)
            {
                PageJson.Write(json, "errors", errors);
            }

            if (s.Order is { } order)
            {
                json.WriteNumber("order", order);
            }

            json.WriteBoolean("dashed", s.Dashed);
            json.WriteBoolean("hidden", s.Hidden);
            json.WriteBoolean("markers", s.Markers);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, PlotAxis axis)
    {
        json.WriteStartObject(name);
        json.WriteString("title", axis.Title);
        json.WriteBoolean("resolution", axis.IsResolution);
        if (axis.Range is { } range)
        {
            PageJson.Write(json, "range", [range.Least, range.Greatest]);
        }

        if (axis.Ticks is { } ticks)
        {
            WriteLines(json, "ticks", ticks);
        }

        json.WriteEndObject();
    }

    private static void WriteLines(Utf8JsonWriter json, string name, IReadOnlyList<(double At, string Text)> lines)
    {
        json.WriteStartArray(name);
        foreach (var (at, text) in lines)
        {
            json.WriteStartObject();
            json.WriteNumber("at", at);
            json.WriteString("text", text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
