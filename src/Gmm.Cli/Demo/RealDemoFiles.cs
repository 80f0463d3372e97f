namespace Gmm.Cli;

/// <summary>The files of the demo on real images.</summary>
/// <param name="Folder">Their folder.</param>
internal sealed record RealDemoFiles(string Folder)
{
    /// <summary>The poses that are refined: 8 degrees off, 4 degrees off, published.</summary>
    public RealStart[] Starts =>
    [
        new(RealSet.Disturbed, "8° off", Path.Combine(Folder, "start"), Path.Combine(Folder, "refined")),
        new(RealSet.LessDisturbed, "4° off", Path.Combine(Folder, "start_4deg"), Path.Combine(Folder, "refined_from_4deg")),
        new(RealSet.Published, "published poses", Path.Combine(Folder, "published"), Path.Combine(Folder, "refined_from_published")),
    ];

    /// <summary>The mean of the half maps that were refined from 8 degrees off.</summary>
    public string Refined => Path.Combine(Folder, "refined.mrc");

    /// <summary>The page of the first refinement.</summary>
    public string Report => ReportWriting.In(Starts[0].Folder);

    public string Mask => Path.Combine(Folder, "mask.mrc");

    public string Model => Path.Combine(Folder, "5a1a.cif");

    public string FscPicture => Path.Combine(Folder, "fsc.png");

    public string MapPicture => Path.Combine(Folder, "maps.png");

    public string ChimeraScript => Path.Combine(Folder, "maps.cxc");

    /// <summary>The files of the demo's own folder; the refinements have theirs.</summary>
    public string[] Own => [.. Starts.SelectMany(s => (string[])[s.Star, .. s.Maps.All]), Refined, Mask, Model, FscPicture, MapPicture, ChimeraScript];

    public string[] All => [.. Own, .. Starts.SelectMany(s => RefineRequest.FilesIn(s.Folder))];
}
