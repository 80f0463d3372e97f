using Gmm.Core;
using Gmm.IO;

namespace Gmm.Reports;

/// <summary>
/// The report of a run: one page for a browser, with everything in it, that loads nothing from anywhere. Verdict and warnings come first, then
/// resolution, the map itself, slices, poses, iterations, and how it was made.
/// </summary>
/// <remarks>
/// The folder is only read, without its lock, so a report can be made of a run that still works: it shows the iterations that are whole.
/// <example>
/// <code>
/// RunReport.Write("refined", "refined/report.html", new RunReportOptions { Overwrite = true });
/// </code>
/// </example>
/// </remarks>
public static class RunReport
{
    /// <summary>The name that a job gives its report.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes the report of a run.</summary>
    /// <param name="run">The run's folder, of refine, patches, bodies, heterogeneity or landscape.</param>
    /// <param name="path">The page's file.</param>
    /// <param name="options">Model and threads; null for none and the defaults.</param>
    /// <exception cref="InvalidInputException">
    /// It is no folder of such a run, nothing in it is whole yet, or a file of it is broken; the page cannot be written, or is there and must not be
    /// replaced.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Write(string run, string path, RunReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(path);
        options ??= new RunReportOptions();
        PageRenderer.Write(Page(ReportRun.Open(run), options), path, options.Overwrite);
    }

    private static ReportPage Page(ReportRun run, RunReportOptions options) => run.Manifest.Job switch
    {
        "refine" => RefinePage.Of(run, options),
        "patches" or "bodies" => PatchPage.Of(run, options),
        "heterogeneity" => HeterogeneityPage.Of(run),
        "landscape" => LandscapePage.Of(run),
        var other => throw new InvalidInputException(
            $"is a run of \"{PlainText.OneLine(other)}\", of which there is no report; there are those of refine, patches, bodies, heterogeneity and landscape",
            run.Path),
    };
}
