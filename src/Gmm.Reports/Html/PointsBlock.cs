using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Gmm.Reports;

/// <summary>Points of particles which the reader can draw a line around, with the list of those inside it to copy or to save.</summary>
/// <param name="names">Name of each particle's image.</param>
/// <param name="halves">Half of each particle, 1 or 2.</param>
/// <param name="coordinates">Names of the coordinates and their values.</param>
internal sealed class PointsBlock(IReadOnlyList<string> names, IReadOnlyList<int> halves, IReadOnlyList<(string Name, float[] Values)> coordinates)
    : ReportBlock
{
    public override void Write(HtmlWriter html)
    {
        var id = html.NewId("points");
        html.Open("div", ("class", "selection"), ("id", id));
        html.Open("div", ("class", "toolbar"));
        Choice(html, "Across", "across", coordinates.Select(c => c.Name), 0);
        // One coordinate alone is spread upwards by nothing but the particle's number.
        Choice(html, "Up", "up", coordinates.Select(c => c.Name), Math.Min(1, coordinates.Count - 1), coordinates.Count == 1);
        Choice(html, "Particles", "halves", ["both halves", "half 1", "half 2"], 0);
        html.Close("div");
        html.Open("div", ("class", "plot"), ("style", "height:460px"), ("role", "img"), ("aria-label", "Particles by their coordinates"));
        html.Close("div");
        html.Element(
            "p", "Draw a line around points with the lasso (or a box) to choose their particles; a double click lets go of them. Each half has a latent space "
                + "of its own: the same place need not be the same motion in both.", ("class", "hint"));
        html.Open("div", ("class", "toolbar"));
        html.Element("span", "None chosen yet", ("class", "count"), ("aria-live", "polite"));
        html.Element("button", "Copy list", ("type", "button"), ("class", "copy-list with-choice"), ("disabled", string.Empty));
        html.Element("button", "Save as STAR", ("type", "button"), ("class", "star-list with-choice"), ("disabled", string.Empty));
        html.Close("div");
        html.Open("textarea", ("readonly", string.Empty), ("spellcheck", "false"), ("aria-label", "Images of the chosen particles"),
            ("placeholder", "The names of the chosen particles' images come here, one a line."));
        html.Close("textarea");
        html.Close("div");
        html.AddData(id, "points", json =>
        {
            json.WriteString("names", id + "-names");
            json.WriteString("halves", id + "-halves");
            json.WriteString("values", id + "-values");
            json.WriteStartArray("coordinates");
            foreach (var (name, _) in coordinates)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        });
        // A name may hold a line break: each is a JSON text of its own, a line each.
        html.AddBytes(id + "-names", Encoding.UTF8.GetBytes(string.Join('\n', names.Select(n => "\"" + JsonEncodedText.Encode(n) + "\""))));
        html.AddBytes(id + "-halves", [.. halves.Select(h => (byte)h)]);
        html.AddBytes(id + "-values", MemoryMarshal.AsBytes<float>(coordinates.SelectMany(c => c.Values).ToArray()));
    }

    private static void Choice(HtmlWriter html, string label, string name, IEnumerable<string> options, int selected, bool hidden = false)
    {
        html.Open("label", ("hidden", hidden ? string.Empty : null));
        html.Text(label + " ");
        html.Open("select", ("class", name));
        foreach (var (option, i) in options.Select((o, i) => (o, i)))
        {
            html.Element("option", option, ("value", FormattableString.Invariant($"{i}")), ("selected", i == selected ? string.Empty : null));
        }

        html.Close("select");
        html.Close("label");
    }
}
