using System.Globalization;
using System.Text;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>Moves an atomic model along a row of conformers, by the mean of both halves' motions.</summary>
internal static class AtomMorph
{
    /// <summary>Reads the model.</summary>
    /// <exception cref="InvalidInputException">The residue asked for is not in it, or most atoms lie outside the box.</exception>
    public static AtomicModel Read(LandscapeRequest request, GaussianModel model, VerbCall call)
    {
        var centre = AtomicInput.BoxCentre(model.BoxSize, model.PixelSize);
        var atoms = AtomsInBox.Read(request.Atoms!, request.CentreAtoms, model.BoxSize, model.PixelSize, centre, call).Model;
        if (request.Residue is { } residue && !Enumerable.Range(0, atoms.Count).Any(i => atoms.Chains[i] == residue.Chain && Number(atoms, i) == residue.Number))
        {
            throw new InvalidInputException($"has no residue {residue.Chain}:{residue.Number}; its chains are {string.Join(", ", atoms.Chains.Distinct().Select(c => c.Length > 0 ? c : "(no name)"))}", request.Atoms);
        }

        return atoms;
    }

    /// <summary>Writes the series, the table of residues and the script.</summary>
    public static MorphReport Write(LandscapeRequest request, AtomicModel atoms, HalfLandscape[] halves, float[][][] rows, LandscapeFiles files, VerbCall call)
    {
        var (x, y, z) = FromBoxCentre(atoms, halves[0].Model);
        var morphs = halves.Select(h => new ModelMorph(h.Model, x, y, z)).ToArray();
        var moves = halves.Select((h, k) => rows[k].Select(p => morphs[k].Apply(h.Decode(p))).ToArray()).ToArray();
        if (request.AtomsAt is { } at)
        {
            moves = [.. moves.Select(m => m.Select(f => Minus(f, m[at])).ToArray())];
        }

        var frames = new List<(double[] X, double[] Y, double[] Z)>();
        double differ = 0;
        for (var p = 0; p < rows[0].Length; p++)
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            var (a, b) = (moves[0][p], moves[1][p]);
            differ += Square(Minus(a, b)) / (rows[0].Length * atoms.Count);
            frames.Add(([.. atoms.X.ToArray().Select((v, i) => v + ((a.X[i] + b.X[i]) / 2))], [.. atoms.Y.ToArray().Select((v, i) => v + ((a.Y[i] + b.Y[i]) / 2))], [.. atoms.Z.ToArray().Select((v, i) => v + ((a.Z[i] + b.Z[i]) / 2))]));
            AtomicModelFile.WriteCif(files.Atoms(p), atoms.WithCoordinates(frames[p].X, frames[p].Y, frames[p].Z), call.Overwrite);
        }

        MotionScript.WriteModels(files.AtomScript, [.. Enumerable.Range(0, frames.Count).Select(files.Atoms)], $"{Path.GetFileName(request.Atoms)} moved as its Gaussians do, by the mean of both halves.", call.Overwrite);
        var residues = ResidueMovement.Measure(atoms, frames);
        WriteTable(files.Residues, residues, call.Overwrite);
        var far = morphs.Max(m => m.FarCount);
        if (far > 0)
        {
            call.Warn([Texts.Line($"{far} of {atoms.Count} atoms have no Gaussian within {3 * morphs[0].Reach:F1} A; they move as the nearest one does")]);
        }

        var longest = residues.MaxBy(r => r.MostAngstrom)!;
        return new MorphReport(
            atoms.Count, far, Math.Round(morphs[0].Reach, 2), Math.Round(Math.Sqrt(Square(Minus(frames[^1], frames[0])) / atoms.Count), 3), Math.Round(Math.Sqrt(differ), 3),
            Report(longest), request.Residue is { } wanted ? Report(residues.First(r => r.Chain == wanted.Chain && r.Number == wanted.Number)) : null);
    }

    private static string Number(AtomicModel atoms, int i) => atoms.ResidueNumbers[i].ToString(CultureInfo.InvariantCulture) + atoms.InsertionCodes[i];

    /// <summary>Coordinates from the box centre: the model's own are from the box's corner, as in a map whose origin is 0.</summary>
    private static (double[] X, double[] Y, double[] Z) FromBoxCentre(AtomicModel atoms, GaussianModel model)
    {
        var centre = AtomicInput.BoxCentre(model.BoxSize, model.PixelSize);
        return ([.. atoms.X.ToArray().Select(v => v - centre.X)], [.. atoms.Y.ToArray().Select(v => v - centre.Y)], [.. atoms.Z.ToArray().Select(v => v - centre.Z)]);
    }

    private static (double[] X, double[] Y, double[] Z) Minus((double[] X, double[] Y, double[] Z) a, (double[] X, double[] Y, double[] Z) b) =>
        ([.. a.X.Zip(b.X, (p, q) => p - q)], [.. a.Y.Zip(b.Y, (p, q) => p - q)], [.. a.Z.Zip(b.Z, (p, q) => p - q)]);

    private static double Square((double[] X, double[] Y, double[] Z) a) => a.X.Sum(v => v * v) + a.Y.Sum(v => v * v) + a.Z.Sum(v => v * v);

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
