using Gmm.Core;

namespace Gmm.IO;

/// <summary>cryoDRGN's pickles: poses, and selections of particles.</summary>
internal static class CryodrgnFiles
{
    /// <summary>Reads a selection (ind.pkl): numbers of particles from 0.</summary>
    /// <param name="path">The pickle.</param>
    /// <param name="count">Particles that there are.</param>
    /// <exception cref="InvalidInputException">It is no list of whole numbers of particles; the message names the file and the place in the list.</exception>
    public static int[] ReadSelection(string path, int count)
    {
        var numbers = PickleReader.Read(path) switch
        {
            PickledArray { Shape.Count: 1 } array => array.Numbers(path),
            List<object?> list when list.TrueForAll(i => i is long) => [.. list.Select(i => (double)(long)i!)],
            _ => throw new InvalidInputException("is no selection of particles: an array or list of whole numbers is one", path),
        };
        return [.. numbers.Select((n, i) => n == Math.Floor(n) && n >= 0 && n < count
            ? (int)n
            : throw new InvalidInputException(
                FormattableString.Invariant($"{n} is no particle; there are those from 0 to {count - 1}"), path, i + 1, "array"))];
    }

    /// <summary>
    /// Reads poses (pose.pkl): rotation matrices, which are RELION's, and shifts in box lengths with the sign of origins, as cryodrgn parse_pose_star and
    /// parse_pose_csparc write them.
    /// </summary>
    /// <param name="path">The pickle.</param>
    /// <param name="particles">The particles, in the same order.</param>
    /// <exception cref="InvalidInputException">It has no such arrays, or of another number of particles; the message names the file.</exception>
    public static Pose[] ReadPoses(string path, StarParticles particles)
    {
        var count = particles.Particles.Count;
        var content = PickleReader.Read(path);
        var parts = content as List<object?> ?? [content];
        if (parts is not [PickledArray { Shape: [_, 3, 3] } rotations, ..] || (parts.Count > 1 && parts[1] is not PickledArray { Shape: [_, 2] }))
        {
            throw new InvalidInputException("has no poses: cryoDRGN's are matrices (N, 3, 3) and shifts (N, 2)", path);
        }

        var shifts = parts.Count > 1 ? (PickledArray)parts[1]! : null;
        if (rotations.Shape[0] != count || (shifts is not null && shifts.Shape[0] != count))
        {
            throw new InvalidInputException($"has poses of {rotations.Shape[0]} particles, {particles.Path} has {count}", path);
        }

        var (r, t) = (rotations.Numbers(path), shifts?.Numbers(path));
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var a = r.AsSpan(9 * i, 9);
            var m = new Rotation(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8]);
            var (x1, y1, z1) = ((a[1] * a[5]) - (a[2] * a[4]), (a[2] * a[3]) - (a[0] * a[5]), (a[0] * a[4]) - (a[1] * a[3]));

            // The third row of a rotation is the product of the others, which have the length 1.
            var off = Math.Abs(x1 - a[6]) + Math.Abs(y1 - a[7]) + Math.Abs(z1 - a[8]) + Math.Abs((a[0] * a[0]) + (a[1] * a[1]) + (a[2] * a[2]) - 1)
                + Math.Abs((a[3] * a[3]) + (a[4] * a[4]) + (a[5] * a[5]) - 1);
            if (!(off < 1e-3))
            {
                throw new InvalidInputException("the matrix is no rotation", path, i + 1, "rotations");
            }

            var group = particles.OpticsGroups[particles.Particles[i].OpticsIndex];
            var (x, y) = t is null ? (particles.Particles[i].Pose.ShiftX, particles.Particles[i].Pose.ShiftY)
                : (-t[2 * i] * group.BoxLength, -t[(2 * i) + 1] * group.BoxLength);
            var seen = new Pose(m.Orthonormalized(), x, y);
            return t is null ? seen : OriginUnit.Of(group, inPixels: false).FromFile(seen);
        })];
    }
}
