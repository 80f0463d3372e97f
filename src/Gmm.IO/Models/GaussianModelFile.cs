using System.Globalization;
using Gmm.Core;
using static System.FormattableString;

namespace Gmm.IO;

/// <summary>
/// Reads and writes Gaussian models as STAR files: data_gmm_general (version, box, pixel size, provenance) and the loop
/// data_gmm_gaussians (centre, amplitude, width). Numbers are written so that they come back to the bit. See docs/formats.md.
/// </summary>
public static class GaussianModelFile
{
    /// <summary>Version of the format that is written, and the newest that is read.</summary>
    public const int FormatVersion = 1;

    private const string General = "gmm_general";
    private const string Gaussians = "gmm_gaussians";
    private const string Version = "gmmFormatVersion";
    private const string BoxSize = "gmmBoxSize";
    private const string PixelSize = "gmmPixelSize";
    private const string Provenance = "gmmProvenance";
    private const string Half = "gmmHalf";
    private const string Sample = "gmmParticleSample";
    private static readonly string[] Columns = ["gmmCentreX", "gmmCentreY", "gmmCentreZ", "gmmAmplitude", "gmmWidth"];

    /// <summary>Reads a model.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InvalidInputException">
    /// The file cannot be read, is not a model or of a newer version, or a value is not usable; the message names file, row and field.
    /// </exception>
    public static GaussianModel Read(string path)
    {
        var file = StarFile.Read(path);
        var general = file.Find(General) ?? throw new InvalidInputException($"this is not a Gaussian model: there is no block data_{General}", path);
        var table = file.Find(Gaussians)?.Table ?? throw new InvalidInputException($"this is not a Gaussian model: there is no loop data_{Gaussians}", path);
        var version = general.GetInteger(Version);
        if (version is < 1 or > FormatVersion)
        {
            throw new InvalidInputException($"version {version} of the format is not read here; 1 to {FormatVersion} are", path, null, Version);
        }

        var box = general.GetInteger(BoxSize);
        var pixel = general.GetDouble(PixelSize);
        if (box <= 0 || !(pixel > 0))
        {
            throw new InvalidInputException($"the box of {box} voxels of {pixel} angstrom is not positive", path, null, box <= 0 ? BoxSize : PixelSize);
        }

        if (box > PhysicalLimits.LargestBox || pixel is < PhysicalLimits.SmallestPixel or > PhysicalLimits.LargestPixel)
        {
            throw new InvalidInputException(
                Invariant($"a box of {box} voxels of {pixel} angstrom is beyond any map"), path, null, box > PhysicalLimits.LargestBox ? BoxSize : PixelSize);
        }

        if (table.RowCount == 0)
        {
            throw new InvalidInputException("the model has no Gaussians", path, null, Columns[0]);
        }

        var values = ReadColumns(table, box * pixel);
        return new GaussianModel(
            values[0], values[1], values[2], values[3], values[4], box, pixel, general.Contains(Provenance) ? general.GetText(Provenance) : string.Empty);
    }

    /// <summary>Reads which half of which particles a model was made from.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The origin; null where the file does not say.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or is not a model; the message names file and field.</exception>
    public static ModelOrigin? ReadOrigin(string path)
    {
        var general = StarFile.Read(path).Find(General)
            ?? throw new InvalidInputException($"this is not a Gaussian model: there is no block data_{General}", path);
        if (!general.Contains(Half))
        {
            return null;
        }

        var half = general.GetInteger(Half);
        return half is 1 or 2
            ? new ModelOrigin(half, general.Contains(Sample) ? general.GetText(Sample).Split(',') : [])
            : throw new InvalidInputException($"{half} is no half; 1 or 2 are", path, null, Half);
    }

    /// <summary>Writes a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <param name="origin">The half and particles that it was made from; null where it is of no half.</param>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void Write(string path, GaussianModel model, bool overwrite = false, ModelOrigin? origin = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var general = new StarBlock(General);
        general.Comments.Add("# Gaussian model of gmm: centres and widths (standard deviations) in angstrom, centres from the box centre");
        general.Set(Version, FormatVersion.ToString(CultureInfo.InvariantCulture));
        general.Set(BoxSize, model.BoxSize.ToString(CultureInfo.InvariantCulture));
        general.Set(PixelSize, model.PixelSize.ToString("R", CultureInfo.InvariantCulture));
        general.Set(Provenance, OneKindOfQuotes(model.Provenance));
        if (origin is not null)
        {
            general.Set(Half, origin.Half.ToString(CultureInfo.InvariantCulture));
            if (origin.Sample.Count > 0)
            {
                general.Set(Sample, string.Join(',', origin.Sample));
            }
        }

        var table = new StarTable(Columns);
        for (var j = 0; j < model.Count; j++)
        {
            table.AddRow(Exact(model.X[j]), Exact(model.Y[j]), Exact(model.Z[j]), Exact(model.Amplitudes[j]), Exact(model.Widths[j]));
        }

        new StarFile(general, new StarBlock(Gaussians, table)).Write(path, overwrite);
    }

    private static float[][] ReadColumns(StarTable table, double boxLength)
    {
        foreach (var label in Columns.Where(c => !table.Contains(c)))
        {
            throw new InvalidInputException("the column is missing", table.Source, null, label);
        }

        var values = Columns.Select(_ => new float[table.RowCount]).ToArray();
        for (var row = 0; row < table.RowCount; row++)
        {
            for (var c = 0; c < Columns.Length; c++)
            {
                // The check names row and column; the float itself is parsed from the text, because rounding twice is not exact.
                table.GetDouble(row, Columns[c]);
                values[c][row] = float.Parse(table.GetText(row, Columns[c]), CultureInfo.InvariantCulture);
                if (!float.IsFinite(values[c][row]) || (c == 4 && !(values[c][row] > 0)))
                {
                    throw table.Error($"{table.GetText(row, Columns[c])} is not usable: values must be finite, widths positive", row, Columns[c]);
                }

                CheckLimits(table, row, c, values[c][row], boxLength);
            }
        }

        return values;
    }

    /// <summary>Refuses what no molecule has: see <see cref="PhysicalLimits"/>.</summary>
    private static void CheckLimits(StarTable table, int row, int column, float value, double boxLength)
    {
        var (limit, what) = column switch
        {
            3 => (PhysicalLimits.LargestAmplitude, "the largest amplitude"),
            4 => (boxLength, "the box"),
            _ => (PhysicalLimits.Farthest(boxLength), Invariant($"{PhysicalLimits.FarthestBoxes} boxes from the centre")),
        };
        if (Math.Abs(value) > limit)
        {
            throw table.Error(
                Invariant($"{value} is beyond any molecule: {what} is {limit:G6}{(column == 3 ? string.Empty : " angstrom")}"), row, Columns[column]);
        }
    }

    private static string Exact(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>STAR cannot hold both kinds of quotes in one value.</summary>
    private static string OneKindOfQuotes(string text) => text.Replace('"', '\'');
}
