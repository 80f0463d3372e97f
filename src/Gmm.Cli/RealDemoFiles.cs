using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>The files of the demo on real images.</summary>
/// <param name="Folder">Their folder.</param>
internal sealed record RealDemoFiles(string Folder)
{
    public string StartStar => Path.Combine(Folder, "start.star");

    public string PublishedStar => Path.Combine(Folder, "published.star");

    public MapFiles Start => new(Path.Combine(Folder, "start"));

    public MapFiles Published => new(Path.Combine(Folder, "published"));

    public string RefinedFolder => Path.Combine(Folder, "refined");

    /// <summary>The mean of the refined half maps.</summary>
    public string Refined => Path.Combine(Folder, "refined.mrc");

    public string FromPublishedFolder => Path.Combine(Folder, "refined_from_published");

    public string Mask => Path.Combine(Folder, "mask.mrc");

    public string Model => Path.Combine(Folder, "5a1a.cif");

    public string FscPicture => Path.Combine(Folder, "fsc.png");

    public string MapPicture => Path.Combine(Folder, "maps.png");

    public string ChimeraScript => Path.Combine(Folder, "maps.cxc");

    public string[] All =>
    [
        StartStar, PublishedStar, .. Start.All, .. Published.All, .. RefineRequest.FilesIn(RefinedFolder), .. RefineRequest.FilesIn(FromPublishedFolder), Refined,
        Mask, Model, FscPicture, MapPicture, ChimeraScript,
    ];
}
