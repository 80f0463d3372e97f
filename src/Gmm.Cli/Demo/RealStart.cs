namespace Gmm.Cli;

/// <summary>Poses of the real images that the demo refines.</summary>
/// <param name="Poses">Their name in the demo's data.</param>
/// <param name="Name">As people read it.</param>
/// <param name="Prefix">What its files begin with.</param>
/// <param name="Folder">Where the refinement goes.</param>
internal sealed record RealStart(string Poses, string Name, string Prefix, string Folder)
{
    public string Star => Prefix + ".star";

    public MapFiles Maps => new(Prefix);
}
