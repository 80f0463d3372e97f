using Gmm.Refinement;

namespace Gmm.Fuzz;

/// <summary>A reader under test: files that it reads whole, ways to damage them, and what it is asked to do.</summary>
/// <param name="Name">Short name, for the command line.</param>
/// <param name="File">Name of the file, ending included.</param>
/// <param name="Seeds">Whole files, each of which must be read.</param>
/// <param name="Mutator">Damages them.</param>
/// <param name="Read">Reads a file and shows all numbers that come of it.</param>
internal sealed record FuzzTarget(string Name, string File, IReadOnlyList<byte[]> Seeds, IMutator Mutator, Action<string, Numbers> Read)
{
    private const int LargestSeed = 300_000;

    /// <summary>The target with the real files of its ending in a folder too; what its reader refuses whole is damaged all the same.</summary>
    /// <param name="folder">The folder.</param>
    public FuzzTarget With(string folder)
    {
        // "map.mrc.gz" has files of .mrc.gz.
        var ending = File[File.IndexOf('.', StringComparison.Ordinal)..];
        return this with
        {
            RealSeeds = [.. Directory.EnumerateFiles(folder, "*" + ending, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Where(f => new FileInfo(f).Length <= LargestSeed).Select(System.IO.File.ReadAllBytes)],
        };
    }

    /// <summary>Whether it is a verb of the tool, which takes longer than a reader.</summary>
    public bool IsVerb { get; init; }

    /// <summary>Whether no file is a right answer too: what is not there yet.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>Whether it is looked for by its name: in a folder, or where another file says.</summary>
    public bool IsFoundByName { get; init; }

    /// <summary>Whether a checksum tells every change of the file.</summary>
    public bool IsSealed => Mutator is HeadedMutator { IsSealed: true };

    /// <summary>Real files, not all of which the reader must read.</summary>
    public IReadOnlyList<byte[]> RealSeeds { get; private init; } = [];
}

/// <summary>Damages a file.</summary>
internal interface IMutator
{
    /// <summary>A damaged copy.</summary>
    /// <param name="seed">A whole file.</param>
    /// <param name="random">The only source of chance.</param>
    byte[] Mutate(byte[] seed, Random random);

    /// <summary>A copy damaged by a given rule, where it is not lost in what guards the content: inside an archive, with a checksum that fits.</summary>
    /// <param name="seed">A whole file.</param>
    /// <param name="damage">Damages bytes.</param>
    byte[] Around(byte[] seed, Func<byte[], byte[]> damage) => damage(seed);
}

/// <summary>Takes the numbers that a reader gives: none may be NaN or infinite.</summary>
internal sealed class Numbers
{
    /// <summary>The first number that was not finite, and where it was; null if there was none.</summary>
    public string? Bad { get; private set; }

    public void Add(string what, double value)
    {
        if (!double.IsFinite(value))
        {
            Bad ??= $"{what} = {value}";
        }
    }

    public void Add(string what, params ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            Add(what, value);
        }
    }

    public void Add(string what, ReadOnlySpan<float> values)
    {
        foreach (var value in values)
        {
            Add(what, (double)value);
        }
    }

    /// <summary>A rule of the target's own that does not hold.</summary>
    public void Require(bool holds, string rule)
    {
        if (!holds)
        {
            Bad ??= rule;
        }
    }
}
