using Gmm.Core;

namespace Gmm.IO;

/// <summary>Reads the MTFs that optics groups name (rlnMtfFileName), where groups have different ones.</summary>
internal static class MtfReader
{
    private const string Frequency = "rlnResolutionInversePixel";
    private const string Value = "rlnMtfValue";

    /// <summary>The groups with their MTFs; as they are where all have the same, or one is not known.</summary>
    /// <param name="path">The particle file.</param>
    /// <param name="groups">The groups.</param>
    /// <param name="rows">Their rows of data_optics, by number.</param>
    /// <param name="roots">Where named files lie.</param>
    /// <param name="warnings">Receives what a person should know.</param>
    /// <exception cref="InvalidInputException">A file that is there and no MTF.</exception>
    public static void Attach(
        string path, List<OpticsGroup> groups, Dictionary<int, OpticsReader.Row> rows, ImageRoots roots, List<string> warnings)
    {
        string?[] names = [.. groups.Select(g => rows.GetValueOrDefault(g.Id)?.MtfFile)];
        if (names.Distinct().Count() < 2)
        {
            return;
        }

        var found = new Dictionary<(string File, double Pixel), DetectorMtf>();
        var curves = new DetectorMtf[groups.Count];
        for (var g = 0; g < curves.Length; g++)
        {
            var pixel = rows[groups[g].Id].OriginalPixelSize;
            var file = names[g] is { } name ? roots.Find(name) : null;
            if (file is null || pixel is not > 0)
            {
                var missing = names[g] is null ? "it names none" : file is null ? $"{names[g]} does not exist" : $"{Labels.OriginalPixelSize} is missing";
                warnings.Add(
                    $"{path}: the detectors of the optics groups have different MTFs ({Labels.MtfFile}), but that of group {groups[g].Id} is not known: "
                        + $"{missing}; differences of the detectors are not taken out");
                return;
            }

            if (!found.TryGetValue((file, pixel.Value), out curves[g]!))
            {
                found.Add((file, pixel.Value), curves[g] = Read(file, pixel.Value));
            }
        }

        for (var g = 0; g < curves.Length; g++)
        {
            groups[g] = groups[g] with { Mtf = curves[g] };
        }
    }

    /// <summary>Reads an MTF.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pixelSize">Angstrom of a pixel of the detector.</param>
    /// <exception cref="InvalidInputException">It is none; the message names file, row and column.</exception>
    internal static DetectorMtf Read(string path, double pixelSize)
    {
        var table = StarFile.Read(path).Blocks.Select(b => b.Table).FirstOrDefault(t => t is not null && t.Contains(Frequency) && t.Contains(Value))
            ?? throw new InvalidInputException($"has no table with {Frequency} and {Value}", path);
        double[] frequencies = new double[table.RowCount], values = new double[table.RowCount];
        for (var row = 0; row < values.Length; row++)
        {
            (frequencies[row], values[row]) = (table.GetDouble(row, Frequency) / pixelSize, table.GetDouble(row, Value));
            if (DetectorMtf.ValueProblem(values[row]) is { } value)
            {
                throw table.Error(value, row, Value);
            }

            if (DetectorMtf.FrequencyProblem(frequencies[row], row == 0 ? null : frequencies[row - 1]) is { } frequency)
            {
                throw table.Error(frequency, row, Frequency);
            }
        }

        return values.Length > 0 ? new DetectorMtf(frequencies, values) : throw new InvalidInputException("the table of the MTF is empty", path);
    }
}
