namespace Gmm.Fuzz.Tests;

/// <summary>The readers under test, with the folder that they work in.</summary>
public sealed class FuzzFolder : IDisposable
{
    public FuzzFolder()
    {
        Path = Directory.CreateTempSubdirectory("gmm-damage-").FullName;
        Targets = [.. FuzzTargets.All(Path)];
    }

    public string Path { get; }

    internal IReadOnlyList<FuzzTarget> Targets { get; }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
