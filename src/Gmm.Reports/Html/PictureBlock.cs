namespace Gmm.Reports;

/// <summary>A picture that the run has drawn, held in the page.</summary>
/// <param name="caption">What it shows.</param>
/// <param name="type">image/png or image/svg+xml.</param>
/// <param name="bytes">The picture.</param>
internal sealed class PictureBlock(string caption, string type, byte[] bytes) : ReportBlock
{
    /// <summary>A movie of more bytes than these is left in its file.</summary>
    public const int MostBytes = 4_000_000;

    public override void Write(HtmlWriter html)
    {
        html.Open("figure", ("class", "picture"));
        html.Open("img", ("alt", caption), ("src", $"data:{type};base64,{Convert.ToBase64String(bytes)}"));
        html.Element("figcaption", caption);
        html.Close("figure");
    }
}
