using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Says what particles are in EMAN2's lists; the inverse of <see cref="EmanToStar"/>.</summary>
internal static class EmanFromParticles
{
    /// <summary>Characters that EMAN2 leaves free at the end of the longest line.</summary>
    private const int Spare = 4;

    /// <summary>RELION's columns that a list says.</summary>
    public static IReadOnlyList<string> Said { get; } = [.. CistemFromParticles.Said.Except(CistemFromParticles.Terms)];

    /// <summary>The text of a list, all lines of one length.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="comments">Comments to put into it, in the one line that there is for them.</param>
    /// <exception cref="InvalidInputException">
    /// An image has no name, or one with a tab in it; or its CTF was dealt with, which only the image itself can say (in an .hdf, of phases that were
    /// flipped); the message names file, row and column.
    /// </exception>
    public static byte[] Convert(StarParticles source, IReadOnlyList<string> comments)
    {
        using (var stacks = new ForeignStacks(source.Path, [], new StarParticlesOptions()))
        {
            AlteredImages.Refuse(source, "a list of EMAN2's", i => ImageReference.Of(source.Table, i) is var image
                && source.FindStack(image.Stack) is { } found && stacks.IsFlipped(Path.GetFullPath(found), (int)((image.Number ?? 1) - 1)));
        }

        var hasHalves = source.Table.Contains(Labels.Half);
        var hasCtfs = source.Table.Contains(Labels.DefocusU);
        var lines = source.Particles.Select((p, i) =>
        {
            var image = ImageReference.Of(source.Table, i);
            return image.Stack.Contains('\t', StringComparison.Ordinal)
                ? throw source.Table.Error("a path with a tab cannot be in a list", i, Labels.ImageName)
                : $"{Whole((image.Number ?? 1) - 1)}\t{image.Stack}\t{Json(p, source.OpticsGroups[p.OpticsIndex], hasHalves, hasCtfs)}";
        }).ToArray();
        var length = lines.Max(Encoding.UTF8.GetByteCount) + 1 + Spare;
        // The second line is free. The third says how long all later ones are.
        var text = new StringBuilder("#LSX\n").Append(EmanList.CommentLine([.. comments, "# written by gmm"])).Append('\n');
        text.Append("# ").Append(Whole(length)).Append('\n');
        foreach (var line in lines)
        {
            text.Append(line).Append(' ', length - 1 - Encoding.UTF8.GetByteCount(line)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Json(Particle p, OpticsGroup group, bool hasHalf, bool hasCtf)
    {
        var seen = OriginUnit.Of(group, inPixels: false).ToFile(p.Pose);
        var (r, c) = (seen.Rotation, p.Ctf);
        double[] m =
        [
            r.M00, r.M01, r.M02, seen.ShiftX / group.PixelSize, r.M10, r.M11, r.M12, seen.ShiftY / group.PixelSize, r.M20, r.M21, r.M22, 0,
        ];
        var half = hasHalf ? $"\"class\":{Whole(p.Half - 1)}," : string.Empty;
        var ctf = hasCtf
            ? $"\"ctf\":{{\"__class__\":\"EMAN2Ctf\",\"ampcont\":{Text(EmanCtf.AmpCont(c.AmplitudeContrast, c.PhaseShiftDegrees))},"
                + $"\"apix\":{Text(group.PixelSize)},\"background\":[],"
                + $"\"bfactor\":0,\"cs\":{Text(c.SphericalAberrationMillimetre)},\"defocus\":{Text(0.5e-4 * (c.DefocusU + c.DefocusV))},"
                + $"\"dfang\":{Text(c.DefocusAngleDegrees)},\"dfdiff\":{Text(1e-4 * (c.DefocusU - c.DefocusV))},\"dsbg\":{Text(1 / group.BoxLength)},"
                + $"\"snr\":[],\"voltage\":{Text(c.VoltageKilovolt)}}},"
            : string.Empty;
        return $"{{{half}{ctf}\"xform.projection\":{{\"__class__\":\"Transform\",\"matrix\":\"[{string.Join(',', m.Select(Text))}]\"}}}}";
    }

    private static string Text(double value) => value.ToString("G9", CultureInfo.InvariantCulture);

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);
}
