using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// The five numbers of a pose as text, in RELION's columns. One place makes and reads them, so that a pose read back is known to the bit.
/// </summary>
internal static class PoseText
{
    public const string Rot = "rlnAngleRot";
    public const string Tilt = "rlnAngleTilt";
    public const string Psi = "rlnAnglePsi";
    public const string OriginXAngstrom = "rlnOriginXAngst";
    public const string OriginYAngstrom = "rlnOriginYAngst";
    public const string OriginXPixels = "rlnOriginX";
    public const string OriginYPixels = "rlnOriginY";

    /// <summary>The pose of the numbers in a file.</summary>
    /// <param name="angles">Degrees.</param>
    /// <param name="x">rlnOriginX in units of <paramref name="unit"/>.</param>
    /// <param name="y">rlnOriginY in units of <paramref name="unit"/>.</param>
    /// <param name="unit">What the origins are written in.</param>
    public static Pose ToPose(EulerAngles angles, double x, double y, OriginUnit unit) =>
        unit.FromFile(Pose.FromRelion(angles, x * unit.Length, y * unit.Length));

    /// <summary>The five texts of a pose: rot, tilt, psi, origin x and y.</summary>
    /// <exception cref="ArgumentException">The pose has a NaN or infinity.</exception>
    public static (string Rot, string Tilt, string Psi, string X, string Y) Format(Pose pose, OriginUnit unit)
    {
        var (e, x, y) = Numbers(pose, unit);
        return (Text(e.RotDegrees), Text(e.TiltDegrees), Text(e.PsiDegrees), Text(x), Text(y));
    }

    /// <summary>The five numbers of a pose in a file: its angles, origin x and y.</summary>
    /// <exception cref="ArgumentException">The pose has a NaN or infinity.</exception>
    public static (EulerAngles Angles, double X, double Y) Numbers(Pose pose, OriginUnit unit)
    {
        pose = unit.ToFile(pose);
        var e = pose.Rotation.ToEuler();
        if (!double.IsFinite(e.RotDegrees + e.TiltDegrees + e.PsiDegrees + pose.ShiftX + pose.ShiftY))
        {
            throw new ArgumentException("A pose with a NaN or infinity cannot be written.", nameof(pose));
        }

        return (e, -pose.ShiftX / unit.Length, -pose.ShiftY / unit.Length);
    }

    /// <summary>The pose that is read back from the texts of a pose.</summary>
    public static Pose Quantize(Pose pose, OriginUnit unit)
    {
        var t = Format(pose, unit);
        return ToPose(new EulerAngles(Number(t.Rot), Number(t.Tilt), Number(t.Psi)), Number(t.X), Number(t.Y), unit);
    }

    public static string Text(double value)
    {
        var text = value.ToString("F6", CultureInfo.InvariantCulture);
        return text == "-0.000000" ? "0.000000" : text;
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
