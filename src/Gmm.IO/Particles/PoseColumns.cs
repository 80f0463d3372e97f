using Gmm.Core;

namespace Gmm.IO;

/// <summary>The columns of a table of particles that say their poses: angles, origins in angstrom or pixels, and RELION's priors of them.</summary>
internal static class PoseColumns
{
    /// <summary>Puts poses into a table; the text of those that are as before stays.</summary>
    public static void Set(StarTable table, IReadOnlyList<Pose> poses, Func<int, Particle> before, ParticleSet set)
    {
        OriginUnit Unit(int i) => OriginUnit.Of(set.Groups[before(i).OpticsIndex], set.OriginsInPixels);
        bool IsNew(int i) => poses[i] != before(i).Pose;
        for (var i = 0; i < poses.Count; i++)
        {
            if (IsNew(i))
            {
                // Texts are made when they are written: what has none is told before.
                PoseText.Numbers(poses[i], Unit(i));
            }
        }

        void Column(string label, Func<(EulerAngles Angles, double X, double Y), double> number)
        {
            var kept = table.Contains(label) ? table.Texts(label) : null;
            table.SetColumn(label, new MappedList<string>(
                poses.Count, i => IsNew(i) ? PoseText.Text(number(PoseText.Numbers(poses[i], Unit(i)))) : kept?[i] ?? PoseText.Text(0)));
        }

        Column(PoseText.Rot, p => p.Angles.RotDegrees);
        Column(PoseText.Tilt, p => p.Angles.TiltDegrees);
        Column(PoseText.Psi, p => p.Angles.PsiDegrees);
        Column(set.OriginsInPixels ? PoseText.OriginXPixels : PoseText.OriginXAngstrom, p => p.X);
        Column(set.OriginsInPixels ? PoseText.OriginYPixels : PoseText.OriginYAngstrom, p => p.Y);
        SetPixelsBesideAngstrom(table, poses, before, set);
        PosePriors.Follow(table, IsNew);
    }

    /// <summary>A file that has origins in pixels beside those in angstrom must not keep old ones.</summary>
    private static void SetPixelsBesideAngstrom(StarTable table, IReadOnlyList<Pose> poses, Func<int, Particle> before, ParticleSet set)
    {
        if (set.OriginsInPixels || !table.Contains(PoseText.OriginXPixels) || !table.Contains(PoseText.OriginYPixels))
        {
            return;
        }

        void Column(string label, Func<(EulerAngles Angles, double X, double Y), double> number) => table.SetColumn(label, new MappedList<string>(
            poses.Count,
            i => PoseText.Text(number(PoseText.Numbers(poses[i], OriginUnit.Of(set.Groups[before(i).OpticsIndex], inPixels: true))))));
        Column(PoseText.OriginXPixels, p => p.X);
        Column(PoseText.OriginYPixels, p => p.Y);
    }
}
