namespace Gmm.Fuzz.Tests;

/// <summary>
/// The readers under test, with the folder that they work in. Tests of one collection run one after the other: they look at the processor's time.
/// </summary>
[CollectionDefinition(Name)]
public sealed class FuzzFolder : IDisposable, ICollectionFixture<FuzzFolder>
{
    public const string Name = "damaged files";

    private static readonly Lazy<IReadOnlyList<FuzzTarget>> s_all = new(() =>
    {
        using var folder = new FuzzFolder();
        return folder.Targets;
    });

    public FuzzFolder()
    {
        Path = Directory.CreateTempSubdirectory("gmm-damage-").FullName;
        Targets = [.. FuzzTargets.All(Path)];
    }

    /// <summary>All readers, to be looked at and not to read with.</summary>
    internal static IReadOnlyList<FuzzTarget> All => s_all.Value;

    public string Path { get; }

    internal IReadOnlyList<FuzzTarget> Targets { get; }

    internal FuzzTarget Of(string name) => Targets.Single(t => t.Name == name);

    /// <summary>What a reader makes of a file: what is slow by chance is not so twice.</summary>
    internal (string? Problem, string? Refused) Outcome(FuzzTarget target, byte[] file)
    {
        var path = System.IO.Path.Combine(Path, target.File);
        var trial = Trial.Run(target, path, file);
        trial = trial.Problem is null ? trial : Trial.Run(target, path, file);
        return (trial.Problem, trial.Refused);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
