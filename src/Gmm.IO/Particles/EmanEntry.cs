using System.Globalization;
using System.Text.Json;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>A line of EMAN2's list: which image of which file, and what is said of it in place of the image's own header.</summary>
/// <param name="Image">The image, from 0.</param>
/// <param name="Stack">The file.</param>
/// <param name="Rotation">From the reference to the particle, which is RELION's matrix; null where the line has no xform.projection.</param>
/// <param name="ShiftX">tx, pixels.</param>
/// <param name="ShiftY">ty, pixels.</param>
/// <param name="Class">0 even, 1 odd; null where the line does not say.</param>
/// <param name="Ctf">The CTF; null where the line has none.</param>
/// <param name="Line">The line of the list, from 1.</param>
internal sealed record EmanEntry(int Image, string Stack, Rotation? Rotation, double ShiftX, double ShiftY, int? Class, EmanCtf? Ctf, int Line)
{
    private const string Transform = "xform.projection";

    /// <summary>Reads a line of a list.</summary>
    /// <param name="line">Its text: number, file and perhaps JSON, with tabs between.</param>
    /// <param name="path">The list, for messages.</param>
    /// <param name="row">The line, from 1.</param>
    /// <exception cref="InvalidInputException">It cannot be read; the message names file, line and field.</exception>
    public static EmanEntry Parse(string line, string path, int row)
    {
        InvalidInputException Error(string problem, string? field) => new(problem, path, row, field);
        var parts = line.Split('\t', 3);
        if (parts.Length < 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var image) || image == int.MaxValue)
        {
            throw Error("is not of the form number, file, JSON with tabs between", null);
        }

        if (parts.Length == 2 || parts[2].Trim() is not { Length: > 1 } text)
        {
            return new EmanEntry(image, parts[1], null, 0, 0, null, null, row);
        }

        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Error("the text behind the file is no JSON object", null);
            }

            var root = json.RootElement;
            var (rotation, x, y) = root.TryGetProperty(Transform, out var t) ? Pose(t, p => Error(p, Transform)) : (null, 0.0, 0.0);
            int? number = root.TryGetProperty("class", out var c) ? c.ValueKind == JsonValueKind.Number && c.TryGetInt32(out var n) ? n
                : throw Error("is no whole number", "class") : null;
            return new EmanEntry(
                image, parts[1], rotation, x, y, number, root.TryGetProperty("ctf", out var ctf) ? EmanCtf.Read(ctf, p => Error(p, "ctf")) : null, row);
        }
        catch (JsonException)
        {
            throw Error("the text behind the file is no JSON; e2proclst.py rewrites lists of older versions", null);
        }
    }

    /// <summary>A Transform: twelve numbers, three rows of a rotation and a shift, as text or as a list.</summary>
    private static (Rotation? Rotation, double X, double Y) Pose(JsonElement transform, Func<string, InvalidInputException> error)
    {
        double[] m = transform.ValueKind == JsonValueKind.Object && transform.TryGetProperty("matrix", out var matrix) ? matrix.ValueKind switch
        {
            JsonValueKind.String => [.. matrix.GetString()!.Trim().Trim('[', ']').Split(',').Select(
                v => double.TryParse(v, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) ? d : double.NaN)],
            JsonValueKind.Array => [.. matrix.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Number ? v.GetDouble() : double.NaN)],
            _ => [],
        } : [];
        if (m.Length != 12 || !Array.TrueForAll(m, double.IsFinite))
        {
            throw error("is no transform: a matrix of twelve numbers is one");
        }

        if (Math.Max(Math.Abs(m[3]), Math.Abs(m[7])) > (double)PhysicalLimits.FarthestBoxes * PhysicalLimits.LargestBox)
        {
            throw error(FormattableString.Invariant($"a shift of ({m[3]}, {m[7]}) pixels is no place in an image"));
        }

        return (Rotations.OfMatrix([m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]])
            ?? throw error("the matrix is no rotation (a scale or a mirror is not read)"), m[3], m[7]);
    }
}
