using System.Globalization;
using System.Text;
using System.Xml;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Writes Fourier shell correlations: as RELION's postprocess.star has them, and as the XML that EMDB takes.</summary>
public static class FscFile
{
    /// <summary>Label of the correlation of the unmasked half maps in RELION's files.</summary>
    public const string Unmasked = "rlnFourierShellCorrelationUnmaskedMaps";

    /// <summary>Label of the correlation of the masked half maps in RELION's files.</summary>
    public const string Masked = "rlnFourierShellCorrelationMaskedMaps";

    /// <summary>Label of the correlation of the masked half maps with random phases in RELION's files.</summary>
    public const string PhaseRandomized = "rlnCorrectedFourierShellCorrelationPhaseRandomizedMaskedMaps";

    /// <summary>Label of the correlation corrected for the mask in RELION's files.</summary>
    public const string Corrected = "rlnFourierShellCorrelationCorrected";

    /// <summary>The value of rlnFinalResolution: 999, as relion_postprocess writes it, where the maps show no resolution.</summary>
    /// <param name="resolution">Angstrom; null for none.</param>
    /// <returns>The text of the value.</returns>
    public static string FinalResolution(double? resolution) => (resolution ?? 999).ToString("F6", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Writes curves as a STAR file: data_general with pairs, data_fsc with a row for each shell.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frequencies">Frequency of each shell from 0, 1/angstrom.</param>
    /// <param name="curves">The curves, one column each.</param>
    /// <param name="general">Pairs for data_general, such as rlnFinalResolution.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">A curve of another length than the frequencies.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void WriteStar(
        string path, IReadOnlyList<double> frequencies, IReadOnlyList<FscColumn> curves, IReadOnlyList<StarPair>? general = null, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        ArgumentNullException.ThrowIfNull(curves);
        foreach (var curve in curves)
        {
            CheckLength(frequencies, curve.Values);
        }

        var table = new StarTable(["rlnSpectralIndex", "rlnResolution", "rlnAngstromResolution", .. curves.Select(c => c.Label)]);
        for (var i = 0; i < frequencies.Count; i++)
        {
            // RELION writes 999 angstrom for shell 0, whose resolution is infinite.
            var angstrom = frequencies[i] > 0 ? 1 / frequencies[i] : 999;
            table.AddRow([i.ToString(CultureInfo.InvariantCulture), Number(frequencies[i]), Number(angstrom), .. curves.Select(c => Number(c.Values[i]))]);
        }

        var blocks = new List<StarBlock>();
        if (general is { Count: > 0 })
        {
            var block = new StarBlock("general");
            foreach (var pair in general)
            {
                block.Set(pair.Label, pair.Value);
            }

            blocks.Add(block);
        }

        blocks.Add(new StarBlock("fsc", table));
        new StarFile(blocks).Write(path, overwrite);
    }

    /// <summary>Reads curves that <see cref="WriteStar"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Frequency of each shell, 1/angstrom, and the curves that are there.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or has no such table.</exception>
    internal static (double[] Frequencies, IReadOnlyList<FscColumn> Curves) ReadStar(string path)
    {
        var table = StarFile.Read(path).Find("fsc")?.Table ?? throw new InvalidInputException("has no table data_fsc", path);
        double[] Column(string label) => [.. Enumerable.Range(0, table.RowCount).Select(i => table.GetDouble(i, label))];
        return (
            Column("rlnResolution"),
            [.. new[] { Corrected, Unmasked, Masked, PhaseRandomized }.Where(table.Contains).Select(label => new FscColumn(label, Column(label)))]);
    }

    /// <summary>
    /// Writes curves as a table of comma-separated values: shell, frequency_1_per_A, resolution_A (empty for shell 0), then a column for each curve.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="frequencies">Frequency of each shell from 0, 1/angstrom.</param>
    /// <param name="curves">The curves; their labels head the columns, quoted where they hold a comma or quote.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">A curve of another length than the frequencies.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void WriteCsv(string path, IReadOnlyList<double> frequencies, IReadOnlyList<FscColumn> curves, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        ArgumentNullException.ThrowIfNull(curves);
        foreach (var curve in curves)
        {
            CheckLength(frequencies, curve.Values);
        }

        var text = new StringBuilder("shell,frequency_1_per_A,resolution_A");
        foreach (var curve in curves)
        {
            text.Append(',').Append(Quoted(curve.Label));
        }

        for (var i = 0; i < frequencies.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{i},{Number(frequencies[i])},{(frequencies[i] > 0 ? Number(1 / frequencies[i]) : string.Empty)}");
            foreach (var curve in curves)
            {
                text.Append(',').Append(Number(curve.Values[i]));
            }
        }

        AtomicOutput.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(text.Append('\n').ToString())));
    }

    /// <summary>Writes one curve as EMDB's FSC XML.</summary>
    /// <param name="path">The file.</param>
    /// <param name="frequencies">Frequency of each shell, 1/angstrom.</param>
    /// <param name="correlations">Correlation of each shell.</param>
    /// <param name="title">Title of the curve.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">Lists of different length.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void WriteXml(
        string path, IReadOnlyList<double> frequencies, IReadOnlyList<double> correlations, string title = "Gold-standard FSC", bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        ArgumentNullException.ThrowIfNull(correlations);
        CheckLength(frequencies, correlations);
        AtomicOutput.Write(path, overwrite, stream =>
        {
            using var xml = XmlWriter.Create(
                stream,
                new XmlWriterSettings
                {
                    Indent = true,
                    OmitXmlDeclaration = true,
                    CloseOutput = false,
                    NewLineChars = "\n",
                    Encoding = new UTF8Encoding(false),
                });
            xml.WriteStartElement("fsc");
            xml.WriteAttributeString("title", title);
            xml.WriteAttributeString("xaxis", "Resolution (A-1)");
            xml.WriteAttributeString("yaxis", "Correlation Coefficient");
            for (var i = 0; i < frequencies.Count; i++)
            {
                xml.WriteStartElement("coordinate");
                xml.WriteElementString("x", frequencies[i].ToString("G6", CultureInfo.InvariantCulture));
                xml.WriteElementString("y", correlations[i].ToString("G6", CultureInfo.InvariantCulture));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        });
    }

    private static void CheckLength(IReadOnlyList<double> frequencies, IReadOnlyList<double> values)
    {
        if (values.Count != frequencies.Count)
        {
            throw new ArgumentException($"There are {frequencies.Count} frequencies, but {values.Count} correlations.", nameof(values));
        }
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Number(double value) => value.ToString("F6", CultureInfo.InvariantCulture);
}
