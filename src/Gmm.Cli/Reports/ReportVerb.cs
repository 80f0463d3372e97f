using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>gmm report: makes the page of a run again, or of one that still works.</summary>
internal sealed class ReportVerb : VerbCommand
{
    private readonly Argument<string> _run = Declare.Argument("RUN", "Folder of a run of refine, patches, bodies, heterogeneity or landscape.");
    private readonly Option<string?> _out = new("--out", "-o")
    {
        HelpName = "FILE.html",
        Description = "The page; RUN/report.html by default, which is replaced.",
    };
    private readonly Option<string?> _model = Declare.Model("PDB or mmCIF file in the frame of the maps, to show with the map.");

    public ReportVerb()
        : base(
            "report",
            "Makes the page that shows a run: verdict, resolution, map, poses.",
            "Makes the page that jobs leave as report.html once more, with an atomic model if wanted, or while the job still works: then it shows the "
                + "iterations that are whole. The page holds everything it shows and loads nothing from anywhere. The run itself is only read.",
            "gmm report refined",
            "gmm report refined --model 5a1a.pdb --out page.html")
    {
        Arguments.Add(_run);
        AddOptions(_out, _model);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (run, model) = (call.Get(_run), call.Get(_model));
        InputFiles.Check(model);
        var file = call.Get(_out) ?? ReportWriting.In(run);
        if (Path.GetExtension(file).ToLowerInvariant() is not (".html" or ".htm"))
        {
            throw new InvalidInputException($"{file} is no page by its ending: .html is the one for this", _out.Name);
        }

        if (call.Get(_out) is not null)
        {
            OutputFiles.Take(call, file);
        }

        // The page of a run is the run's to replace; what else lies under that name is not.
        var own = call.Get(_out) is null && ReportRun.Open(run).Has(RunReport.FileName);
        RunReport.Write(run, file, new RunReportOptions { ModelFile = model, Overwrite = own || call.Overwrite, Compute = call.Compute });
        return VerbResult.Of(new ReportReport(file, new FileInfo(file).Length), ReportReports.Default.ReportReport, $"wrote {file}");
    }
}
