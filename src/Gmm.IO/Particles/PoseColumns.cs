using Gmm.Core;

namespace Gmm.IO;

/// <summary>The columns of a table of particles that say their poses: angles, origins in angstrom or pixels, and RELION's priors of them.</summary>
internal static class PoseColumns
{
    /// <summary>Puts poses into a table; the text of those that are as before stays.</summary>
    public static void Set(StarTable table, IReadOnlyList<Pose> poses, Func<int, Particle> before, ParticleSet set)
    {
        OriginUnit Unit(int i) => OriginUnit.Of(set.Groups[before(i).OpticsIndex], set.OriginsInPixels);
        var labels = set.OriginsInPixels
            ? new[] { PoseText.Rot, PoseText.Tilt, PoseText.Psi, PoseText.OriginXPixels, PoseText.OriginYPixels }
            : [PoseText.Rot, PoseText.Tilt, PoseText.Psi, PoseText.OriginXAngstrom, PoseText.OriginYAngstrom];
        var columns = new string[labels.Length][];
        for (var c = 0; c < labels.Length; c++)
        {
            columns[c] = table.Contains(labels[c]) ? table.GetColumn(labels[c]) : [.. Enumerable.Repeat(PoseText.Text(0), poses.Count)];
        }

        for (var i = 0; i < poses.Count; i++)
        {
            if (poses[i] != before(i).Pose)
            {
                (columns[0][i], columns[1][i], columns[2][i], columns[3][i], columns[4][i]) = PoseText.Format(poses[i], Unit(i));
            }
        }

        for (var c = 0; c < labels.Length; c++)
        {
            table.SetColumn(labels[c], columns[c]);
        }

        SetPixelsBesideAngstrom(table, poses, before, set);
        PosePriors.Follow(table, i => poses[i] != before(i).Pose);
    }

    /// <summary>A file that has origins in pixels beside those in angstrom must not keep old ones.</summary>
    private static void SetPixelsBesideAngstrom(StarTable table, IReadOnlyList<Pose> poses, Func<int, Particle> before, ParticleSet set)
    {
        if (set.OriginsInPixels || !table.Contains(PoseText.OriginXPixels) || !table.Contains(PoseText.OriginYPixels))
        {
            return;
        }

        var origins = poses.Select((p, i) => PoseText.Format(p, OriginUnit.Of(set.Groups[before(i).OpticsIndex], inPixels: true))).ToArray();
        table.SetColumn(PoseText.OriginXPixels, [.. origins.Select(o => o.X)]);
        table.SetColumn(PoseText.OriginYPixels, [.. origins.Select(o => o.Y)]);
    }
}
