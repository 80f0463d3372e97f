using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>gmm qscore: how well a model's atoms are resolved in maps.</summary>
internal sealed class QScoreVerb : VerbCommand
{
    private readonly Argument<string> _map = Declare.Argument("MAP.mrc", "The map, of any box; sharpened as for looking at it.");
    private readonly Argument<string> _model = Declare.Argument("MODEL", "The atomic model in the map's frame (.pdb, .cif, also .gz).");
    private readonly Option<string> _out = Declare.Out(
        "PREFIX", "Writes PREFIX_residues.csv, PREFIX.cif (the model with Q-scores as B factors), PREFIX.png and PREFIX.svg (the scores along the chains).");
    private readonly Option<string[]> _also = new("--also")
    {
        HelpName = "MAP.mrc",
        Description = "Another map to score and to draw over the first; may be repeated. Its scores are further columns of PREFIX_residues.csv.",
    };
    private readonly Option<bool> _centre = AtomicInput.MakeCentreOption();
    private readonly Option<bool> _atoms = Declare.Flag("--atoms", "Writes PREFIX_atoms.csv too, a row for each atom.");
    private readonly Option<double> _sigma = Declare.Number(
        "--sigma", "A", "Standard deviation of the reference Gaussian, angstrom.", new QScoreOptions().Sigma);

    public QScoreVerb()
        : base(
            "qscore",
            "Q-scores: how well a model's atoms are resolved in a map.",
            "Scores how well each atom of a model is resolved in a map (Q-score, Pintilie et al. 2020, by the rules of MapQ): 1 for an atom as at 1.5 "
                + "A, about 0.6 at 3 A, 0 for none. Means over residues, chains and a running window of 11 residues. Hydrogens and atoms outside the "
                + "map have no score.",
            "gmm qscore postprocess.mrc model.cif --out q",
            "gmm qscore refined.mrc model.pdb --also before.mrc --out q --atoms --json")
    {
        Arguments.Add(_map);
        Arguments.Add(_model);
        AddOptions(_out, _also, _centre, _atoms, _sigma);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (modelFile, prefix) = (call.Get(_model), call.Get(_out));
        string[] maps = [call.Get(_map), .. call.Get(_also) ?? []];
        InputFiles.Check([.. maps, modelFile]);
        string table = prefix + "_residues.csv", cif = prefix + ".cif", png = prefix + ".png", svg = prefix + ".svg", atoms = prefix + "_atoms.csv";
        List<string> files = [table, cif, png, svg];
        if (call.Get(_atoms))
        {
            files.Add(atoms);
        }

        OutputFiles.Take(call, files);
        var options = new QScoreOptions { Sigma = call.Get(_sigma) };
        var clock = Stopwatch.StartNew();
        var first = MrcFile.ReadVolume(maps[0]);
        var model = AtomicInput.Read(modelFile, call.Get(_centre) ? AtomicInput.BoxCentre(first) : null, call);
        var results = new List<QScoreResult>();
        foreach (var map in maps)
        {
            var volume = results.Count == 0 ? first : MrcFile.ReadVolume(map);
            var result = Score(volume, model, options, call);
            results.Add(result);
            if (ModelPlace.Warning(volume, map, AtomicInput.Atoms(modelFile, model), modelFile, call.Get(_centre)) is { } elsewhere)
            {
                call.Warn([elsewhere]);
            }

            if (result.AtomsOutside > 0)
            {
                var advice = call.Get(_centre) ? string.Empty : "; if the model is not in the map's frame, --centre-model puts its centre at the box centre";
                call.Warn([$"{result.AtomsOutside} of {result.AtomsOutside + result.ScoredAtoms} atoms lie outside {map} and have no score{advice}"]);
            }
        }

        QScoreTable.WriteResidues(table, results, options.Window, call.Overwrite);
        AtomicModelFile.WriteCif(cif, model.WithBFactors([.. results[0].AtomScores.Select(q => (float)Math.Round(q, 4))]), call.Overwrite);
        if (call.Get(_atoms))
        {
            QScoreTable.WriteAtoms(atoms, model, results[0], call.Overwrite);
        }

        Draw(call, maps, results, png, svg, files);
        return Describe(maps, results, clock.Elapsed.TotalSeconds, files);
    }

    private QScoreResult Score(MrcVolume map, AtomicModel model, QScoreOptions options, VerbCall call)
    {
        try
        {
            return QScore.Calculate(map, model, options, call.Compute, call.CancellationToken);
        }
        catch (InvalidInputException e) when (!call.Get(_centre) && e.Message.Contains("not in the map's frame", StringComparison.Ordinal))
        {
            throw new InvalidInputException($"{e.Message}; --centre-model puts its centre at the box centre", e);
        }
    }

    private static void Draw(VerbCall call, string[] maps, List<QScoreResult> results, string png, string svg, List<string> files)
    {
        if (!results[0].Residues.Any(r => r.IsPolymer && !double.IsNaN(r.Q)))
        {
            call.Warn(["no residue of a protein or nucleic acid has a score, so there is no picture"]);
            files.RemoveAll(f => f == png || f == svg);
            return;
        }

        var names = maps.Select(Path.GetFileName).Distinct().Count() == maps.Length ? maps.Select(m => Path.GetFileName(m)!) : maps;
        var chart = QScoreChart.Create(
            [.. names.Zip(results)], maps.Length == 1 ? $"Q-score in {Path.GetFileName(maps[0])}" : "Q-score, average over 11 residues");
        Pictures.Save(call, chart, call.Overwrite, png, svg);
        files.RemoveAll(f => call.Drawn([f]).Length == 0);
    }

    private static VerbResult Describe(string[] maps, List<QScoreResult> results, double seconds, List<string> files)
    {
        static double? Round(double q) => Texts.Finite(Math.Round(q, 4));
        var reports = maps.Zip(results, (map, r) => new QScoreMapReport(
            map, Round(r.Mean), r.ScoredAtoms, r.AtomsOutside, [.. r.Chains.Select(c => new QScoreChainReport(c.Chain, Round(c.Q), c.ScoredAtoms))])).ToArray();
        var report = new QScoreReport(Round(results[0].Mean), results[0].ScoredAtoms, results[0].AtomsOutside, reports, Math.Round(seconds, 2), [.. files]);
        var lines = reports.SelectMany(
            m => m.Chains.Where(_ => m.Chains.Length > 1).Select(c => Texts.Line($"chain {c.Chain}: Q {c.MeanQ:F3}, {c.Atoms} atoms"))
                .Append(Texts.Line($"{m.Map}: Q {m.MeanQ:F3}, mean of {m.Atoms} atoms")));
        return VerbResult.Of(report, MapReports.Default.QScoreReport, [.. lines, .. WrittenFiles.Lines(files)]);
    }
}
