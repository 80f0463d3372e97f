using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Puts other optics into a file of particles: the table of optics groups and the CTFs of the particles.</summary>
internal static class OpticsWriting
{
    /// <summary>The file, the table of particles and what is read of them, with other optics. Rows of groups that did not change keep their text.</summary>
    /// <param name="file">The file.</param>
    /// <param name="block">Its block of particles.</param>
    /// <param name="table">The particles.</param>
    /// <param name="set">What was read of them.</param>
    /// <param name="groups">The new groups.</param>
    /// <param name="groupOf">For each particle its group among them.</param>
    /// <param name="ctfs">For each particle its CTF.</param>
    public static (StarFile File, StarTable Table, ParticleSet Set) Run(
        StarFile file, StarBlock block, StarTable table, ParticleSet set, IReadOnlyList<OpticsGroup> groups, IReadOnlyList<int> groupOf,
        IReadOnlyList<CtfParameters> ctfs)
    {
        var first = groups.Select((_, g) => Enumerable.Range(0, groupOf.Count).First(i => groupOf[i] == g)).ToArray();
        var optics = Optics(file, table, set, groups, first, ctfs);
        table = table.Clone();
        table.SetColumn(Labels.Group, [.. groupOf.Select(g => groups[g].Id.ToString(CultureInfo.InvariantCulture))]);
        SetCtfs(table, set.Particles, ctfs);
        var particles = new Particle[groupOf.Count];
        for (var i = 0; i < particles.Length; i++)
        {
            var (old, group) = (set.Particles[i], groups[groupOf[i]]);
            var (was, unit) = (OriginUnit.Of(set.Groups[old.OpticsIndex], set.OriginsInPixels), OriginUnit.Of(group, set.OriginsInPixels));
            // The text of a shift in the image means another one in the specimen where the magnification is another.
            var pose = was == unit ? old.Pose : unit.FromFile(was.ToFile(old.Pose));
            particles[i] = old with { Pose = pose, Ctf = ctfs[i] with { ScaleFactor = old.Ctf.ScaleFactor }, OpticsIndex = groupOf[i] };
        }

        return (WithOptics(file, block, optics), table, set with { Groups = [.. groups], Particles = particles });
    }

    private static StarFile WithOptics(StarFile file, StarBlock particles, StarTable optics)
    {
        var block = new StarBlock("optics", optics);
        if (file.Find("optics") is { } old)
        {
            foreach (var comment in old.Comments)
            {
                block.Comments.Add(comment);
            }

            return file.With(old, block);
        }

        // RELION 3.0 has one table; the groups go in front of it.
        block.Comments.Add("# version 30001");
        var result = new StarFile(file.Blocks.SelectMany(b => ReferenceEquals(b, particles) ? new[] { block, b } : [b]));
        foreach (var comment in file.TrailingComments)
        {
            result.TrailingComments.Add(comment);
        }

        return result;
    }

    private static StarTable Optics(
        StarFile file, StarTable table, ParticleSet set, IReadOnlyList<OpticsGroup> groups, int[] first, IReadOnlyList<CtfParameters> ctfs)
    {
        var existing = file.Find("optics")?.AsTable();
        var optics = existing is null
            ? ParticleStarBuilder.Optics(groups, [.. first.Select((i, g) => set.Particles[i] with { OpticsIndex = g, Ctf = ctfs[i] })])
            : existing.Select([.. first.Select(i => Row(existing, table, i))]);
        optics.SetColumn(Labels.Group, [.. groups.Select(g => g.Id.ToString(CultureInfo.InvariantCulture))]);
        optics.SetColumn(Labels.OpticsName, [.. groups.Select(g => g.Name)]);
        var terms = groups.Select((g, n) =>
            Equals(g.Aberrations, set.Groups[set.Particles[first[n]].OpticsIndex].Aberrations) && existing is not null
                ? null as AberrationTerms?
                : AberrationTerms.Of(g.Aberrations, ctfs[first[n]])).ToArray();
        void Column(string label, Func<AberrationTerms, string> text, string none)
        {
            if (optics.Contains(label) || terms.Any(t => t is { } v && text(v) != none))
            {
                optics.SetColumn(label, [.. terms.Select((t, g) => t is { } v ? text(v) : optics.Contains(label) ? optics.GetText(g, label) : none)]);
            }
        }

        static string List(string text) => text.Length > 0 ? text : "[]";
        var zero = PoseText.Text(0);
        Column(Labels.BeamTiltX, t => PoseText.Text(t.TiltX), zero);
        Column(Labels.BeamTiltY, t => PoseText.Text(t.TiltY), zero);
        Column(Labels.OddZernike, t => List(t.Odd), "[]");
        Column(Labels.EvenZernike, t => List(t.Even), "[]");
        if (AberrationTerms.MatrixColumns.Any(c => optics.Contains(c.Label)) || terms.Any(t => t is { } v && v.Magnification != Magnification.None))
        {
            foreach (var (label, element) in AberrationTerms.MatrixColumns)
            {
                optics.SetColumn(
                    label, [.. terms.Select((t, g) => t is { } v ? PoseText.Text(element(v.Magnification))
                        : optics.Contains(label) ? optics.GetText(g, label)
                        : PoseText.Text(element(Magnification.None)))]);
            }
        }

        return optics;
    }

    private static int Row(StarTable optics, StarTable table, int particle) => !table.Contains(Labels.Group)
        ? 0
        : Enumerable.Range(0, optics.RowCount).First(r => optics.GetInteger(r, Labels.Group) == table.GetInteger(particle, Labels.Group));

    private static void SetCtfs(StarTable table, Particle[] before, IReadOnlyList<CtfParameters> after)
    {
        void Column(string label, Func<CtfParameters, double> value)
        {
            if (Enumerable.Range(0, after.Count).Any(i => value(after[i]) != value(before[i].Ctf)))
            {
                var kept = table.Contains(label) ? table.Texts(label) : null;
                table.SetColumn(label, new MappedList<string>(
                    after.Count, i => kept is not null && value(after[i]) == value(before[i].Ctf) ? kept[i] : PoseText.Text(value(after[i]))));
            }
        }

        Column(Labels.DefocusU, c => c.DefocusU);
        Column(Labels.DefocusV, c => c.DefocusV);
        Column(Labels.DefocusAngle, c => c.DefocusAngleDegrees);
        Column(Labels.PhaseShift, c => c.PhaseShiftDegrees);
    }
}
