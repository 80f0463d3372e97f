using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>cryoDRGN's pickles: poses, CTFs, and selections of particles.</summary>
internal static class CryodrgnFiles
{
    private const int CtfNumbers = CryodrgnArrays.CtfNumbers;

    /// <summary>RELION's columns that the pickles of poses and CTFs say.</summary>
    public static IReadOnlyList<string> Said { get; } =
        [.. CistemFromParticles.Said.Except([Labels.ImageName, Labels.Half, .. CistemFromParticles.Terms])];

    /// <summary>Reads a selection (ind.pkl): numbers of particles from 0, or a mask with true for each particle that is selected.</summary>
    /// <param name="path">The pickle.</param>
    /// <param name="count">Particles that there are.</param>
    /// <returns>The numbers, in the selection's order.</returns>
    /// <exception cref="InvalidInputException">
    /// It is no list of whole numbers of particles, has one twice, or is a mask of another length; the message names the file and the place in the list.
    /// </exception>
    public static int[] ReadSelection(string path, int count)
    {
        var content = PickleReader.Read(path);
        if (CryodrgnArrays.Mask(content, path) is { } mask)
        {
            return mask.Length == count
                ? [.. Enumerable.Range(0, count).Where(i => mask[i])]
                : throw new InvalidInputException($"is a mask (true and false) of {mask.Length} particles, there are {count}", path, null, "array");
        }

        var numbers = CryodrgnArrays.Selection(content, path)
            ?? throw new InvalidInputException("is no selection of particles: an array or list of whole numbers is one", path);
        var first = new Dictionary<int, int>();
        return [.. numbers.Select((n, i) =>
            !(n == Math.Floor(n) && n >= 0 && n < count) ? throw new InvalidInputException(
                FormattableString.Invariant($"{n} is no particle; there are those from 0 to {count - 1}"), path, i + 1, "array")
            : first.TryAdd((int)n, i + 1) ? (int)n
            : throw new InvalidInputException(
                $"particle {n} is there already, in row {first[(int)n]}: its image would count twice ({numbers.Length - numbers.Distinct().Count()} repeats)",
                path, i + 1, "array"))];
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
        var (rotations, t) = CryodrgnArrays.Poses(PickleReader.Read(path), path)
            ?? throw new InvalidInputException("has no poses: cryoDRGN's are matrices (N, 3, 3) and shifts (N, 2)", path);
        if (rotations.Length != count)
        {
            throw new InvalidInputException($"has poses of {rotations.Length} particles, {particles.Path} has {count}", path);
        }

        return [.. rotations.Select((m, i) =>
        {
            var group = particles.OpticsGroups[particles.Particles[i].OpticsIndex];
            var (x, y) = t is null ? (particles.Particles[i].Pose.ShiftX, particles.Particles[i].Pose.ShiftY)
                : (-t[2 * i] * group.BoxLength, -t[(2 * i) + 1] * group.BoxLength);
            var seen = new Pose(m, x, y);
            return t is null ? seen : OriginUnit.Of(group, inPixels: false).FromFile(seen);
        })];
    }

