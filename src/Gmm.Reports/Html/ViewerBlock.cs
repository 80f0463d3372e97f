using System.Text;

namespace Gmm.Reports;

/// <summary>The map that turns in the page.</summary>
/// <param name="scene">What it shows.</param>
internal sealed class ViewerBlock(ViewerScene scene) : ReportBlock
{
    public override void Write(HtmlWriter html)
    {
        var id = html.NewId("viewer");
        html.Open("div", ("class", "viewer"), ("id", id));
        html.Open("div", ("class", "toolbar"));
        html.Open("label");
        html.Text("Map ");
        html.Open("select", ("class", "which"), ("aria-label", "Map shown"));
        for (var i = 0; i < scene.Maps.Count; i++)
        {
            html.Element("option", scene.Maps[i].Name, ("value", FormattableString.Invariant($"{i}")));
        }

        html.Close("select");
        html.Close("label");
        html.Open("label", ("class", "level"));
        html.Text("Level ");
        html.Open("input", ("type", "range"), ("class", "contour"), ("min", "1"), ("max", "1000"), ("step", "1"), ("aria-label", "Contour level"));
        html.Element("output", string.Empty);
        html.Close("label");
        Check(html, "local", "Local resolution", scene.LocalResolution is not null);
        Check(html, "model", "Atomic model", scene.Model is not null);
        html.Element("button", "Turn", ("type", "button"), ("class", "turn"), ("aria-pressed", "false"));
        html.Element("button", "Reset", ("type", "button"), ("class", "reset"));
        html.Close("div");
        html.Open("div", ("class", "stage"), ("role", "img"), ("aria-label", "Surface of the map; drag to turn it"));
        html.Element("p", "The map appears here in a browser with scripts and WebGL.", ("class", "placeholder"));
        html.Close("div");
        html.Open("img", ("class", "still"), ("alt", "Surface of the map"));
        html.Open("div", ("class", "colourbar"), ("hidden", string.Empty));
        html.Element("span", "Local resolution (Å)");
        html.Element("span", string.Empty, ("class", "from"));
        html.Element("i", string.Empty);
        html.Element("span", string.Empty, ("class", "to"));
        html.Close("div");
        html.Element(
            "p",
            FormattableString.Invariant($"Drag to turn, scroll or pinch to zoom. Voxels of {scene.PixelSize:F2} Å, {scene.Size.X} × {scene.Size.Y} × ")
                + FormattableString.Invariant($"{scene.Size.Z}; for measuring open the maps themselves."),
            ("class", "hint"));
        html.Close("div");
        WriteData(html, id);
    }

    private static void Check(HtmlWriter html, string name, string label, bool there)
    {
        if (there)
        {
            html.Open("label", ("class", "check"));
            html.Open("input", ("type", "checkbox"), ("class", name));
            html.Text(" " + label);
            html.Close("label");
        }
    }

    private void WriteData(HtmlWriter html, string id)
    {
        html.AddData(id, "viewer", json =>
        {
            PageJson.Write(json, "size", [scene.Size.X, scene.Size.Y, scene.Size.Z]);
            PageJson.Write(json, "origin", [scene.Origin.X, scene.Origin.Y, scene.Origin.Z]);
            json.WriteNumber("pixel", scene.PixelSize);
            json.WriteNumber("level", (float)scene.Level);
            json.WriteNumber("deviation", (float)scene.Deviation);
            json.WriteStartArray("maps");
            for (var i = 0; i < scene.Maps.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("block", FormattableString.Invariant($"{id}-map-{i}"));
                json.WriteNumber("least", (float)scene.Maps[i].Least);
                json.WriteNumber("greatest", (float)scene.Maps[i].Greatest);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (scene.LocalResolution is { } local)
            {
                json.WriteStartObject("local");
                json.WriteString("block", id + "-local");
                json.WriteNumber("least", (float)local.Least);
                json.WriteNumber("greatest", (float)local.Greatest);
                json.WriteEndObject();
            }

            if (scene.Model is not null)
            {
                json.WriteString("model", id + "-model");
            }
        });
        for (var i = 0; i < scene.Maps.Count; i++)
        {
            html.AddBytes(FormattableString.Invariant($"{id}-map-{i}"), scene.Maps[i].Voxels);
        }

        if (scene.LocalResolution is { } shown)
        {
            html.AddBytes(id + "-local", shown.Voxels);
        }

        if (scene.Model is { } model)
        {
            html.AddBytes(id + "-model", Encoding.UTF8.GetBytes(model));
        }
    }
}
