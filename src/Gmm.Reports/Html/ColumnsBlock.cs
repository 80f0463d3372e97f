namespace Gmm.Reports;

/// <summary>Blocks beside each other where the page is wide enough.</summary>
/// <param name="blocks">The blocks.</param>
internal sealed class ColumnsBlock(IEnumerable<ReportBlock> blocks) : ReportBlock
{
    public override void Write(HtmlWriter html)
    {
        html.Open("div", ("class", "columns"));
        foreach (var block in blocks)
        {
            block.Write(html);
        }

        html.Close("div");
    }
}
