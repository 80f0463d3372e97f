using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Writes cryoSPARC's particles with other poses.</summary>
internal static class CsPoses
{
    /// <summary>Writes a .cs file and its group.</summary>
    /// <param name="path">The .cs file.</param>
    /// <param name="table">The particles as they were read.</param>
    /// <param name="poses">One pose for each particle.</param>
    /// <param name="set">What was read of them.</param>
    /// <param name="overwrite">Whether files may be replaced.</param>
    public static void Write(string path, NpyTable table, IReadOnlyList<Pose> poses, ParticleSet set, bool overwrite)
    {
        var copy = table.Clone();
        var (pose, shift, split) = (copy.Numbers(CsFields.Pose, 3), copy.Find(CsFields.Origin), copy.Find(CsFields.Split));
        var pixel = copy.Numbers(copy.Contains(CsFields.PosePixelSize) ? CsFields.PosePixelSize : CsFields.PixelSize);
        for (var row = 0; row < poses.Count; row++)
        {
            var particle = set.Particles[row];
            if (poses[row] != particle.Pose)
            {
                Set(copy, row, pose, Vector(poses[row].Rotation));
                if (shift is not null)
                {
                    var seen = OriginUnit.Of(set.Groups[particle.OpticsIndex], inPixels: false).ToFile(poses[row]);
                    var a = copy.Number(row, pixel);
                    Set(copy, row, shift, [-seen.ShiftX / a, -seen.ShiftY / a]);
                }
            }

            if (set.HalvesAssigned && split is not null)
            {
                copy.Set(row, split, 0, particle.Half - 1);
            }
        }

        WriteWithGroup(path, copy, overwrite);
    }

    /// <summary>Writes a table and the group that names it.</summary>
    public static void WriteWithGroup(string path, NpyTable table, bool overwrite)
    {
        table.Write(path, overwrite);
        AtomicOutput.Write(GroupOf(path), overwrite, s => s.Write(Encoding.UTF8.GetBytes(CsGroup.Text(table, Path.GetFileName(path)))));
    }

    /// <summary>The group of a .cs file.</summary>
    public static string GroupOf(string path) => Path.ChangeExtension(path, ".csg");

    /// <summary>The rotation vector that cryoSPARC has for a rotation, radians.</summary>
    public static double[] Vector(in Rotation rotation)
    {
        var (x, y, z) = RotationVector.Of(rotation.Transpose());
        return [x, y, z];
    }

    private static void Set(NpyTable table, int row, NpyField field, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            table.Set(row, field, i, values[i]);
        }
    }
}
