using System.Text;
using Gmm.IO;

namespace Gmm.Reports;

/// <summary>Makes the HTML of a report: one file that needs no other, and asks for none.</summary>
internal static class PageRenderer
{
    /// <summary>
    /// Nothing may be loaded but what the page holds. 3Dmol and plotly run from blobs (the page carries them compressed) and set styles of elements.
    /// </summary>
    private const string Policy = "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; "
        + "media-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'";

    /// <summary>Writes a page.</summary>
    /// <param name="page">What is in it.</param>
    /// <param name="path">Its file.</param>
    /// <param name="overwrite">Whether a file that is there may be replaced.</param>
    /// <exception cref="Gmm.Core.InvalidInputException">The file cannot be written, or is there and must not be replaced.</exception>
    public static void Write(ReportPage page, string path, bool overwrite)
    {
        var html = Render(page);
        AtomicOutput.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(html)));
    }

    /// <summary>Makes it.</summary>
    public static string Render(ReportPage page)
    {
        var html = new HtmlWriter();
        html.Open("main");
        WriteHead(html, page);
        page.Verdict?.Write(html);
        WriteWarnings(html, page.Warnings);
        WriteTiles(html, page.Tiles);
        foreach (var section in page.Sections)
        {
            WriteSection(html, section);
        }

        html.Element("footer", page.Footer);
        html.Close("main");
        var title = new HtmlWriter();
        title.Element("title", $"{page.Title}: {page.Subtitle}");
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            {title}<link rel="icon" href="data:,">
            <style>
            {PageResources.Text("report.css")}
            </style>
            </head>
            <body>
            {html}{html.Data}{PageResources.Libraries}<script>
            {PageResources.Text("report.js")}
            </script>
            </body>
            </html>

            """;
    }

    private static void WriteHead(HtmlWriter html, ReportPage page)
    {
        html.Open("header");
        html.Open("div", ("class", "name"));
        html.Element("h1", page.Title);
        html.Element("p", page.Subtitle, ("class", "subtitle"));
        html.Close("div");
        if (page.Status is { } status)
        {
            html.Element("span", status, ("class", "status"));
        }

        html.Element("button", "◐", ("id", "theme"), ("type", "button"), ("title", "Light, dark, or as the system"), ("aria-label", "Colours"));
        html.Close("header");
        html.Open("nav", ("aria-label", "Sections"));
        foreach (var section in page.Sections)
        {
            html.Element("a", section.Title, ("href", "#" + section.Id));
        }

        html.Close("nav");
    }

    private static void WriteWarnings(HtmlWriter html, IReadOnlyList<string> warnings)
    {
        if (warnings.Count == 0)
        {
            return;
        }

        html.Open("section", ("class", "warnings"), ("id", "warnings"));
        html.Element("h2", warnings.Count == 1 ? "Note" : "Notes");
        html.Open("ul");
        foreach (var warning in warnings)
        {
            html.Element("li", ReportText.Sentence(warning));
        }

        html.Close("ul");
        html.Close("section");
    }

    private static void WriteTiles(HtmlWriter html, IReadOnlyList<ReportTile> tiles)
    {
        if (tiles.Count == 0)
        {
            return;
        }

        html.Open("section", ("class", "tiles"), ("aria-label", "Main figures"));
        foreach (var tile in tiles)
        {
            html.Open("div", ("class", "tile"));
            html.Element("span", tile.Label, ("class", "label"));
            html.Element("span", tile.Value, ("class", "value"));
            if (tile.Note is { } note)
            {
                html.Element("span", note, ("class", "note"));
            }

            html.Close("div");
        }

        html.Close("section");
    }

    private static void WriteSection(HtmlWriter html, ReportSection section)
    {
        html.Open("section", ("class", "card"), ("id", section.Id));
        html.Element("h2", section.Title);
        if (section.Lead is { } lead)
        {
            html.Element("p", lead, ("class", "lead"));
        }

        foreach (var block in section.Blocks)
        {
            block.Write(html);
        }

        html.Close("section");
    }
}
