using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Makes a RELION 3.1 particle file from Core types.</summary>
internal static class ParticleStarBuilder
{
    public static StarFile Build(
        IReadOnlyList<OpticsGroup> groups, IReadOnlyList<Particle> particles, IReadOnlyList<string> imageNames, IReadOnlyList<StarColumn> extraColumns)
    {
        if (imageNames.Count != particles.Count)
        {
            throw new ArgumentException($"There are {particles.Count} particles, but {imageNames.Count} names.", nameof(imageNames));
        }

        var optics = new StarBlock("optics", Optics(groups, particles));
        var table = new StarTable(
            Labels.ImageName, Labels.Group, Labels.DefocusU, Labels.DefocusV, Labels.DefocusAngle, Labels.PhaseShift, Labels.BFactor, Labels.Scale,
            PoseText.Rot, PoseText.Tilt, PoseText.Psi, PoseText.OriginXAngstrom, PoseText.OriginYAngstrom, Labels.Half);
        for (var i = 0; i < particles.Count; i++)
        {
            var p = particles[i];
            var pose = PoseText.Format(p.Pose, OriginUnit.Of(groups[p.OpticsIndex], inPixels: false));
            table.AddRow(
                imageNames[i], Integer(groups[p.OpticsIndex].Id), PoseText.Text(p.Ctf.DefocusU), PoseText.Text(p.Ctf.DefocusV),
                PoseText.Text(p.Ctf.DefocusAngleDegrees), PoseText.Text(p.Ctf.PhaseShiftDegrees), PoseText.Text(p.Ctf.BFactor),
                PoseText.Text(p.Ctf.ScaleFactor),
                pose.Rot, pose.Tilt, pose.Psi, pose.X, pose.Y, Integer(p.Half));
        }

        foreach (var column in extraColumns)
        {
            table.SetColumn(column.Label, column.Values);
        }

        var block = new StarBlock("particles", table);
        optics.Comments.Add("# version 30001");
        block.Comments.Add("# version 30001");
        return new StarFile(optics, block);
    }

    /// <summary>The table data_optics of groups; voltage, aberration and amplitude contrast of each are those of its first particle.</summary>
    public static StarTable Optics(IReadOnlyList<OpticsGroup> groups, IReadOnlyList<Particle> particles)
    {
        var first = new CtfParameters?[groups.Count];
        foreach (var p in particles)
        {
            if (p.OpticsIndex < 0 || p.OpticsIndex >= groups.Count)
            {
                throw new ArgumentException($"There are {groups.Count} optics groups; a particle has index {p.OpticsIndex}.", nameof(particles));
            }

            first[p.OpticsIndex] ??= p.Ctf;
        }

        var table = new StarTable(
            Labels.Group, Labels.OpticsName, Labels.Voltage, Labels.Aberration, Labels.AmplitudeContrast, Labels.ImagePixelSize, Labels.ImageSize,
            Labels.ImageDimensionality, Labels.Premultiplied, Labels.PhaseFlipped);
        for (var g = 0; g < groups.Count; g++)
        {
            var ctf = first[g] ?? new CtfParameters { DefocusU = 0, DefocusV = 0 };
            table.AddRow(
                Integer(groups[g].Id), groups[g].Name, PoseText.Text(ctf.VoltageKilovolt), PoseText.Text(ctf.SphericalAberrationMillimetre),
                PoseText.Text(ctf.AmplitudeContrast), Exact(groups[g].PixelSize), Integer(groups[g].ImageSize), "2",
                groups[g].CtfState == CtfState.Premultiplied ? "1" : "0", groups[g].CtfState == CtfState.PhaseFlipped ? "1" : "0");
        }

        AddAberrations(table, groups);
        return table;
    }

    private static void AddAberrations(StarTable table, IReadOnlyList<OpticsGroup> groups)
    {
        void Column(string label, Func<Aberrations, bool> has, Func<Aberrations, string> text, string none)
        {
            if (groups.Any(g => g.Aberrations is { } a && has(a)))
            {
                table.SetColumn(label, [.. groups.Select(g => g.Aberrations is { } a && has(a) ? text(a) : none)]);
            }
        }

        static string List(IReadOnlyList<double> values) => $"[{string.Join(',', values.Select(Exact))}]";
        Column(Labels.OddZernike, a => a.HasOdd, a => List(a.Odd), "[]");
        Column(Labels.EvenZernike, a => a.HasEven, a => List(a.Even), "[]");
        foreach (var (label, element) in AberrationTerms.MatrixColumns)
        {
            Column(label, a => a.HasMagnification, a => Exact(element(a.Magnification)), Exact(element(Magnification.None)));
        }
    }

    /// <summary>Six decimals if they are enough to read the number back exactly, else all digits.</summary>
    private static string Exact(double value)
    {
        var text = PoseText.Text(value);
        return double.Parse(text, CultureInfo.InvariantCulture) == value ? text : value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static string Integer(int value) => value.ToString(CultureInfo.InvariantCulture);
}
