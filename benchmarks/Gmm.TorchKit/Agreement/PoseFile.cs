using System.Globalization;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.TorchKit;

/// <summary>What a particle file says of poses, or of points, and how sure it is.</summary>
/// <param name="Poses">Of each particle.</param>
/// <param name="RotationSigmas">Degrees; NaN where none is stated.</param>
/// <param name="ShiftSigmas">Angstrom.</param>
internal sealed record PoseFile(Pose[] Poses, double[] RotationSigmas, double[] ShiftSigmas)
{
    public static PoseFile Read(string path)
    {
        using var particles = StarParticles.Open(path, new StarParticlesOptions { RequireImages = false });
        double[] Column(string label) => particles.Table.Contains(label) ? Numbers(particles.Table, label) : [];
        return new PoseFile([.. particles.Particles.Select(p => p.Pose)], Column("gmmPoseRotationSigma"), Column("gmmPoseShiftSigma"));
    }

    /// <summary>A column of the last table of a file that has it.</summary>
    public static double[] Column(string path, string label) =>
        Numbers(StarFile.Read(path).Blocks.Select(b => b.Table).Last(t => t?.Contains(label) == true)!, label);

    /// <summary>How far apart the poses of two files are, each in the uncertainties that the first states: of turns and of shifts.</summary>
    public double[] Apart(PoseFile other) =>
    [
        .. Poses.Zip(other.Poses, Degrees).Zip(RotationSigmas, (d, s) => d / s)
            .Concat(Poses.Zip(other.Poses, Angstrom).Zip(ShiftSigmas, (d, s) => d / s)).Where(double.IsFinite),
    ];

    /// <summary>Root mean square error against true poses, degrees and angstrom; of a group's copies of a true pose the nearest counts.</summary>
    public (double Degrees, double Angstrom) Error(PoseFile truth)
    {
        static double Rms(IEnumerable<double> values) => Math.Sqrt(values.Average(v => v * v));
        return (Rms(Poses.Zip(truth.Poses, Degrees)), Rms(Poses.Zip(truth.Poses, Angstrom)));
    }

    private static double[] Numbers(StarTable table, string label) =>
        Array.ConvertAll(table.GetColumn(label), t => double.Parse(t, CultureInfo.InvariantCulture));

    private static double Degrees(Pose a, Pose b) => a.Rotation.AngleTo(b.Rotation) * (180 / Math.PI);

    private static double Angstrom(Pose a, Pose b) =>
        Math.Sqrt(((a.ShiftX - b.ShiftX) * (a.ShiftX - b.ShiftX)) + ((a.ShiftY - b.ShiftY) * (a.ShiftY - b.ShiftY)));
}
