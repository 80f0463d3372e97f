using System.Text;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>The files of the demo.</summary>
/// <param name="Folder">Their folder.</param>
internal sealed record DemoFiles(string Folder)
{
    public SimulationFiles Simulation => new(Path.Combine(Folder, "simulated"));

    public string RefinedFolder => Path.Combine(Folder, "refined");

    public string Mask => Path.Combine(Folder, "mask.mrc");

    public string FscPicture => Path.Combine(Folder, "fsc.svg");

    public string ChimeraScript => Path.Combine(Folder, "maps.cxc");

    public string[] All => [.. Simulation.All, Mask, .. RefineRequest.FilesIn(RefinedFolder), FscPicture, ChimeraScript];

    /// <summary>Writes the FSC picture and the script that opens the maps.</summary>
    public void WritePictures(IReadOnlyList<(string Name, FscCurve Curve)> curves, bool overwrite)
    {
        Gmm.Cli.FscPicture.Write(
            FscPicture, "gmm demo: half-map FSC, masked, corrected (simulated images)", curves[0].Curve.Frequencies,
            [.. curves.Select(c => (c.Name, c.Curve.Values))], overwrite);
        const string script = """
            # ChimeraX: open this file from its own folder.
            open refined/run_half1_unfil.mrc refined/run_half2_unfil.mrc simulated/true_map.mrc mask.mrc
            hide #4 models
            volume gaussian #1 sDev 1.5
            volume gaussian #2 sDev 1.5
            tile #3,5,6
            view
            """;
        AtomicOutput.Write(ChimeraScript, overwrite, stream => stream.Write(Encoding.UTF8.GetBytes(script + "\n")));
    }
}
