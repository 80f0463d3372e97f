using System.CommandLine;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>gmm validate: what is wrong with files.</summary>
internal sealed class ValidateVerb : VerbCommand
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Files (STAR, .cs, .csg, .lst, MRC, .hdf, PDB, mmCIF, DCD, .pkl, .npy), or folders of such.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _root = new ParticleInput().Root;
    private readonly Option<bool> _notes = Declare.Flag("--no-notes", "Leaves notes out: what a reader assumes, and what is missing without being wrong.");

    public ValidateVerb()
        : base(
            "validate",
            "Checks files, and says what is wrong, where, and what to do.",
            "Reads files with every check that the other verbs make, images too, and lists what is wrong: file, row, field, problem and what to do about "
                + "it. Exit code 1 if any file has an error.",
            "gmm validate run_data.star",
            "gmm validate particles.cs map.mrc model.pdb --json")
    {
        Arguments.Add(_files);
        AddOptions(_root, _notes);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var inspector = new FileInspector(call, call.Get(_root));
        var checks = inspector.Expand(call.Get(_files)).Select(inspector.Look)
            .Select(c => call.Get(_notes) ? c with { Problems = [.. c.Problems.Where(p => p.Severity != FileProblem.Note)] } : c).ToArray();
        var report = Report(checks, []);
        string[] lines =
        [
            .. checks.Where(c => c.Problems.Length > 0).SelectMany(c => InspectionText.Problems(c).Prepend(c.Facts.Path)),
            Texts.Line($"{report.Checked} files: {report.Errors} with errors, {report.Warnings} with warnings"),
        ];
        return Result(report, lines);
    }

    /// <summary>A report that makes the call fail if a file has an error.</summary>
    public static VerbResult Result(ValidateReport report, string[] lines) => VerbResult.Of(report, FileReports.Default.ValidateReport, lines) with
    {
        ExitCode = report.Errors > 0 ? ExitCodes.Failure : ExitCodes.Success,
    };

    /// <summary>Counts what was found.</summary>
    public static ValidateReport Report(FileCheck[] checks, string[] files)
    {
        bool Has(FileCheck c, string severity) => c.Problems.Any(p => p.Severity == severity);
        return new ValidateReport(
            checks.Length, checks.Count(c => Has(c, FileProblem.Error)), checks.Count(c => !Has(c, FileProblem.Error) && Has(c, FileProblem.Warning)), checks,
            files);
    }
}
