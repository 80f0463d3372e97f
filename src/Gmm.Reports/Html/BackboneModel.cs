using System.Globalization;
using System.Text;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Reports;

/// <summary>An atomic model for a page's viewer: what a ribbon is drawn from, and nothing else.</summary>
internal static class BackboneModel
{
    /// <summary>PDB has one letter for a chain: more chains than these begin again, in another model.</summary>
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Atoms that a viewer draws without delay.</summary>
    private const int MostAtoms = 90_000;

    private static readonly HashSet<string> s_backbone = ["N", "CA", "C", "O", "P", "O5'", "C5'", "C4'", "C3'", "O3'"];

    /// <summary>Writes the model.</summary>
    /// <returns>PDB, the backbone; of it C-alpha and phosphorus only where that were too many atoms, and all atoms where there is none.</returns>
    /// <exception cref="InvalidInputException">It has no atom or too many, or atoms out of a PDB file's reach.</exception>
    public static string Of(AtomicModel model)
    {
        int[] kept = [.. Enumerable.Range(0, model.Count).Where(i => s_backbone.Contains(model.AtomNames[i]))];
        if (kept.Length > MostAtoms)
        {
            kept = [.. kept.Where(i => model.AtomNames[i] is "CA" or "P")];
        }

        if (kept.Length == 0)
        {
            // No chain to draw a ribbon of: its atoms are what there is to see.
            kept = [.. Enumerable.Range(0, model.Count).Where(i => !model.IsHydrogen(i))];
        }

        if (kept.Length is 0 or > MostAtoms)
        {
            throw new InvalidInputException($"has {kept.Length} atoms, and from 1 to {MostAtoms} can be drawn in a page", "model");
        }

        var letters = new Dictionary<string, char>(StringComparer.Ordinal);
        var text = new StringBuilder();
        for (var k = 0; k < kept.Length; k++)
        {
            var i = kept[k];
            if (!letters.TryGetValue(model.Chains[i], out var chain))
            {
                letters[model.Chains[i]] = chain = Letters[letters.Count % Letters.Length];
            }

            if (Math.Max(Math.Abs(model.X[i]), Math.Max(Math.Abs(model.Y[i]), Math.Abs(model.Z[i]))) >= 9999)
            {
                throw new InvalidInputException("has atoms farther than 9999 A from the origin, which a page's viewer cannot draw", "model");
            }

            var name = Name(model.AtomNames[i]);
            text.Append(CultureInfo.InvariantCulture, $"ATOM  {(k + 1) % 100000,5} {" " + name,-4} {Three(model.ResidueNames[i])} {chain}")
                .Append(CultureInfo.InvariantCulture, $"{model.ResidueNumbers[i] % 10000,4}    {model.X[i],8:F3}{model.Y[i],8:F3}{model.Z[i],8:F3}")
                .Append(CultureInfo.InvariantCulture, $"{1,6:F2}{0,6:F2}          {name[0],2}\n");
        }

        return text.Append("END\n").ToString();
    }

    /// <summary>An atom's name where PDB has it.</summary>
    private static string Name(string atom) => atom.Length is > 0 and <= 3 && atom.All(c => char.IsAsciiLetterOrDigit(c) || c == '\'') ? atom : "X";

    /// <summary>A residue's name where PDB has it; a model's file may have any text there.</summary>
    private static string Three(string residue) => residue.Length is > 0 and <= 3 && residue.All(char.IsAsciiLetterOrDigit) ? residue.PadLeft(3) : "UNK";
}
