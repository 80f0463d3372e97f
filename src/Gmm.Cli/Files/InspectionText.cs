using System.Globalization;

namespace Gmm.Cli;

/// <summary>What was found in files, as lines for people.</summary>
internal static class InspectionText
{
    /// <summary>A file's facts, a line of its name and kind and indented ones below.</summary>
    public static IEnumerable<string> Facts(FileFacts f)
    {
        if (f is { Count: null, Size: null, Blocks: null })
        {
            yield return $"{f.Path}: {f.Kind}{(f.Kind is "unknown" or "folder" ? string.Empty : ", which is not read")}";
            yield break;
        }

        var size = f.Size is null ? string.Empty : $", {string.Join(" x ", f.Size)}{(f.PixelSize is { } a ? Texts.Line($" of {a:G6} A") : string.Empty)}";
        yield return f.Kind switch
        {
            "particles" => Texts.Line($"{f.Path}: {f.Count} {Images(f)}") + (f.TiltParticles is { } n ? Texts.Line($" of {n} particles") : string.Empty),
            "model" => Texts.Line($"{f.Path}: Gaussian model, {f.Count} Gaussians, box{size[1..]}"),
            "map" => $"{f.Path}: map{size}",
            "stack" => Texts.Line($"{f.Path}: {f.Count} images{size}"),
            "atoms" => Texts.Line($"{f.Path}: {f.Count} atoms"),
            "trajectory" => Texts.Line($"{f.Path}: {f.Count} frames of {f.Size?[0]} atoms"),
            "poses" => Texts.Line($"{f.Path}: {f.Count} poses, {(f.HasShifts == true ? "with shifts" : "without shifts")}"),
            "ctfs" => Texts.Line($"{f.Path}: {f.Count} CTFs, images{size[1..]}") + Defocus(f),
            "selection" => Texts.Line($"{f.Path}: a selection of {f.Count} particles"),
            "table" => Texts.Line($"{f.Path}: {f.Count} rows of {f.Columns} numbers"),
            "star" => $"{f.Path}: STAR file without particles: {string.Join(", ", f.Blocks ?? [])}",
            _ => Texts.Line($"{f.Path}: {f.Count} {f.Kind}"),
        };
        foreach (var line in Particles(f))
        {
            yield return "  " + line;
        }

        if (!string.IsNullOrEmpty(f.Provenance))
        {
            yield return $"  made by: {f.Provenance}";
        }
    }

    /// <summary>What was found, a line each.</summary>
    public static IEnumerable<string> Problems(FileCheck check) => check.Problems.Select(p => "  " + p.Severity + Place(p) + ": " + p.Problem);

    private static string Place(FileProblem p) => (p.Row is { } row ? string.Create(CultureInfo.InvariantCulture, $", row {row}") : string.Empty)
        + (p.Field is { } field ? $", {field}" : string.Empty);

    private static string Images(FileFacts f) => f.TiltParticles is null ? "particles" : "tilt images";

    private static string Defocus(FileFacts f) =>
        f.Defocus is { } d ? Texts.Line($"; defocus {d[0] / 1e4:F2} to {d[1] / 1e4:F2} um") : string.Empty;

    private static IEnumerable<string> Particles(FileFacts f)
    {
        foreach (var o in f.Optics ?? [])
        {
            var box = o.Box?.ToString(CultureInfo.InvariantCulture) ?? "not known";
            yield return Texts.Line($"optics group {o.Id} ({o.Name}): {o.Particles} {Images(f)}, {o.PixelSize:G6} A per pixel, box {box}, ")
                + Texts.Line($"{o.Voltage:G4} kV, Cs {o.SphericalAberration:G4} mm, images {o.CtfState}{(o.HasAberrations ? ", aberrations" : string.Empty)}");
        }

        if (f.Kind == "particles")
        {
            yield return (f.HasPoses == true ? "poses" : "no poses")
                + (f.Halves is { } h ? Texts.Line($"; halves of {h.Half1} and {h.Half2}") : "; no half sets")
                + Defocus(f);
        }

        if (f.Kind == "particles" && f.Stacks is not null)
        {
            yield return Texts.Line($"{f.Stacks} stack{(f.Stacks == 1 ? string.Empty : "s")}")
                + (f.MissingStacks > 0 ? Texts.Line($", {f.MissingStacks} not there") : string.Empty)
                + (f.Contrast is { } c ? $"; molecule {c} in the images" : string.Empty)
                + (f.Normalised is { } n ? n ? ", normalised" : ", not normalised" : string.Empty);
        }
    }
}
