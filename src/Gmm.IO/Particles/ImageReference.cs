using System.Globalization;
using System.Text;

namespace Gmm.IO;

/// <summary>What an rlnImageName says: the stack's name, and which image of it.</summary>
/// <param name="Number">The image, from 1; null where the name has no number.</param>
/// <param name="Stack">The stack, without what other programs put around a path.</param>
internal readonly record struct ImageReference(long? Number, string Stack)
{
    /// <summary>Formats that RELION lets follow the path after a colon ("x.mrc:mrcs": read x.mrc as a stack; FileName::getFileFormat).</summary>
    private static readonly string[] Formats = [":mrcs", ":mrc"];

    /// <summary>Reads a name; null if what precedes the '@' is not a number.</summary>
    public static ImageReference? Parse(ReadOnlySpan<byte> name)
    {
        var at = name.IndexOf((byte)'@');
        if (at < 0)
        {
            return new ImageReference(null, Clean(name));
        }

        return long.TryParse(name[..at], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ImageReference(number, Clean(name[(at + 1)..]))
            : null;
    }

    /// <summary>What the rlnImageName of a row says.</summary>
    /// <exception cref="Gmm.Core.InvalidInputException">It cannot be read; the message names file, row and column.</exception>
    public static ImageReference Of(StarTable table, int row)
    {
        var name = table.GetText(row, Labels.ImageName);
        return Parse(Encoding.UTF8.GetBytes(name)) is { Number: null or > 0 } image
            ? image
            : throw table.Error($"\"{name}\" is not of the form 000001@stack.mrcs", row, Labels.ImageName);
    }

    /// <summary>The path alone: without a format at its end, and without cryoSPARC's '>', which says that it is relative to the project's folder.</summary>
    private static string Clean(ReadOnlySpan<byte> path)
    {
        var text = Encoding.UTF8.GetString(path);
        foreach (var format in Formats)
        {
            if (text.EndsWith(format, StringComparison.OrdinalIgnoreCase))
            {
                text = text[..^format.Length];
                break;
            }
        }

        return text.StartsWith('>') ? text[1..] : text;
    }
}
