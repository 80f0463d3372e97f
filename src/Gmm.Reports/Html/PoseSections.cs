using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Reports;

/// <summary>What a report says of the particles' poses: how far they moved, how certain they are, and from where particles are seen.</summary>
internal static class PoseSections
{
    /// <summary>Makes the sections.</summary>
    /// <param name="path">The particles with the columns that a refinement writes.</param>
    /// <param name="startPath">The same particles at the start; null where that is not known.</param>
    /// <param name="tiltParticles">Particles that the images are tilts of; null where each is a particle of its own.</param>
    /// <param name="half">A half map, whose header says how large images are where the particle file does not.</param>
    public static IEnumerable<ReportSection> Of(string path, string? startPath, int? tiltParticles, MrcHeader half)
    {
        // One file of particles in memory at a time; of the start the poses are enough.
        var start = startPath is null ? null : Poses(startPath, half);
        using var particles = Open(path, half);
        var (table, poses) = (particles.Table, particles.Particles);
        double Known(int row, string label) => table.GetDouble(row, label) is var value and not -1 ? value : double.NaN;
        PlotBlock? Column(string label, string title, string axis) => !table.Contains(label) ? null
            : RunSections.Histogram(title, axis, Enumerable.Range(0, table.RowCount).Select(i => Known(i, label)));
        var scales = table.Contains(StarParticles.ScaleLabel) ? poses.Select(p => (double)p.Ctf.ScaleFactor).ToArray() : [];
        PlotBlock?[] charts =
        [
            start is null ? null : RunSections.Histogram(
                "Rotation from the start", "Rotation (°)",
                poses.Select((p, i) => start[i].Rotation.AngleTo(p.Pose.Rotation) * 180 / Math.PI)),
            start is null ? null : RunSections.Histogram(
                "Shift from the start", "Shift (Å)", poses.Select((p, i) => Distance(start[i], p.Pose))),
            Column(RefinementFiles.Score, "Score", "Correlation with the projection"),
            Column(RefinementFiles.RotationSigma, "Uncertainty of the rotation", "Standard deviation, three axes (°)"),
            Column(RefinementFiles.ShiftSigma, "Uncertainty of the shift", "Standard deviation, both axes (Å)"),
            scales.Distinct().Skip(1).Any() ? RunSections.Histogram("Scale of the signal", "Scale", scales) : null,
        ];
        var drawn = charts.OfType<PlotBlock>().ToArray();
        if (drawn.Length > 0)
        {
            yield return new ReportSection(
                "poses", "Poses",
                $"Each {(tiltParticles is null ? "particle" : "tilt image")} counts once; what lies far out is in the first or the last bar.",
                [new ColumnsBlock(drawn)]);
        }

        if (poses.Count > 0)
        {
            var chart = OrientationChart.Create(poses.Select(p => p.Pose.Rotation));
            yield return new ReportSection(
                "directions", "Viewing directions",
                ReportText.Images(poses.Count, tiltParticles) + FormattableString.Invariant($"; from {100 * chart.EmptyFraction:F0} % of the sphere's ")
                    + FormattableString.Invariant($"{chart.Columns * chart.Rows} cells none is seen. Views equal by symmetry are not joined."),
                [new HeatBlock($"{(tiltParticles is null ? "Particles" : "Tilt images")} over an even distribution", chart)]);
        }
    }

    private static double Distance(Pose a, Pose b)
    {
        var (x, y) = (a.ShiftX - b.ShiftX, a.ShiftY - b.ShiftY);
        return Math.Sqrt((x * x) + (y * y));
    }

    private static Pose[] Poses(string path, MrcHeader half)
    {
        using var particles = Open(path, half);
        return [.. particles.Particles.Select(p => p.Pose)];
    }

    private static StarParticles Open(string path, MrcHeader half) => StarParticles.Open(
        path, new StarParticlesOptions { RequireImages = false, RequireCtf = false, RequireBothHalves = false, ImageSize = half.Columns });
}
