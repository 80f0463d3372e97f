using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Says what particles are in cisTEM's columns; the inverse of <see cref="CistemToStar"/>.</summary>
internal static class CistemFromParticles
{
    /// <summary>RELION's columns of particles that cisTEM's say.</summary>
    public static IReadOnlyList<string> Said { get; } =
    [
        Labels.ImageName, Labels.Group, PoseText.Rot, PoseText.Tilt, PoseText.Psi, PoseText.OriginXAngstrom, PoseText.OriginYAngstrom, PoseText.OriginXPixels,
        PoseText.OriginYPixels, Labels.DefocusU, Labels.DefocusV, Labels.DefocusAngle, Labels.PhaseShift, Labels.Half, Labels.Voltage, Labels.Aberration,
        Labels.AmplitudeContrast, Labels.ImagePixelSize, Labels.Magnification, Labels.DetectorPixelSize, Labels.PixelSize, Labels.ImageSize,
        Labels.OpticsName, Labels.ImageDimensionality, Labels.BeamTiltX, Labels.BeamTiltY, Labels.OddZernike, Labels.EvenZernike, Labels.Premultiplied,
        Labels.PhaseFlipped, Labels.PhaseFlippedOld,
    ];

    /// <summary>Columns of aberrations, which are said in part.</summary>
    public static IReadOnlyList<string> Terms { get; } = [Labels.BeamTiltX, Labels.BeamTiltY, Labels.OddZernike, Labels.EvenZernike];

    /// <summary>Makes the file.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="warnings">Takes which aberrations are left out.</param>
    /// <exception cref="InvalidInputException">
    /// An image has no name, or its CTF was dealt with, which cisTEM's files cannot say; the message names file, row and column.
    /// </exception>
    public static StarFile Convert(StarParticles source, ICollection<string> warnings)
    {
        AlteredImages.Refuse(source, "a file of cisTEM's");
        var table = source.Table;
        var images = Enumerable.Range(0, table.RowCount).Select(row => ImageReference.Of(table, row)).ToArray();
        var made = new StarTable(CistemLabels.Position);
        foreach (var image in images)
        {
            made.AddRow((image.Number ?? 1).ToString(CultureInfo.InvariantCulture));
        }

        var angles = source.Particles.Select(p => p.Pose.Rotation.ToEuler()).ToArray();
        var seen = source.Particles.Select(p => OriginUnit.Of(source.OpticsGroups[p.OpticsIndex], inPixels: false).ToFile(p.Pose)).ToArray();
        var terms = source.Particles.Select(p => CsAberrations.Of(UpToFourth(source.OpticsGroups[p.OpticsIndex].Aberrations), p.Ctf)).ToArray();
        void Column(string label, Func<int, double> value) => made.SetColumn(label, [.. images.Select((_, i) => PoseText.Text(value(i)))]);
        void Own(string label, Func<int, string> text) =>
            made.SetColumn(label, table.Contains(label) ? table.GetColumn(label) : [.. images.Select((_, i) => text(i))]);
        CtfParameters Ctf(int i) => terms[i].Ctf;

        Column(CistemLabels.Psi, i => angles[i].PsiDegrees);
        Column(CistemLabels.Theta, i => angles[i].TiltDegrees);
        Column(CistemLabels.Phi, i => angles[i].RotDegrees);
        Column(CistemLabels.ShiftX, i => seen[i].ShiftX);
        Column(CistemLabels.ShiftY, i => seen[i].ShiftY);
        Column(CistemLabels.Defocus1, i => Ctf(i).DefocusU);
        Column(CistemLabels.Defocus2, i => Ctf(i).DefocusV);
        Column(CistemLabels.DefocusAngle, i => Ctf(i).DefocusAngleDegrees);
        Column(CistemLabels.PhaseShift, i => Ctf(i).PhaseShiftDegrees);
        Own(CistemLabels.Activity, i => source.Particles[i].Weight == 0 ? "-1" : "1");
        Own(CistemLabels.Occupancy, _ => "100.00");
        Own(CistemLabels.LogP, _ => "0");
        Own(CistemLabels.Sigma, _ => "10.0000");
        Own(CistemLabels.Score, _ => "0.00");
        Column(CistemLabels.PixelSize, i => source.OpticsGroups[source.Particles[i].OpticsIndex].PixelSize);
        Column(CistemLabels.Voltage, i => Ctf(i).VoltageKilovolt);
        Column(CistemLabels.Aberration, i => Ctf(i).SphericalAberrationMillimetre);
        Column(CistemLabels.AmplitudeContrast, i => Ctf(i).AmplitudeContrast);
        Column(CistemLabels.BeamTiltX, i => -terms[i].Terms.BeamTilt(Ctf(i).SphericalAberrationMillimetre).X);
        Column(CistemLabels.BeamTiltY, i => -terms[i].Terms.BeamTilt(Ctf(i).SphericalAberrationMillimetre).Y);
        Column(CistemLabels.ImageShiftX, i => terms[i].Terms.ShiftX);
        Column(CistemLabels.ImageShiftY, i => terms[i].Terms.ShiftY);
        made.SetColumn(CistemLabels.Stack, [.. images.Select(r => r.Stack)]);
        if (table.Contains(Labels.Half))
        {
            made.SetColumn(CistemLabels.Subset, [.. source.Particles.Select(p => p.Half.ToString(CultureInfo.InvariantCulture))]);
        }

        foreach (var label in table.Labels.Where(l => l.StartsWith(CistemLabels.Prefix, StringComparison.Ordinal) && !made.Contains(l)))
        {
            made.SetColumn(label, table.GetColumn(label));
        }

        var lost = Lost(source, [.. terms.Select(t => (t.Terms, t.Ctf))]);
        if (lost.Length > 0)
        {
            warnings.Add(
                $"{source.Path}: of the aberrations beam tilt, image shift and what is phase shift, defocus, astigmatism or spherical aberration are kept; "
                    + $"cisTEM has no place for {string.Join(", ", lost)}");
        }

        return new StarFile(new StarBlock(string.Empty, made));
    }

    /// <summary>Aberrations without the terms that no program but RELION has.</summary>
    private static Aberrations? UpToFourth(Aberrations? a) => a is null
        ? null
        : new Aberrations([.. a.Odd.Take(Zernike.OddCount(3))], [.. a.Even.Take(Zernike.EvenCount(4))], a.Magnification);

    private static string[] Lost(StarParticles source, (CsAberrations Terms, CtfParameters Ctf)[] terms)
    {
        bool Any(Func<CsAberrations, bool> has) => Array.Exists(terms, t => has(t.Terms));
        (bool Is, string What)[] kinds =
        [
            (Array.Exists(terms, t => t.Terms is { TiltX: not 0 } or { TiltY: not 0 } && t.Terms.BeamTilt(t.Ctf.SphericalAberrationMillimetre) is (0, 0)),
                "coma without a spherical aberration"),
            (Any(t => t.Trefoil0 != 0 || t.Trefoil1 != 0), "trefoil"),
            (Any(t => t.Tetra.A != 0 || t.Tetra.B != 0), "astigmatism of the fourth order"),
            (Any(t => t.Tetra.C != 0 || t.Tetra.D != 0), "tetrafoil"),
            (source.OpticsGroups.Any(g => g.Aberrations is { } a && a.Odd.Skip(Zernike.OddCount(3)).Concat(a.Even.Skip(Zernike.EvenCount(4))).Any(c => c != 0)),
                "terms beyond the fourth order"),
        ];
        return [.. kinds.Where(k => k.Is).Select(k => k.What)];
    }
}
