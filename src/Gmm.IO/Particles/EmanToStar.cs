using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Says what EMAN2's lists are in RELION's columns (3.1).</summary>
/// <remarks>
/// As EMAN2's e2convertrelion: a transform is rot, tilt, psi in its "spider" convention, whose matrix is RELION's; tx, ty are minus the origins in pixels;
/// class 0 and 1 are the halves 1 and 2. CTF and pixel size are the line's, or those of the image's header (EMAN.ctf, EMAN.apix_x).
/// </remarks>
internal static class EmanToStar
{
    /// <summary>Makes the STAR file.</summary>
    /// <exception cref="InvalidInputException">A line cannot be read, or the pixel size is not known; the message names file, line and field.</exception>
    public static ParticleFile Convert(string path, StarParticlesOptions options)
    {
        var (entries, comments) = EmanList.Read(path);
        using var stacks = new ForeignStacks(path, comments, options);
        var table = new StarTable(Labels.ImageName) { Source = path };
        var optics = new OpticsGathering();
        var (groups, ctfs) = (new string[entries.Count], new EmanCtf?[entries.Count]);
        var poses = new (string Rot, string Tilt, string Psi, string X, string Y)[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            AddRow(table, entry);
            ctfs[i] = entry.Ctf ?? stacks.Ctf(entry.Stack, entry.Image);
            var pixel = options.PixelSize ?? ctfs[i]?.PixelSize ?? stacks.Shape(entry.Stack)?.PixelSize;
            if (pixel is not { } a || PhysicalLimits.PixelProblem(a) is not null)
            {
                throw table.Error("nothing says the pixel size: --pixel-size", i, "apix");
            }

            if (entry.Rotation is not { } rotation)
            {
                throw table.Error("the image has no pose", i, "xform.projection");
            }

            poses[i] = PoseText.Format(new Pose(rotation, entry.ShiftX * a, entry.ShiftY * a), OriginUnit.Angstrom);
            groups[i] = optics.IdOf(new ParticleOptics(
                Text(ctfs[i]?.Voltage), Text(ctfs[i]?.Aberration), Text(ctfs[i]?.Phase.Contrast), Text(a), stacks.Side(entry.Stack))
            {
                IsFlipped = stacks.IsFlipped(entry.Stack, entry.Image) ? true : null,
            });
        }

        table.SetColumn(Labels.Group, groups);
        table.SetColumn(PoseText.Rot, [.. poses.Select(p => p.Rot)]);
        table.SetColumn(PoseText.Tilt, [.. poses.Select(p => p.Tilt)]);
        table.SetColumn(PoseText.Psi, [.. poses.Select(p => p.Psi)]);
        table.SetColumn(PoseText.OriginXAngstrom, [.. poses.Select(p => p.X)]);
        table.SetColumn(PoseText.OriginYAngstrom, [.. poses.Select(p => p.Y)]);
        AddCtfs(table, ctfs);
        AddHalves(table, entries);
        return new ParticleFile(optics.File(table, comments.Where(ImageRoots.IsMemory)), null, []);
    }

    private static void AddRow(StarTable table, EmanEntry entry)
    {
        try
        {
            table.AddRow(StarParticles.ImageName(entry.Image, entry.Stack));
            table.SetLine(table.RowCount - 1, entry.Line);
        }
        catch (ArgumentException e)
        {
            throw new InvalidInputException($"a path cannot be in a STAR file: {e.Message.ReplaceLineEndings(" ")}", table.Source!, entry.Line, "file", e);
        }
    }

    private static void AddCtfs(StarTable table, EmanCtf?[] ctfs)
    {
        if (Array.TrueForAll(ctfs, c => c is null))
        {
            return;
        }

        var missing = Array.IndexOf(ctfs, null);
        if (missing >= 0)
        {
            throw table.Error("the image has no CTF, though others have", missing, "ctf");
        }

        void Column(string label, Func<EmanCtf, double> value) => table.SetColumn(label, [.. ctfs.Select(c => PoseText.Text(value(c!)))]);
        Column(Labels.DefocusU, c => c.Defoci.U);
        Column(Labels.DefocusV, c => c.Defoci.V);
        Column(Labels.DefocusAngle, c => c.Angle);
        Column(Labels.PhaseShift, c => c.Phase.PhaseShift);
    }

    private static void AddHalves(StarTable table, IReadOnlyList<EmanEntry> entries)
    {
        if (entries.Any(e => e.Class is not null))
        {
            table.SetColumn(Labels.Half, [.. entries.Select((e, i) => e.Class is 0 or 1
                ? (e.Class.Value + 1).ToString(CultureInfo.InvariantCulture)
                : throw table.Error($"{e.Class?.ToString(CultureInfo.InvariantCulture) ?? "nothing"} is no half; 0 and 1 are", i, "class"))]);
        }
    }

    private static string? Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);
}
