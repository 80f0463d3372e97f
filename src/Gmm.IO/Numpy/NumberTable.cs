using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// A table of numbers, a row for each particle: latent coordinates of cryoDRGN (z.N.pkl), of RECOVAR (a pickle or .npy) and of anything that writes an array
/// (N, d) as pickle or NPY, or as text.
/// </summary>
internal static class NumberTable
{
    private const int MostColumns = 4096;

    /// <summary>Reads a table.</summary>
    /// <param name="path">.pkl, .npy, or text with spaces, tabs, commas or semicolons between numbers; a number sign begins a remark.</param>
    /// <returns>The columns.</returns>
    /// <exception cref="InvalidInputException">It cannot be read, or a number is none; the message names file and row.</exception>
    public static double[][] Read(string path)
    {
        var (numbers, columns) = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".pkl" => Of(PickleReader.Read(path) as PickledArray, path),
            ".npy" => Of(Npy(path), path),
            _ => Text(path),
        };
        return [.. Enumerable.Range(0, columns).Select(c => Enumerable.Range(0, numbers.Length / columns).Select(r => numbers[(r * columns) + c]).ToArray())];
    }

    /// <summary>The array of an NPY file; null if it is one of records, or with its first axis fastest.</summary>
    /// <exception cref="InvalidInputException">It is no NPY file, or not of numbers.</exception>
    public static PickledArray? Npy(string path)
    {
        var bytes = InputFile.ReadBytes(path);
        var (literal, dataOffset, _) = NpyHeader.Literal(bytes, path);
        try
        {
            var header = PythonLiteral.Parse(literal);
            if (header is not Dictionary<string, object?> fields || fields.GetValueOrDefault("descr") is not string type
                || fields.GetValueOrDefault("fortran_order") is not false || fields.GetValueOrDefault("shape") is not List<object?> shape)
            {
                return null;
            }

            var array = new PickledArray();
            array.Set([.. shape.Select(n => n is >= 0L and <= int.MaxValue ? (int)(long)n : -1)], type, bytes.AsMemory(dataOffset));
            return array;
        }
        catch (FormatException e)
        {
            throw new InvalidInputException($"is no table of numbers: {e.Message}", path, null, "header", e);
        }
    }

    private static (double[] Numbers, int Columns) Of(PickledArray? array, string path) => array?.Shape switch
    {
        [> 0] => (array.Numbers(path), 1),
        [> 0, > 0 and <= MostColumns and var columns] => (array.Numbers(path), columns),
        _ => throw new InvalidInputException("is no table of numbers: an array (N, d) is one", path),
    };

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static string Shortened(string line) => line.Length > 40 ? line[..40] + "..." : line;

    private static (double[] Numbers, int Columns) Text(string path)
    {
        var (numbers, columns) = (new List<double>(), 0);
        var lines = InputFile.ReadUtf8(path).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var texts = lines[i].Split('#')[0].Split([' ', '\t', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
            if (texts.Length == 0)
            {
                continue;
            }

            if (columns == 0 && !Array.Exists(texts, IsNumber))
            {
                throw new InvalidInputException($"the first line (\"{Shortened(lines[i].Trim())}\") has no numbers: take the header out", path, i + 1);
            }

            columns = columns == 0 ? texts.Length : columns;
            if (texts.Length != columns || columns > MostColumns)
            {
                throw new InvalidInputException($"has {texts.Length} numbers, the first row {columns}", path, i + 1);
            }

            foreach (var text in texts)
            {
                numbers.Add(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v)
                    ? v
                    : throw new InvalidInputException($"\"{text}\" is not a finite number", path, i + 1));
            }
        }

        return columns > 0 ? ([.. numbers], columns) : throw new InvalidInputException("has no numbers", path);
    }
}
