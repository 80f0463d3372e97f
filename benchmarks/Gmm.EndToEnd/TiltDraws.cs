using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Testing;

namespace Gmm.EndToEnd;

/// <summary>
/// The real ribosomes in tilt series (docs/tilt-series.md) with disturbed poses, and how far refined poses are from the published ones.
/// </summary>
internal static class TiltDraws
{
    private const double Degrees = 8;
    private const double Angstrom = 12;
    private static readonly string[] s_angles = ["rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi"];
    private static readonly string[] s_origins = ["rlnOriginXAngst", "rlnOriginYAngst"];

    /// <summary>
    /// Writes published.star and draw1.star ... to a folder: each particle turned by 8 degrees about a random axis and moved by 12 A (standard deviation)
    /// along each of three, all its images with it; an optics group for each tomogram, as their source has it, and the exposure before each image.
    /// </summary>
    /// <param name="data">The folder of test data, with derived/ribosome_spa and particles/ribosome_tomodrgn_warptools.</param>
    /// <param name="output">Where the files go.</param>
    /// <param name="count">Draws.</param>
    public static void Write(string data, string output, int count)
    {
        var folder = Path.GetFullPath(Path.Combine(data, "derived", "ribosome_spa"));
        var star = StarFile.Read(Path.Combine(folder, "ribosome_tilts.star"));
        var tomograms = StarFile.Read(Path.Combine(
            data, "particles", "ribosome_tomodrgn_warptools", "warptools_test_4-tomos_10-ptcls_box-32_angpix-12_tomograms.star"));
        StarTable optics = star.Find("optics")!.Table!, images = star.Find("particles")!.Table!;

        // Unt_083.tomostar_02: the second row of that tomogram's table.
        var places = images.GetColumn("rlnMicrographName").Select(m => (Tomogram: m[..m.LastIndexOf('_')], Row: int.Parse(m[(m.LastIndexOf('_') + 1)..]) - 1));
        (string Tomogram, int Row)[] frames = [.. places];
        string[] names = [.. frames.Select(f => f.Tomogram).Distinct()];
        optics = optics.Select(new int[names.Length]);
        optics.SetColumn("rlnOpticsGroup", [.. Enumerable.Range(1, names.Length).Select(Text)]);
        optics.SetColumn("rlnOpticsGroupName", names);
        images.SetColumn("rlnOpticsGroup", [.. frames.Select(f => Text(1 + Array.IndexOf(names, f.Tomogram)))]);
        images.SetColumn(
            "rlnMicrographPreExposure", [.. frames.Select(f => tomograms.Find(f.Tomogram)!.Table!.GetText(f.Row, "rlnMicrographPreExposure"))]);
        images.SetColumn("rlnImageName", [.. images.GetColumn("rlnImageName").Select(n => n.Replace("@", $"@{folder}/", StringComparison.Ordinal))]);
        Directory.CreateDirectory(output);
        void Save(string name) => new StarFile(new StarBlock("optics", optics), new StarBlock("particles", images)).Write(Path.Combine(output, name), true);
        Save("published.star");
        Pose[] published = [.. Enumerable.Range(0, images.RowCount).Select(i => PoseOf(images, i))];
        var particles = Enumerable.Range(0, images.RowCount).GroupBy(i => images.GetText(i, "rlnGroupNumber")).Select(g => g.ToArray()).ToArray();
        for (var draw = 1; draw <= count; draw++)
        {
            var random = new Random(draw);
            var poses = new Pose[published.Length];
            foreach (var members in particles)
            {
                Disturb(members, published, poses, random);
            }

            EulerAngles[] angles = [.. poses.Select(p => p.Rotation.ToEuler())];
            images.SetColumn(s_angles[0], [.. angles.Select(a => Text(a.RotDegrees))]);
            images.SetColumn(s_angles[1], [.. angles.Select(a => Text(a.TiltDegrees))]);
            images.SetColumn(s_angles[2], [.. angles.Select(a => Text(a.PsiDegrees))]);
            images.SetColumn(s_origins[0], [.. poses.Select(p => Text(-p.ShiftX))]);
            images.SetColumn(s_origins[1], [.. poses.Select(p => Text(-p.ShiftY))]);
            Save(FormattableString.Invariant($"draw{draw}.star"));
        }
    }

    /// <summary>Prints how far the particles of a file are from their published rotations, and how many are nearer than in the file they began from.</summary>
    public static void Compare(string published, string start, string refined)
    {
        var (truth, before, after) = (Read(published), Read(start), Read(refined));
        foreach (var removeFrames in new[] { false, true })
        {
            var (s, e) = (Errors(truth, before, removeFrames), Errors(truth, after, removeFrames));
            Console.WriteLine(FormattableString.Invariant(
                $"| {refined} | {(removeFrames ? "a turn of each half taken off" : "as they are")} | {s.RotationMedian:F1} | ")
                + FormattableString.Invariant($"{e.RotationMedian:F2} | {e.RotationNinety:F1} | ")
                + $"{e.RotationDegrees.Zip(s.RotationDegrees).Count(p => p.First < p.Second)} of {truth.Length} |");
        }
    }

    private static PoseErrors Errors((Pose Pose, int Half)[] truth, (Pose Pose, int Half)[] found, bool removeFrames) => PoseErrors.Compare(
        [.. truth.Select(t => new Particle(t.Pose, new CtfParameters { DefocusU = 1e4, DefocusV = 1e4 }, 0, t.Half))],
        [.. found.Select(f => f.Pose)], removeFrames);

    /// <summary>The first image of each particle.</summary>
    private static (Pose Pose, int Half)[] Read(string path)
    {
        var table = StarFile.Read(path).Find("particles")!.Table!;
        return [.. Enumerable.Range(0, table.RowCount).DistinctBy(i => table.GetText(i, "rlnGroupNumber"))
            .Select(i => (PoseOf(table, i), table.GetInteger(i, "rlnRandomSubset")))];
    }

    private static void Disturb(int[] members, Pose[] published, Pose[] poses, Random random)
    {
        double x = Draw.Normal(random), y = Draw.Normal(random), z = Draw.Normal(random);
        var size = Degrees * Math.PI / 180 / Math.Sqrt((x * x) + (y * y) + (z * z));
        var turn = Rotation.FromRotationVector(size * x, size * y, size * z);
        double dx = Angstrom * Draw.Normal(random), dy = Angstrom * Draw.Normal(random), dz = Angstrom * Draw.Normal(random);
        foreach (var i in members)
        {
            // In the frame of the particle, which all of its images share.
            var (sx, sy, _) = published[i].Rotation.Apply(dx, dy, dz);
            poses[i] = new Pose((published[i].Rotation * turn).Orthonormalized(), published[i].ShiftX + sx, published[i].ShiftY + sy);
        }
    }

    private static Pose PoseOf(StarTable table, int row) => new(
        Rotation.FromEuler(new EulerAngles(table.GetDouble(row, s_angles[0]), table.GetDouble(row, s_angles[1]), table.GetDouble(row, s_angles[2]))),
        -table.GetDouble(row, s_origins[0]), -table.GetDouble(row, s_origins[1]));

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("F6", CultureInfo.InvariantCulture);
}
