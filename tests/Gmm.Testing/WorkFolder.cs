using System.Security.Cryptography;

namespace Gmm.Testing;

/// <summary>A folder that is deleted after a test.</summary>
internal sealed class WorkFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("gmm-refinement-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Name and hash of every file below a folder.</summary>
    public static SortedDictionary<string, string> Hashes(string folder) => new(
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f)))),
        StringComparer.Ordinal);

    /// <summary>Asserts that two runs wrote the same files byte by byte; the .json files hold times and are left out.</summary>
    public static void SameRun(string expected, string actual)
    {
        static IEnumerable<KeyValuePair<string, string>> Files(string folder) => Hashes(folder).Where(f => !f.Key.EndsWith(".json", StringComparison.Ordinal));
        Assert.Equal(Hashes(expected).Keys, Hashes(actual).Keys);
        Assert.Equal(Files(expected), Files(actual));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
