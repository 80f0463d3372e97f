using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Optics that other programs keep with every particle.</summary>
/// <param name="Voltage">Kilovolt, as text; null where the file does not say.</param>
/// <param name="Aberration">Spherical aberration, millimetre.</param>
/// <param name="AmplitudeContrast">From 0 to 1.</param>
/// <param name="PixelSize">Angstrom.</param>
/// <param name="ImageSize">Side of the images, pixels.</param>
internal readonly record struct ParticleOptics(string? Voltage, string? Aberration, string? AmplitudeContrast, string? PixelSize, int? ImageSize)
{
    /// <summary>rlnBeamTiltX, milliradian.</summary>
    public string? TiltX { get; init; }

    /// <summary>rlnBeamTiltY, milliradian.</summary>
    public string? TiltY { get; init; }

    /// <summary>rlnOddZernike.</summary>
    public string? Odd { get; init; }

    /// <summary>rlnEvenZernike.</summary>
    public string? Even { get; init; }

    /// <summary>Whether the images are phase-flipped; null where the file does not say.</summary>
    public bool? IsFlipped { get; init; }

    /// <summary>Whether the images are multiplied by their CTF; null where the file does not say.</summary>
    public bool? IsPremultiplied { get; init; }
}

/// <summary>Makes RELION's optics groups of optics that stand with every particle: a group for all that share them.</summary>
internal sealed class OpticsGathering
{
    private readonly Dictionary<ParticleOptics, string> _ids = [];
    private readonly List<ParticleOptics> _groups = [];

    /// <summary>The number of a particle's group (rlnOpticsGroup).</summary>
    public string IdOf(ParticleOptics optics)
    {
        if (!_ids.TryGetValue(optics, out var id))
        {
            _groups.Add(optics);
            _ids.Add(optics, id = Text(_groups.Count));
        }

        return id;
    }

    /// <summary>The file of particles of these groups, in the form of RELION 3.1.</summary>
    /// <param name="particles">Their table, with the column rlnOpticsGroup.</param>
    /// <param name="comments">Comments to keep.</param>
    public StarFile File(StarTable particles, IEnumerable<string>? comments = null)
    {
        var blocks = new[] { new StarBlock("optics", Table(particles.Source)), new StarBlock("particles", particles) };
        foreach (var block in blocks)
        {
            block.Comments.Add("# version 30001");
        }

        foreach (var comment in comments ?? [])
        {
            blocks[1].Comments.Add(comment);
        }

        return new StarFile(blocks);
    }

    private StarTable Table(string? source)
    {
        var table = new StarTable(Labels.Group, Labels.OpticsName) { Source = source };
        for (var g = 1; g <= _groups.Count; g++)
        {
            table.AddRow(Text(g), Name(g));
        }

        AddColumns(table, _groups);
        return table;
    }

    /// <summary>Whether groups have the numbers and names that they get when they are made again: 1, 2, ... in the order of the particles.</summary>
    /// <param name="optics">The groups, with names.</param>
    /// <param name="particles">Their particles.</param>
    public static bool GivesAgain(StarTable optics, StarTable particles)
    {
        int[] rows = [.. Enumerable.Range(0, optics.RowCount)];
        int[] numbers = [.. rows.Select(r => optics.RowCount == 1 ? 1 : optics.GetInteger(r, Labels.Group))];
        string[] rest = [.. optics.Labels.Except([Labels.Group, Labels.OpticsName])];
        return rows.All(r => optics.GetText(r, Labels.OpticsName) == Name(numbers[r]))
            && rows.Select(r => string.Join('\n', rest.Select(l => optics.GetText(r, l)))).Distinct(StringComparer.Ordinal).Count() == optics.RowCount
            && (optics.RowCount == 1 || (particles.Contains(Labels.Group)
                && Enumerable.Range(0, particles.RowCount).Select(r => particles.GetInteger(r, Labels.Group)).Distinct()
                    .SequenceEqual(Enumerable.Range(1, optics.RowCount))));
    }

    private static string Name(int number) => $"opticsGroup{Text(number)}";

    /// <summary>Adds to a table of optics groups, of which each has a row, what these say.</summary>
    public static void AddColumns(StarTable table, IReadOnlyList<ParticleOptics> groups)
    {
        void Column(string label, Func<ParticleOptics, string?> text, string? none = null)
        {
            if (none is null ? groups.All(g => text(g) is not null) : groups.Any(g => text(g) is not null))
            {
                table.SetColumn(label, [.. groups.Select(g => text(g) ?? none!)]);
            }
        }

        Column(Labels.Voltage, g => g.Voltage);
        Column(Labels.Aberration, g => g.Aberration);
        Column(Labels.AmplitudeContrast, g => g.AmplitudeContrast);
        Column(Labels.ImagePixelSize, g => g.PixelSize);
        Column(Labels.ImageSize, g => g.ImageSize is { } n ? Text(n) : null);
        Column(Labels.ImageDimensionality, _ => "2");
        Column(Labels.BeamTiltX, g => g.TiltX, PoseText.Text(0));
        Column(Labels.BeamTiltY, g => g.TiltY, PoseText.Text(0));
        Column(Labels.OddZernike, g => g.Odd, "[]");
        Column(Labels.EvenZernike, g => g.Even, "[]");
        static string? Flag(bool? value) => value is { } flag ? flag ? "1" : "0" : null;
        Column(Labels.PhaseFlipped, g => Flag(g.IsFlipped), "0");
        Column(Labels.Premultiplied, g => Flag(g.IsPremultiplied), "0");
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
