namespace Gmm.Reports;

/// <summary>A part of a section of a report page, which knows how it is written.</summary>
internal abstract class ReportBlock
{
    /// <summary>Writes it.</summary>
    /// <param name="html">The page.</param>
    public abstract void Write(HtmlWriter html);
}
