using Gmm.Heterogeneity;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The files of landscape.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Points">Points of the trajectory.</param>
/// <param name="Clusters">Clusters; 0 for none.</param>
/// <param name="WithMaps">Whether maps are made.</param>
/// <param name="WithAtoms">Whether an atomic model is morphed.</param>
/// <param name="Cryosparc">Whether the particles came from cryoSPARC, and clusters go back there.</param>
internal sealed record LandscapeFiles(string Folder, int Points, int Clusters, bool WithMaps, bool WithAtoms, bool Cryosparc)
{
    public string Scores => In("scores.star");

    public string Movie => In("movie.png");

    public string Record => In(LandscapeRecord.FileName);

    public string Residues => In("residues.csv");

    public string AtomScript => In("morph.cxc");

    public string MapScript => In("maps.cxc");

    public IEnumerable<string> All =>
    [
        Scores, Movie, Record, ReportWriting.In(Folder),
        .. Two(Density(1)), .. Two(Density(2)),
        .. Numbers(Points).SelectMany(p => new[] { Model(p, 1), Model(p, 2) }),
        .. WithMaps ? Numbers(Points).SelectMany(p => Map(p).All).Append(MapScript) : [],
        .. WithAtoms ? Numbers(Points).Select(Atoms).Concat([Residues, AtomScript]) : [],
        .. Numbers(Clusters).Select(Cluster),
        .. Cryosparc ? Numbers(Clusters).SelectMany(c => CsPoses.FilesBeside(Cluster(c))) : [],
    ];

    public string Density(int half) => In(Texts.Line($"density_half{half}"));

    public string Model(int point, int half) => In(Texts.Line($"point_{point + 1:D3}_model_half{half}.star"));

    public MapFiles Map(int point) => new(In(Texts.Line($"point_{point + 1:D3}")));

    public string Atoms(int point) => In(Texts.Line($"morph_{point + 1:D3}.cif"));

    public string Cluster(int cluster) => In(Texts.Line($"cluster_{cluster + 1}.star"));

    public static string[] Two(string stem) => [stem + ".svg", stem + ".png"];

    private static IEnumerable<int> Numbers(int count) => Enumerable.Range(0, count);

    private string In(string name) => Path.Combine(Folder, name);
}
