using System.Globalization;
using System.Text;

namespace Gmm.IO;

/// <summary>Writes the _atom_site loop of an mmCIF file with the columns that PDBx calls mandatory and viewers read.</summary>
internal static class CifAtomWriter
{
    /// <summary>The columns.</summary>
    internal static readonly string[] Columns =
    [
        "group_PDB", "id", "type_symbol", "label_atom_id", "label_alt_id", "label_comp_id", "label_asym_id", "label_entity_id", "label_seq_id",
        "pdbx_PDB_ins_code", "Cartn_x", "Cartn_y", "Cartn_z", "occupancy", "B_iso_or_equiv", "auth_seq_id", "auth_comp_id", "auth_asym_id",
        "auth_atom_id", "pdbx_PDB_model_num",
    ];

    private static readonly string[] Reserved = ["data_", "loop_", "save_", "stop_", "global_"];

    /// <summary>Writes the file's text.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="model">The atoms.</param>
    /// <param name="name">Name of the data block.</param>
    public static void Write(Stream stream, AtomicModel model, string name)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        var block = string.Concat(name.Select(c => c is > ' ' and <= '~' ? c : '_'));
        writer.WriteLine($"data_{(block.Length > 0 ? block : "model")}\n#\nloop_");
        foreach (var column in Columns)
        {
            writer.WriteLine("_atom_site." + column);
        }

        var sequence = SequenceNumbers(model);
        for (var i = 0; i < model.Count; i++)
        {
            string atom = Value(model.AtomNames[i]), residue = Value(model.ResidueNames[i]), chain = Value(model.Chains[i]);
            var label = model.IsHetero(i) ? "." : sequence[i].ToString(CultureInfo.InvariantCulture);
            var code = model.InsertionCodes[i].Length == 0 ? "?" : Value(model.InsertionCodes[i]);
            var place = string.Create(
                CultureInfo.InvariantCulture,
                $"{model.X[i]:0.000###} {model.Y[i]:0.000###} {model.Z[i]:0.000###} {model.Occupancies[i]:0.00##} "
                    + $"{(float.IsFinite(model.BFactors[i]) ? model.BFactors[i].ToString("0.00###", CultureInfo.InvariantCulture) : "?")}");
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(model.IsHetero(i) ? "HETATM" : "ATOM")} {i + 1} {Elements.Symbol(model.AtomicNumbers[i])} {atom} . {residue} {chain} ? {label} "
                    + $"{code} {place} {model.ResidueNumbers[i]} {residue} {chain} {atom} 1"));
        }

        writer.WriteLine("#");
    }

    /// <summary>
    /// A value in CIF 1.1 syntax: bare where that is unambiguous, else in quotes (a quote ends a value only before white space), else a text field.
    /// </summary>
    internal static string Value(string text)
    {
        if (text.Length == 0)
        {
            return ".";
        }

        var space = text.Any(char.IsWhiteSpace);
        if (!space && text is not "." and not "?" && !"_#$'\"[];".Contains(text[0], StringComparison.Ordinal)
            && !Reserved.Any(w => text.StartsWith(w, StringComparison.OrdinalIgnoreCase)))
        {
            return text;
        }

        foreach (var quote in "'\"")
        {
            if (!text.Contains('\n', StringComparison.Ordinal)
                && !text[..^1].Select((c, i) => (c, i)).Any(p => p.c == quote && char.IsWhiteSpace(text[p.i + 1])))
            {
                return $"{quote}{text}{quote}";
            }
        }

        return $"\n;{text}\n;\n";
    }

    /// <summary>
    /// Positions in each chain's sequence, from 1, that keep the gaps of the authors' numbers: label_seq_id must be positive and rise,
    /// which numbers below 1 and insertion codes do not.
    /// </summary>
    private static int[] SequenceNumbers(AtomicModel model)
    {
        var last = new Dictionary<string, (int Position, int Number, string Code)>();
        var result = new int[model.Count];
        for (var i = 0; i < model.Count; i++)
        {
            if (model.IsHetero(i))
            {
                continue;
            }

            var (number, code) = (model.ResidueNumbers[i], model.InsertionCodes[i]);
            if (!last.TryGetValue(model.Chains[i], out var before))
            {
                before = (1, number, code);
            }
            else if (before.Number != number || before.Code != code)
            {
                before = (before.Position + Math.Max(1, number - before.Number), number, code);
            }

            last[model.Chains[i]] = before;
            result[i] = before.Position;
        }

        return result;
    }
}
