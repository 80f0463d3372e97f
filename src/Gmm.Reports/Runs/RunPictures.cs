using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Reports;

/// <summary>
/// Writes what a run leaves for the eye, from the files in its folder: FSC curves with the resolution of each, slices and a projection before and
/// after, the viewing directions, and a script that opens the maps in ChimeraX.
/// </summary>
/// <remarks>
/// Before and after are sharpened alike, each as its own half maps allow (<see cref="PostProcessor"/>). <example>
/// <code>
/// RunPictures.OfRefinement("refined", overwrite: true);
/// </code>
/// </example>
/// </remarks>
public static class RunPictures
{
    private const string Script = "run.cxc";
    private const string Slices = "slices.png";
    private static readonly string[] s_fsc = ["fsc.png", "fsc.svg"];
    private static readonly string[] s_orientations = ["orientations.png", "orientations.svg"];

    /// <summary>The files of <see cref="OfRefinement"/>, from the folder.</summary>
    public static IReadOnlyList<string> FilesOfRefinement { get; } = [.. s_orientations, .. s_fsc, Slices, Script];

    /// <summary>The files of <see cref="OfPatches"/>, from the folder.</summary>
    public static IReadOnlyList<string> FilesOfPatches { get; } = [.. s_fsc, Slices, Script];

    /// <summary>Writes the pictures of a refinement whose results are in its folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="model">An atomic model in the frame of the maps, to be opened with them; null for none.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <param name="overwrite">Whether pictures that are there may be replaced.</param>
    /// <exception cref="InvalidInputException">A file of the run is missing or unusable, or a picture exists and must not be replaced.</exception>
    public static void OfRefinement(string folder, string? model = null, ComputeOptions? compute = null, bool overwrite = false)
    {
        string In(string name) => Path.Combine(folder, name);
        var ofOptics = RunManifest.Read(In(RunFolder.ManifestName)) is { } manifest && KeepsPoses(manifest.Settings);
        var focused = File.Exists(In(RefinementFiles.FocusMask));
        var mask = focused ? RefinementFiles.FocusMask : RefinementFiles.Mask;
        var map = MrcFile.ReadMap(In(RefinementFiles.Sharpened));
        var curves = HalfMapCurves.Read(In(RefinementFiles.Fsc), map);
        ChimeraXScript.WriteRun(
            In(Script), ("sharpened map, masked", In(RefinementFiles.SharpenedMasked)),
            [
                ("sharpened map", In(RefinementFiles.Sharpened)), ("half map 1", In(RefinementFiles.Half(1))), ("half map 2", In(RefinementFiles.Half(2))),
            ],
            [(focused ? "focus mask" : "mask", In(mask))], model, Remark(ofOptics ? "gmm ctf" : "gmm refine", curves), overwrite);
        Compare(
            folder, ofOptics ? ("Optics", "start", "with the optics found") : (focused ? "Focused refinement" : "Refinement", "start", "refined"),
            Before(In(RefinementFiles.Name(0, "half1_unfil.mrc")), In(RefinementFiles.Name(0, "half2_unfil.mrc")), In(mask), compute), (map, curves),
            overwrite);
        using var refined = StarParticles.Open(In("run_data.star"), new StarParticlesOptions { RequireImages = false, RequireBothHalves = false });
        Save(OrientationChart.Create(refined.Particles.Select(p => p.Pose.Rotation)), folder, s_orientations, overwrite);
    }

    /// <summary>Whether a run with these settings estimated optics at poses that it kept.</summary>
    internal static bool KeepsPoses(JsonObject settings) => settings["keep_poses"]?.ToString() == "true";

    /// <summary>Writes the pictures of a refinement of patches or bodies whose results are in its folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <param name="overwrite">Whether pictures that are there may be replaced.</param>
    /// <exception cref="InvalidInputException">A file of the run is missing or unusable, or a picture exists and must not be replaced.</exception>
    public static void OfPatches(string folder, ComputeOptions? compute = null, bool overwrite = false)
    {
        string In(string name) => Path.Combine(folder, name);
        var map = MrcFile.ReadMap(In(PatchFiles.Composite));
        var curves = HalfMapCurves.Read(In(PatchFiles.CompositeFsc), map);
        ChimeraXScript.WriteRun(
            In(Script), ("sharpened composite, masked", In(PatchFiles.CompositeMasked)),
            [
                ("sharpened composite", In(PatchFiles.Composite)), ("composite half map 1", In(PatchFiles.CompositeHalf(1))),
                ("composite half map 2", In(PatchFiles.CompositeHalf(2))),
            ],
            [("mask", In(PatchFiles.Mask)), .. Parts(folder).Select(p => ($"mask of {p.Name}", In(p.Mask)))], null, Remark("gmm, composite map", curves),
            overwrite);
        Compare(
            folder, ("Composite map", "consensus", "composite"), Before(In(PatchFiles.Consensus(1)), In(PatchFiles.Consensus(2)), In(PatchFiles.Mask), compute),
            (map, curves), overwrite);
    }

    /// <summary>The parts, patches or bodies, whose masks are in a folder.</summary>
    private static IEnumerable<(string Name, string Mask)> Parts(string folder) =>
        Parts(folder, bodies: false).Concat(Parts(folder, bodies: true));

    private static IEnumerable<(string Name, string Mask)> Parts(string folder, bool bodies) =>
        Enumerable.Range(1, int.MaxValue)
            .Select(n => Patch.NameOf(bodies, n))
            .Select(name => (Name: name, Mask: PatchFiles.Of(name, bodies, "mask.mrc")))
            .TakeWhile(p => File.Exists(Path.Combine(folder, p.Mask)));

    private static string Remark(string what, HalfMapCurves curves) =>
        $"{what}: {curves.Label("masked, corrected", curves.Corrected).Replace("Å", "A", StringComparison.Ordinal)} (FSC 0.143).";

    /// <summary>Half maps that a run began with, sharpened, and their curves.</summary>
    private static (DensityMap Map, HalfMapCurves Curves) Before(string half1, string half2, string mask, ComputeOptions? compute)
    {
        var map = MrcFile.ReadHalfMap(half1, 1);
        var inside = WorkingGrid.Of(map).Resample(MrcFile.ReadMask(mask), compute ?? new ComputeOptions());
        var result = PostProcessor.Run(map, MrcFile.ReadHalfMap(half2, 2), inside, compute: compute);
        return (result.Map, HalfMapCurves.Of(result.Curves));
    }

    private static void Compare(
        string folder, (string What, string Before, string After) names, (DensityMap Map, HalfMapCurves Curves) before,
        (DensityMap Map, HalfMapCurves Curves) after, bool overwrite)
    {
        Save(after.Curves.Chart($"{names.What}: FSC of the half maps", names.Before, before.Curves), folder, s_fsc, overwrite);
        Save(
            MapViews.SideBySide($"{names.What}: sharpened maps before and after", [(names.Before, before.Map), (names.After, after.Map)], 260), folder,
            [Slices], overwrite);
    }

    private static void Save(Chart chart, string folder, IEnumerable<string> names, bool overwrite)
    {
        foreach (var name in names)
        {
            chart.Save(Path.Combine(folder, name), overwrite);
        }
    }
}
