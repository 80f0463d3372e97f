using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>How far a residue goes along a trajectory, as the paper measures it (Methods: the length of the trajectory at one residue).</summary>
/// <param name="Chain">Chain.</param>
/// <param name="Number">Residue number, with its insertion code.</param>
/// <param name="Name">Residue name, such as LYS.</param>
/// <param name="PathAngstrom">Length of the way through all points.</param>
/// <param name="EndToEndAngstrom">Distance from the first point to the last.</param>
/// <param name="MostAngstrom">Largest distance between two points of the trajectory.</param>
public sealed record ResidueMovement(string Chain, string Number, string Name, double PathAngstrom, double EndToEndAngstrom, double MostAngstrom)
{
    /// <summary>Measures every residue: at its CA or P atom if it has one, else at the mean of its atoms.</summary>
    /// <param name="model">The atomic model.</param>
    /// <param name="frames">Coordinates of all atoms at each point of the trajectory.</param>
    /// <returns>A movement for each residue, in the model's order.</returns>
    public static IReadOnlyList<ResidueMovement> Measure(AtomicModel model, IReadOnlyList<(double[] X, double[] Y, double[] Z)> frames)
    {
        ArgumentNullException.ThrowIfNull(model);
        var residues = new Dictionary<(string Chain, int Number, string Code), List<int>>();
        for (var i = 0; i < model.Count; i++)
        {
            var key = (model.Chains[i], model.ResidueNumbers[i], model.InsertionCodes[i]);
            if (!residues.TryGetValue(key, out var atoms))
            {
                residues.Add(key, atoms = []);
            }

            atoms.Add(i);
        }

        return [.. residues.Select(r => Of(model, r.Key, r.Value, frames))];
    }

    /// <summary>The movement of a residue, or null if the model has none of the name.</summary>
    internal static ResidueMovement? Find(IReadOnlyList<ResidueMovement> all, string chain, string number) =>
        all.FirstOrDefault(m => m.Chain == chain && m.Number == number);

    private static ResidueMovement Of(
        AtomicModel model, (string Chain, int Number, string Code) key, List<int> atoms, IReadOnlyList<(double[] X, double[] Y, double[] Z)> frames)
    {
        var anchors = atoms.Where(i => model.AtomNames[i] is "CA" or "P").Take(1).ToList();
        var used = anchors.Count > 0 ? anchors : atoms;
        var places = frames.Select(f => (X: used.Average(i => f.X[i]), Y: used.Average(i => f.Y[i]), Z: used.Average(i => f.Z[i]))).ToArray();
        double path = 0, most = 0;
        for (var a = 0; a < places.Length; a++)
        {
            path += a > 0 ? Distance(places[a - 1], places[a]) : 0;
            for (var b = 0; b < a; b++)
            {
                most = Math.Max(most, Distance(places[a], places[b]));
            }
        }

        var number = key.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) + key.Code;
        return new ResidueMovement(key.Chain, number, model.ResidueNames[atoms[0]], path, Distance(places[0], places[^1]), most);
    }

    private static double Distance((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        Math.Sqrt(((a.X - b.X) * (a.X - b.X)) + ((a.Y - b.Y) * (a.Y - b.Y)) + ((a.Z - b.Z) * (a.Z - b.Z)));
}
