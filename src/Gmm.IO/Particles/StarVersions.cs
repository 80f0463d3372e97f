using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Particle files of one version of RELION as those of another: one table (3.0 and older), or optics beside particles (3.1 to 5).</summary>
/// <remarks>
/// From 3.0 to 3.1 as relion_convert_star 3.1.3 does: what particles of a group share goes to data_optics, origins become angstrom. Other columns stay.
/// The tables of 3.1 and 5 are the same for single particles; the comment before them says which it is.
/// </remarks>
internal static class StarVersions
{
    private const string Mark = "# version";

    /// <summary>Columns that are in data_optics from 3.1 on.</summary>
    private static readonly string[] s_optics =
    [
        Labels.Voltage, Labels.Aberration, Labels.AmplitudeContrast, Labels.Magnification, Labels.DetectorPixelSize, Labels.PixelSize, Labels.ImagePixelSize,
        Labels.ImageSize, Labels.Premultiplied, Labels.PhaseFlipped, Labels.PhaseFlippedOld, Labels.BeamTiltX, Labels.BeamTiltY, Labels.OddZernike,
        Labels.EvenZernike, Labels.Magnification00, Labels.Magnification01, Labels.Magnification10, Labels.Magnification11,
    ];

    private static readonly (string Pixels, string Angstrom)[] s_lengths =
    [
        (PoseText.OriginXPixels, PoseText.OriginXAngstrom), (PoseText.OriginYPixels, PoseText.OriginYAngstrom), ("rlnOriginZ", "rlnOriginZAngst"),
        ("rlnOriginXPrior", "rlnOriginXPriorAngst"), ("rlnOriginYPrior", "rlnOriginYPriorAngst"), ("rlnOriginZPrior", "rlnOriginZPriorAngst"),
    ];

    /// <summary>The file in the form of 3.1 and later.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="version">30001 for 3.1, 50001 for 5.</param>
    public static StarFile WithOptics(StarParticles source, int version)
    {
        var file = source.File.Find("optics") is null ? Split(source) : source.File;
        foreach (var block in file.Blocks.Where(b => b.HasHeader))
        {
            for (var i = block.Comments.Count - 1; i >= 0; i--)
            {
                if (block.Comments[i].StartsWith(Mark, StringComparison.Ordinal))
                {
                    block.Comments.RemoveAt(i);
                }
            }

            block.Comments.Insert(0, string.Create(CultureInfo.InvariantCulture, $"{Mark} {version}"));
        }

        return file;
    }

    /// <summary>The file as one table, as 3.0 has it: what is in data_optics stands with every particle, origins are in pixels.</summary>
    /// <param name="source">The particles.</param>
    public static StarFile Flat(StarParticles source)
    {
        if (source.File.Find("optics")?.AsTable() is not { } optics)
        {
            return source.File;
        }

        var table = source.Table.Clone();
        var rowOf = Enumerable.Range(0, optics.RowCount).ToDictionary(r => optics.GetInteger(r, Labels.Group));
        int[] rows = [.. source.Particles.Select(p => rowOf[source.OpticsGroups[p.OpticsIndex].Id])];
        foreach (var label in s_optics.Where(l => optics.Contains(l) && !table.Contains(l) && l is not (Labels.ImagePixelSize or Labels.ImageSize)))
        {
            var values = optics.GetColumn(label);
            table.SetColumn(label, [.. rows.Select(r => values[r])]);
        }

        // A detector of one micrometre for each angstrom, ten thousandfold: RELION's way to say a pixel size.
        table.SetColumn(Labels.Magnification, [.. rows.Select(_ => "10000.000000")]);
        table.SetColumn(Labels.DetectorPixelSize, [.. source.Particles.Select(p => PoseText.Text(source.OpticsGroups[p.OpticsIndex].PixelSize))]);
        foreach (var (pixels, angstrom) in s_lengths)
        {
            Scale(source, table, angstrom, pixels, a => 1 / a);
        }

        table = table.Without([Labels.Group, .. s_lengths.Select(l => l.Angstrom)]);
        return new StarFile(new StarBlock("images", table));
    }

    /// <summary>
    /// The columns that one table says in its own way: those that are in data_optics from 3.1 on, and what goes with them there, and lengths in angstrom.
    /// </summary>
    public static IEnumerable<string> SaidWithParticles =>
        [.. s_optics, Labels.Group, Labels.OpticsName, Labels.ImageDimensionality, .. s_lengths.Select(l => l.Angstrom)];

    /// <summary>The table of particles as 3.1 has it, lengths in angstrom, without anything that is said in data_optics.</summary>
    public static StarTable Particles31(StarParticles source)
    {
        var table = source.Table.Clone();
        foreach (var (pixels, angstrom) in s_lengths)
        {
            if (!table.Contains(angstrom))
            {
                Scale(source, table, pixels, angstrom, a => a);
            }
        }

        return table.Without([.. s_optics, .. s_lengths.Select(l => l.Pixels)]);
    }

    private static StarFile Split(StarParticles source)
    {
        var table = Particles31(source);
        table.SetColumn(
            Labels.Group, [.. source.Particles.Select(p => source.OpticsGroups[p.OpticsIndex].Id.ToString(CultureInfo.InvariantCulture))]);

        // Aberrations go to data_optics in the columns that they were in, as in relion_convert_star: programs that read beam tilt alone find it there.
        var optics = ParticleStarBuilder.Optics([.. source.OpticsGroups.Select(g => g with { Aberrations = null })], source.Particles);
        var first = new Dictionary<int, int>();
        for (var i = 0; i < source.Particles.Count; i++)
        {
            first.TryAdd(source.Particles[i].OpticsIndex, i);
        }

        foreach (var label in AberrationTerms.Columns.Where(source.Table.Contains))
        {
            optics.SetColumn(label, [.. source.OpticsGroups.Select((_, g) => source.Table.GetText(first[g], label))]);
        }

        return new StarFile(new StarBlock("optics", optics), new StarBlock("particles", table));
    }

    private static void Scale(StarParticles source, StarTable table, string from, string to, Func<double, double> factor)
    {
        if (table.Contains(from))
        {
            table.SetColumn(to, [.. source.Particles.Select(
                (p, i) => PoseText.Text(table.GetDouble(i, from) * factor(source.OpticsGroups[p.OpticsIndex].PixelSize)))]);
        }
    }
}
