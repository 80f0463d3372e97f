using System.Globalization;
using System.Text;
using Gmm.Core;
using static System.FormattableString;

namespace Gmm.IO;

/// <summary>
/// The Gaussian models of EMAN2's e2gmm: texts of five numbers a line, x, y, z, amplitude and width, without units. docs/formats.md.
/// </summary>
/// <remarks>
/// As e2gmm_refine_new.py uses them: places are in box lengths from the box centre, y and z turned about; the amplitude is a factor of both coordinates'
/// images, so that its square is the weight; and the envelope is exp(-0.001 w k^2) with k in Fourier pixels of the box, padding included.
/// </remarks>
internal static class EmanModelFile
{
    private const int Columns = 5;
    private const double Envelope = 0.001;
    private const int MostGaussians = 10_000_000;
    private static readonly string[] s_fields = ["x", "y", "z", "amplitude", "width"];

    /// <summary>Reads a model.</summary>
    /// <param name="path">The text.</param>
    /// <param name="boxSize">Side of EMAN2's box, voxels.</param>
    /// <param name="pixelSize">Voxel size, angstrom.</param>
    /// <exception cref="InvalidInputException">A line has not five numbers, or one that cannot be; the message names file, line and field.</exception>
    public static GaussianModel Read(string path, int boxSize, double pixelSize)
    {
        var values = Enumerable.Range(0, Columns).Select(_ => new List<float>()).ToArray();
        var length = boxSize * pixelSize;
        var line = 0;
        foreach (var text in InputFile.ReadUtf8(path).Split('\n'))
        {
            line++;
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
            {
                continue;
            }

            if (words.Length != Columns || values[0].Count == MostGaussians)
            {
                throw new InvalidInputException(
                    $"has {words.Length} values; a Gaussian of EMAN2 has {Columns}: x, y, z in box lengths, amplitude, width", path, line);
            }

            Take(values, words, length, path, line);
        }

        return values[0].Count == 0
            ? throw new InvalidInputException("the model has no Gaussians", path)
            : new GaussianModel(
                [.. values[0]], [.. values[1]], [.. values[2]], [.. values[3]], [.. values[4]], boxSize, pixelSize, $"EMAN2 model {Path.GetFileName(path)}");
    }

    /// <summary>Writes a model; amplitudes are scaled so that the greatest is 1, as e2gmm does.</summary>
    /// <param name="path">The text.</param>
    /// <param name="model">The model.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="InvalidInputException">An amplitude is negative, which EMAN2's squared ones cannot be; the file cannot be written.</exception>
    public static void Write(string path, GaussianModel model, bool overwrite)
    {
        double length = model.BoxLength, greatest = 0;
        for (var j = 0; j < model.Count; j++)
        {
            greatest = model.Amplitudes[j] >= 0
                ? Math.Max(greatest, model.Amplitudes[j])
                : throw new InvalidInputException(
                    Invariant($"Gaussian {j + 1} has the negative amplitude {model.Amplitudes[j]}, which EMAN2's models cannot hold"), path, null, "amplitude");
        }

        var text = new StringBuilder();
        for (var j = 0; j < model.Count; j++)
        {
            double sd = model.Widths[j] / length, w = 2 * Math.PI * Math.PI * sd * sd / Envelope;
            var a = greatest > 0 ? Math.Sqrt(model.Amplitudes[j] / greatest) : 0;
            text.Append(CultureInfo.InvariantCulture, $"{model.X[j] / length:e9} {-model.Y[j] / length:e9} {-model.Z[j] / length:e9} {a:e9} {w:e9}\n");
        }

        AtomicOutput.Write(path, overwrite, s => s.Write(Encoding.ASCII.GetBytes(text.ToString())));
    }

    private static void Take(List<float>[] values, string[] words, double length, string path, int line)
    {
        var numbers = new double[Columns];
        for (var c = 0; c < Columns; c++)
        {
            if (!double.TryParse(words[c], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[c]) || !double.IsFinite(numbers[c]))
            {
                throw new InvalidInputException($"\"{words[c]}\" is not a finite number", path, line, s_fields[c]);
            }

            var limit = c < 3 ? PhysicalLimits.FarthestBoxes : c == 3 ? Math.Sqrt(PhysicalLimits.LargestAmplitude) : double.MaxValue;
            if (Math.Abs(numbers[c]) > limit)
            {
                throw new InvalidInputException(
                    Invariant($"{numbers[c]} is beyond any model of EMAN2{(c < 3 ? ": places are in box lengths" : string.Empty)}"), path, line, s_fields[c]);
            }
        }

        // The width's square root is a standard deviation; EMAN2 takes negative ones, and none at all, for 0.
        var width = length * Math.Sqrt(Envelope * numbers[4] / (2 * Math.PI * Math.PI));
        if (!((float)width > 0) || width > length)
        {
            throw new InvalidInputException(Invariant($"the width {numbers[4]} is not positive, or wider than the box"), path, line, s_fields[4]);
        }

        var amplitude = Math.Max(0, numbers[3]);
        double[] physical = [numbers[0] * length, -numbers[1] * length, -numbers[2] * length, amplitude * amplitude, width];
        for (var c = 0; c < Columns; c++)
        {
            values[c].Add((float)physical[c]);
        }
    }
}
