namespace Gmm.Reports;

/// <summary>A paragraph.</summary>
/// <param name="text">The text.</param>
/// <param name="style">A class of the style sheet; null for none.</param>
internal sealed class TextBlock(string text, string? style = null) : ReportBlock
{
    public override void Write(HtmlWriter html) => html.Element("p", text, ("class", style));
}
