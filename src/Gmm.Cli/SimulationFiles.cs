namespace Gmm.Cli;

/// <summary>The files of a simulated set.</summary>
/// <param name="Folder">Their folder.</param>
internal sealed record SimulationFiles(string Folder)
{
    public const string StackName = "particles.mrcs";

    public string Stack => Path.Combine(Folder, StackName);

    public string TrueStar => Path.Combine(Folder, "true.star");

    public string DisturbedStar => Path.Combine(Folder, "disturbed.star");

    public string TrueMap => Path.Combine(Folder, "true_map.mrc");

    public string[] All => [Stack, TrueStar, DisturbedStar, TrueMap];
}
