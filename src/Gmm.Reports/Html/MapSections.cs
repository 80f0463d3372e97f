using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Reports;

/// <summary>What a report shows of half maps: the surface that turns, and slices.</summary>
internal static class MapSections
{
    /// <summary>Larger boxes take too long for a colour that <c>gmm localres</c> gives too.</summary>
    private const int LargestLocalBox = 128;

    /// <summary>The surface of two half maps and of their mean, filtered as the sharpened map is.</summary>
    /// <param name="half1">Half map 1.</param>
    /// <param name="half2">Half map 2.</param>
    /// <param name="mask">The solvent mask; null for none.</param>
    /// <param name="options">Model and threads.</param>
    /// <returns>The section.</returns>
    public static ReportSection Surface(HalfMap half1, HalfMap half2, SolventMask? mask, RunReportOptions options)
    {
        var around = mask ?? SolventMasks.Automatic(half1, half2, options.Compute).Mask;
        var sharpened = PostProcessor.Run(half1, half2, around, null, options.Compute);
        var local = half1.Size is >= 16 and <= LargestLocalBox && sharpened.Resolution is not null
            ? LocalResolution.Measure(half1, half2, options.Compute).Resolution : null;
        return Surface(half1, half2, around, sharpened, local, options);
    }

    /// <summary>The same where the sharpened map is there.</summary>
    /// <param name="half1">Half map 1.</param>
    /// <param name="half2">Half map 2.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="sharpened">The sharpened map.</param>
    /// <param name="local">The local resolution, angstrom; null for none.</param>
    /// <param name="options">Model and threads.</param>
    /// <param name="frame">Where voxel 0 is, angstrom.</param>
    /// <returns>The section.</returns>
    public static ReportSection Surface(
        HalfMap half1, HalfMap half2, SolventMask mask, PostProcessResult sharpened, DensityMap? local, RunReportOptions options,
        (double X, double Y, double Z) frame = default)
    {
        var factors = Filter(sharpened, half1.BoxLength);
        DensityMap Filtered(DensityMap map) => MapFilters.ByShell(map, factors, options.Compute);
        DensityMap[] maps = [sharpened.Map, Filtered(half1), Filtered(half2)];
        var scene = ViewerScene.Of(
            [("mean of the halves", maps[0]), ("half 1", maps[1]), ("half 2", maps[2])], mask, local, sharpened.Resolution, frame, options.Compute);
        if (scene is null)
        {
            return new ReportSection("map", "Map", null, [new TextBlock("The map is empty inside the mask: there is no surface to show.", "missing")]);
        }

        if (options.ModelFile is { } file)
        {
            scene = scene with { Model = BackboneModel.Of(AtomicModelFile.Read(file)) };
        }

        var how = (sharpened.BFactor, sharpened.Resolution) switch
        {
            ({ } b, { } r) => FormattableString.Invariant($"Weighted by its FSC, sharpened by a B factor of {ReportText.Signed(b)} Å², ")
                + FormattableString.Invariant($"filtered at {r:F2} Å, shown inside the mask."),
            (null, { } r) => FormattableString.Invariant($"Weighted by its FSC and filtered at {r:F2} Å, not sharpened, shown inside the mask."),
            _ => "As reconstructed: without a resolution there is nothing to filter by.",
        };
        return new ReportSection("map", "Map", how, [new ViewerBlock(scene)]);
    }

    /// <summary>Slices and projections of maps, a row each.</summary>
    /// <param name="resolution">What all are filtered at, angstrom, so that rows do not differ by noise beyond it; null not at all.</param>
    /// <param name="maps">The maps with their names.</param>
    public static ReportSection Slices(double? resolution, params IReadOnlyList<(string Name, DensityMap Map)> maps) => new(
        "slices", maps.Count > 1 ? "Slices, before and after" : "Slices",
        "Central slices and projections of the mean of the half maps, "
            + (resolution is { } r ? FormattableString.Invariant($"{(maps.Count > 1 ? "all " : string.Empty)}filtered at {r:F2} Å.") : "unfiltered.")
            + (maps.Count > 1 ? " Each column has one scale of its own." : string.Empty),
        [
            new PanelsBlock(
                6, PagePanel.Of([.. maps.Select(m => (m.Name, resolution is { } cut ? MapFilters.LowPass(m.Map, cut) : m.Map))])),
        ]);

    /// <summary>The mean of two half maps.</summary>
    public static DensityMap Mean(HalfMap half1, HalfMap half2) => PostProcessor.Mean(half1, half2);

    /// <summary>Reads a pair of half maps.</summary>
    public static (HalfMap Half1, HalfMap Half2) Read(string path1, string path2) => (MrcFile.ReadHalfMap(path1, 1), MrcFile.ReadHalfMap(path2, 2));

    /// <summary>Where a curve falls below 0.143, angstrom; null where there is no curve.</summary>
    public static double? Resolution((double[] Frequencies, IReadOnlyList<FscColumn> Curves) table, string label, MrcHeader map) =>
        table.Curves.FirstOrDefault(c => c.Label == label) is { Values.Count: > 1 } column && column.Values.Count <= (map.Columns / 2) + 1
            ? FscCurve.InBox(map.Columns, map.PixelSize.X, column.Values).Resolution() : null;

    /// <summary>What the mean was multiplied by, shell by shell, so that the halves can be shown alike.</summary>
    private static double[] Filter(PostProcessResult result, double boxLength)
    {
        var curve = result.Curves.Corrected;
        Func<double, double> lowPass = result.Resolution is { } cut ? MapFilters.LowPassFactor(boxLength, cut, 2) : _ => 1;
        return [.. result.SharpeningFactors.Select((f, s) =>
            f * lowPass(s) * (result.Resolution is null || s == 0 ? 1 : curve[s] > 0 ? Math.Sqrt(2 * curve[s] / (1 + curve[s])) : 0))];
    }
}
