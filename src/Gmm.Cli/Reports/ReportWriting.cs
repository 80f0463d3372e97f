using Gmm.Core;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>The report at the end of a job.</summary>
internal static class ReportWriting
{
    /// <summary>
    /// Writes the report of a run that has come to its end. Its results are safe by now: whatever keeps the page from being made is said, and the job has
    /// succeeded all the same.
    /// </summary>
    /// <param name="call">Threads and where to say it.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="model">An atomic model in the frame of the maps; null for none.</param>
    public static void AtEnd(VerbCall call, string folder, string? model = null) => Try(
        call, In(folder), $"'gmm report {folder}' tries again",
        () => RunReport.Write(folder, In(folder), new RunReportOptions { ModelFile = model, Overwrite = true, Compute = call.Compute }));

    /// <summary>Writes the report of a job without a folder of its own, made of what the job holds; a job's results are safe by then here too.</summary>
    /// <param name="call">Threads and where to say what kept the page from being made.</param>
    /// <param name="file">The page.</param>
    /// <param name="make">Makes it.</param>
    /// <param name="model">An atomic model in the frame of the maps; null for none.</param>
    public static void AtEnd(VerbCall call, string file, Func<RunReportOptions, ReportPage> make, string? model = null) => Try(
        call, file, "the same command with --overwrite tries again",
        () => PageRenderer.Write(make(new RunReportOptions { ModelFile = model, Compute = call.Compute }), file, call.Overwrite));

    private static void Try(VerbCall call, string file, string again, Action write)
    {
        try
        {
            write();
        }
#pragma warning disable CA1031 // A page is not worth a run.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var why = e is OperationCanceledException ? "stopped" : e is InvalidInputException or IOException ? e.Message : $"{e.GetType().Name}: {e.Message}";
            call.NotDrawn(file);
            call.Warn([$"the report was not made: {why} (the results are whole; {again})"]);
        }
    }

    /// <summary>The report in a run's folder.</summary>
    public static string In(string folder) => Path.Combine(folder, RunReport.FileName);
}
