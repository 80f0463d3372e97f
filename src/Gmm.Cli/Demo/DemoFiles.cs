using Gmm.Maps;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>The files of the demo.</summary>
/// <param name="Folder">Their folder.</param>
internal sealed record DemoFiles(string Folder)
{
    public SimulationFiles Simulation => new(Path.Combine(Folder, "simulated"));

    public string RefinedFolder => Path.Combine(Folder, "refined");

    /// <summary>The page of the refinement.</summary>
    public string Report => ReportWriting.In(RefinedFolder);

    public string Mask => Path.Combine(Folder, "mask.mrc");

    public MapFiles Disturbed => new(Path.Combine(Folder, "disturbed"));

    public MapFiles TruePoses => new(Path.Combine(Folder, "true_poses"));

    /// <summary>The mean of the refined half maps.</summary>
    public string Refined => Path.Combine(Folder, "refined.mrc");

    public string FscPicture => Path.Combine(Folder, "fsc.png");

    public string ChimeraScript => Path.Combine(Folder, "maps.cxc");

    /// <summary>The files of the demo's own folder; simulation and refinement have theirs.</summary>
    public string[] Own => [Mask, .. Disturbed.All, .. TruePoses.All, Refined, FscPicture, ChimeraScript];

    public string[] All => [.. Simulation.All, .. Own, .. RefineRequest.FilesIn(RefinedFolder)];

    /// <summary>Writes the FSC picture and the script that opens the maps.</summary>
    public void WritePictures(IReadOnlyList<(string Name, FscCurve Curve)> curves, VerbCall call)
    {
        var chart = FscChart.Create(
            [.. curves.Select(c => (FscChart.Label(c.Name, c.Curve), c.Curve.Frequencies.ToArray(), c.Curve.Values.ToArray()))],
            "FSC of half maps, simulated images (gmm demo)");
        Pictures.Save(call, chart, call.Overwrite, FscPicture);
        ChimeraXScript.Write(
            ChimeraScript,
            [("disturbed poses", Disturbed.Sum), ("refined poses", Refined), ("true poses", TruePoses.Sum), ("true map", Simulation.TrueMap)],
            remark: "gmm demo: beta-galactosidase, simulated images.", overwrite: call.Overwrite);
    }
}