    /// <summary>Particles with the CTFs of a pickle (ctf.pkl), as cryodrgn parse_ctf_star and parse_ctf_csparc write it.</summary>
    /// <remarks>Where the images have another side than the CTFs' the pixel size follows it, as in load_ctf_for_training.</remarks>
    /// <param name="path">The pickle.</param>
    /// <param name="particles">The particles, in the same order.</param>
    /// <exception cref="InvalidInputException">It has no such array, or of another number of particles; the message names the file.</exception>
    public static StarFile WithCtfs(string path, StarParticles particles)
    {
        var count = particles.Particles.Count;
        var v = CryodrgnArrays.Ctfs(PickleReader.Read(path), path)
            ?? throw new InvalidInputException("has no CTFs: cryoDRGN's are an array (N, 9)", path);
        if (v.Length != CtfNumbers * count)
        {
            throw new InvalidInputException($"has CTFs of {v.Length / CtfNumbers} particles, {particles.Path} has {count}", path);
        }

        if (particles.OpticsGroups.FirstOrDefault(g => g.Aberrations is not null) is { } group)
        {
            throw new InvalidInputException(
                $"optics group {group.Name} has aberrations, which cryoDRGN's CTFs do not have", particles.Path, null, Labels.Group);
        }

        var optics = new OpticsGathering();
        var table = StarVersions.Particles31(particles).Without([Labels.BFactor, Labels.Scale]);
        table.SetColumn(Labels.Group, [.. Enumerable.Range(0, count).Select(i => optics.IdOf(Optics(v.AsSpan(CtfNumbers * i, CtfNumbers), i)))]);
        void Column(string label, int number) =>
            table.SetColumn(label, [.. Enumerable.Range(0, count).Select(i => Text(v[(CtfNumbers * i) + number]))]);
        Column(Labels.DefocusU, 2);
        Column(Labels.DefocusV, 3);
        Column(Labels.DefocusAngle, 4);
        Column(Labels.PhaseShift, 8);
        return optics.File(table);

        ParticleOptics Optics(ReadOnlySpan<double> c, int i)
        {
            var group = particles.OpticsGroups[particles.Particles[i].OpticsIndex];
            var side = group.ImageSize;
            return PhysicalLimits.PixelProblem(c[0] * c[1] / side) is null
                ? new ParticleOptics(Text(c[5]), Text(c[6]), Text(c[7]), Text(c[0] == side ? c[1] : c[0] * c[1] / side), side)
                {
                    IsFlipped = group.CtfState == CtfState.PhaseFlipped ? true : null,
                    IsPremultiplied = group.CtfState == CtfState.Premultiplied ? true : null,
                }
                : throw new InvalidInputException(
                    FormattableString.Invariant($"{c[0]} pixels of {c[1]} angstrom are no image of {side} pixels"), path, i + 1, "array");
        }
    }

    /// <summary>Poses as a pickle.</summary>
    public static byte[] Poses(StarParticles particles)
    {
        var count = particles.Particles.Count;
        var (rotations, shifts) = (new float[9 * count], new float[2 * count]);
        for (var i = 0; i < count; i++)
        {
            var group = particles.OpticsGroups[particles.Particles[i].OpticsIndex];
            var seen = OriginUnit.Of(group, inPixels: false).ToFile(particles.Particles[i].Pose);
            var r = seen.Rotation;
            ReadOnlySpan<double> m = [r.M00, r.M01, r.M02, r.M10, r.M11, r.M12, r.M20, r.M21, r.M22];
            for (var k = 0; k < m.Length; k++)
            {
                rotations[(9 * i) + k] = (float)m[k];
            }

            (shifts[2 * i], shifts[(2 * i) + 1]) = ((float)(-seen.ShiftX / group.BoxLength), (float)(-seen.ShiftY / group.BoxLength));
        }

        return PickleWriter.Pair(([count, 3, 3], rotations), ([count, 2], shifts));
    }

    /// <summary>CTFs as a pickle.</summary>
    /// <exception cref="InvalidInputException">The images' CTF was dealt with, which a pickle cannot say; the message names file and column.</exception>
    public static byte[] Ctfs(StarParticles particles)
    {
        AlteredImages.Refuse(particles, "cryoDRGN's pickle of CTFs");
        var count = particles.Particles.Count;
        var values = new float[CtfNumbers * count];
        for (var i = 0; i < count; i++)
        {
            var (group, c) = (particles.OpticsGroups[particles.Particles[i].OpticsIndex], particles.Particles[i].Ctf);
            ReadOnlySpan<double> row =
            [
                group.ImageSize, group.PixelSize, c.DefocusU, c.DefocusV, c.DefocusAngleDegrees, c.VoltageKilovolt, c.SphericalAberrationMillimetre,
                c.AmplitudeContrast, c.PhaseShiftDegrees,
            ];
            for (var k = 0; k < CtfNumbers; k++)
            {
                values[(CtfNumbers * i) + k] = (float)row[k];
            }
        }

        return PickleWriter.Array([count, CtfNumbers], values);
    }

    /// <summary>A number of float32 with the digits that it has, not those of float64.</summary>
    private static string Text(double value) =>
        value == (float)value ? ((float)value).ToString("R", CultureInfo.InvariantCulture) : value.ToString("R", CultureInfo.InvariantCulture);
}
