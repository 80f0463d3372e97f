using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Writes cryoSPARC's particles with other poses.</summary>
internal static class CsPoses
{
    /// <summary>A copy of the particles with other poses.</summary>
    /// <param name="table">The particles as they were read.</param>
    /// <param name="poses">One pose for each particle.</param>
    /// <param name="set">What was read of them.</param>
    public static NpyTable With(NpyTable table, IReadOnlyList<Pose> poses, ParticleSet set)
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

        return copy;
    }

    /// <summary>Writes a table and the group that names it.</summary>
    public static void WriteWithGroup(string path, NpyTable table, bool overwrite)
    {
        table.Write(path, overwrite);
        AtomicOutput.Write(GroupOf(path), overwrite, s => s.Write(Encoding.UTF8.GetBytes(CsGroup.Text(table, Path.GetFileName(path)))));
    }

    /// <summary>cryoSPARC's file and its group beside a STAR file of the same particles.</summary>
    public static string[] FilesBeside(string star) => [Path.ChangeExtension(star, ".cs"), GroupOf(star)];

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
