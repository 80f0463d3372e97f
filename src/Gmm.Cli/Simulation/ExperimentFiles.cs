using System.Globalization;
using System.Text;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Reports;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>The files of the flexible-domains experiment.</summary>
/// <param name="Folder">Their folder.</param>
/// <param name="Resolutions">Resolution of the flexible chains in each structure, angstrom.</param>
internal sealed record ExperimentFiles(string Folder, IReadOnlyList<double> Resolutions)
{
    public string CurvesCsv => At("curves.csv");

    public string CurvesStar => At("curves.star");

    public string RegionsCsv => At("regions.csv");

    public string Verdict => At("verdict.txt");

    public string RigidMask => At("mask_rigid.mrc");

    public string FlexibleMask => At("mask_flexible.mrc");

    public string[] Pictures => [At("fsc.png"), At("fsc.svg"), At("regions.png"), At("regions.svg"), At("maps.png")];

    public string[] All =>
    [
        CurvesCsv, CurvesStar, RegionsCsv, Verdict, RigidMask, FlexibleMask, .. Pictures,
        .. Resolutions.SelectMany(r =>
            new[] { At(Name(r) + "_half1_unfil.mrc"), At(Name(r) + "_half2_unfil.mrc"), At(Name(r) + "_locres.mrc"), At(Name(r) + "_locres_filtered.mrc") }),
    ];

    /// <summary>Name of a structure, such as flexible_15A.</summary>
    public static string Name(double resolution) => Texts.Line($"flexible_{resolution:0.##}A");

    public void Write(FlexibleDomainsResult result, IReadOnlyList<string> verdict, VerbCall call)
    {
        var overwrite = call.Overwrite;
        WriteCurves(result, overwrite);
        WriteText(RegionsCsv, RegionLines(result), overwrite);
        WriteText(Verdict, verdict, overwrite);
        WriteMap(RigidMask, result.RigidMask, result, overwrite);
        WriteMap(FlexibleMask, result.FlexibleMask, result, overwrite);
        foreach (var s in result.Structures)
        {
            var name = Name(s.FlexibleResolution);
            WriteMap(At(name + "_half1_unfil.mrc"), s.Half1, result, overwrite);
            WriteMap(At(name + "_half2_unfil.mrc"), s.Half2, result, overwrite);
            WriteMap(At(name + "_locres.mrc"), s.LocalResolution.Resolution, result, overwrite);
            WriteMap(At(name + "_locres_filtered.mrc"), s.LocalResolution.Filtered, result, overwrite);
        }

        Draw(result, call);
    }

    /// <summary>The table of regions, a line for each.</summary>
    public static string[] RegionLines(FlexibleDomainsResult result) =>
    [
        "structure,region,displacement_A,noise_free_resolution_A,half_map_fsc_0143_A,fsc_to_truth_05_A,local_resolution_median_A,mean_q",
        .. result.Structures.SelectMany(s => new[] { ("rigid", s.Rigid), ("flexible", s.Flexible) }.Select(r =>
            Texts.Line($"{Name(s.FlexibleResolution)},{r.Item1},{r.Item2.Displacement:F3},{r.Item2.Reached:F2},{r.Item2.HalfMaps.Resolution():F2},")
                + Texts.Line($"{r.Item2.Truth.Resolution(0.5):F2},{r.Item2.LocalMedian:F2},{r.Item2.QScore:F3}"))),
    ];

    private static void WriteText(string path, IReadOnlyList<string> lines, bool overwrite) =>
        AtomicOutput.Write(path, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")));

    private static void WriteMap(string path, DensityMap map, FlexibleDomainsResult result, bool overwrite) =>
        MrcFile.WriteVolume(
            path,
            new MrcVolume
            {
                Size = (map.Size, map.Size, map.Size),
                PixelSize = (map.PixelSize, map.PixelSize, map.PixelSize),
                Voxels = map.Voxels,
                Origin = result.Origin,
            }, overwrite);

    private static IEnumerable<(string Label, FscCurve Curve)> Curves(FlexibleDomainsResult result) => result.Structures.SelectMany(s =>
    {
        var name = Name(s.FlexibleResolution);
        return new[]
        {
            (name, s.Global), (name + "_same_noise", s.SameNoise), (name + "_noise_free", s.NoiseFree), (name + "_masked", s.Masked),
            (name + "_rigid_masked", s.Rigid.HalfMaps), (name + "_flexible_masked", s.Flexible.HalfMaps),
            (name + "_rigid_truth", s.Rigid.Truth), (name + "_flexible_truth", s.Flexible.Truth),
        };
    });

    private void WriteCurves(FlexibleDomainsResult result, bool overwrite)
    {
        var curves = Curves(result).ToArray();
        var table = new StarTable(["gmmFrequency", .. curves.Select(c => "gmm_" + c.Label)]);
        var lines = new List<string> { "frequency_1_A," + string.Join(',', curves.Select(c => c.Label)) };
        for (var shell = 0; shell < curves[0].Curve.Count; shell++)
        {
            string[] cells =
            [
                curves[0].Curve.Frequency(shell).ToString("F6", CultureInfo.InvariantCulture),
                .. curves.Select(c => c.Curve[shell].ToString("F6", CultureInfo.InvariantCulture)),
            ];
            table.AddRow(cells);
            lines.Add(string.Join(',', cells));
        }

        WriteText(CurvesCsv, lines, overwrite);
        new StarFile(new StarBlock("fsc", table)).Write(CurvesStar, overwrite);
    }

    private void Draw(FlexibleDomainsResult result, VerbCall call)
    {
        static (string, double[], double[]) Line(string name, FscCurve curve) => (FscChart.Label(name, curve), [.. curve.Frequencies], [.. curve.Values]);
        var global = FscChart.Create(
            [.. result.Structures.Select(s => Line(Texts.Line($"flexible half at {s.FlexibleResolution:0.##} Å"), s.Global))],
            "Half-map FSC of the whole box");
        var regions = FscChart.Create(
            [
                .. result.Structures.SelectMany(s => new[]
                {
                    Line(Texts.Line($"rigid half ({s.FlexibleResolution:0.##} Å structure)"), s.Rigid.HalfMaps),
                    Line(Texts.Line($"flexible half at {s.FlexibleResolution:0.##} Å"), s.Flexible.HalfMaps),
                }),
            ],
            "Half-map FSC of each region");
        var maps = MapViews.Create(
            "Maps filtered to local resolution", result.Structures.Select(s => (Texts.Line($"{s.FlexibleResolution:0.##} Å"), s.LocalResolution.Filtered)));
        Cli.Pictures.Save(call, global, call.Overwrite, Pictures[..2]);
        Cli.Pictures.Save(call, regions, call.Overwrite, Pictures[2..4]);
        Cli.Pictures.Save(call, maps, call.Overwrite, Pictures[4..]);
    }

    private string At(string name) => Path.Combine(Folder, name);
}
