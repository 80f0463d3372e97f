using System.Globalization;
using System.Text;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Reports;

/// <summary>Writes Q-scores as tables of comma-separated values. A score that does not exist is an empty field.</summary>
public static class QScoreTable
{
    /// <summary>Writes a row for each residue: chain, residue, name, q, q_window11.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maps">Scores of one model in one map or more; those after the first are in the further columns q_2, q_window11_2, q_3 ...</param>
    /// <param name="window">Residues in the running average, for the columns' name.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">No map, or scores of different models.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void WriteResidues(string path, IReadOnlyList<QScoreResult> maps, int window = 11, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.Count == 0 || maps.Any(m => m.Residues.Count != maps[0].Residues.Count))
        {
            throw new ArgumentException("A table of Q-scores needs scores of one model in at least one map.", nameof(maps));
        }

        Write(path, overwrite, writer =>
        {
            var suffixes = Enumerable.Range(1, maps.Count).Select(i => i == 1 ? string.Empty : $"_{i}");
            writer.WriteLine(string.Join(',', ["chain", "residue", "name", .. suffixes.Select(s => FormattableString.Invariant($"q{s},q_window{window}{s}"))]));
            for (var i = 0; i < maps[0].Residues.Count; i++)
            {
                var r = maps[0].Residues[i];
                var number = r.Number.ToString(CultureInfo.InvariantCulture) + r.InsertionCode;
                writer.WriteLine(string.Join(
                    ',', [Field(r.Chain), Field(number), Field(r.Name), .. maps.Select(m => $"{Score(m.Residues[i].Q)},{Score(m.Residues[i].WindowQ)}")]));
            }
        });
    }

    /// <summary>Writes a row for each atom: chain, residue, name, atom, q.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model that was scored.</param>
    /// <param name="scores">Its scores.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">Scores of another model.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void WriteAtoms(string path, AtomicModel model, QScoreResult scores, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.AtomScores.Count != model.Count)
        {
            throw new ArgumentException($"{scores.AtomScores.Count} scores do not belong to {model.Count} atoms.", nameof(scores));
        }

        Write(path, overwrite, writer =>
        {
            writer.WriteLine("chain,residue,name,atom,q");
            for (var i = 0; i < model.Count; i++)
            {
                var number = model.ResidueNumbers[i].ToString(CultureInfo.InvariantCulture) + model.InsertionCodes[i];
                writer.WriteLine(string.Join(
                    ',', Field(model.Chains[i]), Field(number), Field(model.ResidueNames[i]), Field(model.AtomNames[i]), Score(scores.AtomScores[i])));
            }
        });
    }

    private static void Write(string path, bool overwrite, Action<StreamWriter> rows) => AtomicOutput.Write(path, overwrite, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 14, leaveOpen: true) { NewLine = "\n" };
        rows(writer);
    });

    private static string Score(double value) => double.IsNaN(value) ? string.Empty : value.ToString("F4", CultureInfo.InvariantCulture);

    /// <summary>Text in quotes where RFC 4180 wants them: chain names may hold anything.</summary>
    private static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
