using System.Globalization;
using System.Text;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>Reads the atomic model that is moved along a row of conformations, and writes it at every point.</summary>
internal static class MorphFiles
{
    /// <summary>Reads the model.</summary>
    /// <exception cref="InvalidInputException">The residue asked for is not in it, or most atoms lie outside the box.</exception>
    public static AtomicModel Read(LandscapeRequest request, GaussianModel model, VerbCall call)
    {
        var centre = AtomicInput.BoxCentre(model.BoxSize, model.PixelSize);
        var atoms = AtomsInBox.Read(request.Atoms!, request.CentreAtoms, model.BoxSize, model.PixelSize, centre, call).Model;
        if (request.Residue is { } residue
            && !Enumerable.Range(0, atoms.Count).Any(i => atoms.Chains[i] == residue.Chain && Number(atoms, i) == residue.Number))
        {
            throw new InvalidInputException(
                $"has no residue {residue.Chain}:{residue.Number}; its chains are "
                    + $"{string.Join(", ", atoms.Chains.Distinct().Select(c => c.Length > 0 ? c : "(no name)"))}",
                request.Atoms);
        }

        return atoms;
    }

    /// <summary>Writes the series, the table of residues and the script.</summary>
    public static MorphReport Write(LandscapeRequest request, AtomMorph morph, LandscapeFiles files, VerbCall call)
    {
        for (var p = 0; p < morph.Count; p++)
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            AtomicModelFile.WriteCif(files.Atoms(p), morph.At(p), call.Overwrite);
        }

        MotionScript.WriteModels(
            files.AtomScript, [.. Enumerable.Range(0, morph.Count).Select(files.Atoms)],
            $"{Path.GetFileName(request.Atoms)} moved as its Gaussians do, by the mean of both halves.", call.Overwrite);
        WriteTable(files.Residues, morph.Residues, call.Overwrite);
        if (morph.FarCount > 0)
        {
            call.Warn(
                [Texts.Line($"{morph.FarCount} of {morph.Atoms.Count} atoms have no Gaussian within {3 * morph.Reach:F1} A; they ")
                    + "move as the nearest one does"]);
        }

        return new MorphReport(
            morph.Atoms.Count, morph.FarCount, Math.Round(morph.Reach, 2), Math.Round(morph.FirstToLastRms, 3), Math.Round(morph.HalvesDifferRms, 3),
            Report(morph.Residues.MaxBy(r => r.MostAngstrom)!),
            request.Residue is { } wanted ? Report(morph.Residues.First(r => r.Chain == wanted.Chain && r.Number == wanted.Number)) : null);
    }

    private static string Number(AtomicModel atoms, int i) => atoms.ResidueNumbers[i].ToString(CultureInfo.InvariantCulture) + atoms.InsertionCodes[i];

    private static ResidueReport Report(ResidueMovement m) =>
        new($"{m.Chain}:{m.Number}", m.Name, Math.Round(m.PathAngstrom, 2), Math.Round(m.EndToEndAngstrom, 2), Math.Round(m.MostAngstrom, 2));

    private static void WriteTable(string path, IReadOnlyList<ResidueMovement> residues, bool overwrite)
    {
        var text = new StringBuilder("chain,residue,name,path_A,end_to_end_A,most_A\n");
        foreach (var r in residues)
        {
            text.Append(CultureInfo.InvariantCulture, $"{r.Chain},{r.Number},{r.Name},{r.PathAngstrom:F3},{r.EndToEndAngstrom:F3},{r.MostAngstrom:F3}\n");
        }

        AtomicOutput.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
