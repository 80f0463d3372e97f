using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gmm.Core;

namespace Gmm.TestData;

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

    /// <summary>Makes the list of a run's files say that a file is as it should be: what somebody could do who means to deceive.</summary>
    public static void Reseal(string folder, string name)
    {
        var list = Path.Combine(folder, "gmm_files.json");
        var json = JsonNode.Parse(File.ReadAllText(list))!;
        var bytes = File.ReadAllBytes(Path.Combine(folder, name));
        json["seals"]![name] = new JsonObject { ["bytes"] = bytes.Length, ["hash"] = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)) };
        File.WriteAllText(list, json.ToJsonString());
    }

    /// <summary>
    /// Asserts that a run is not gone on with where one of its files has another byte, or a byte more; the error names it, and nothing else changes.
    /// </summary>
    public static void RefusesEdits(string folder, Func<InvalidInputException> resume, params string[] names)
    {
        foreach (var name in names)
        {
            var path = Path.Combine(folder, name);
            var good = File.ReadAllBytes(path);
            var last = Array.FindLastIndex(good, b => char.IsAsciiDigit((char)b));
            byte[] other = [.. good];
            other[last] = (byte)(good[last] == '1' ? '2' : '1');
            foreach (var (content, problem) in new[] { (other, "has other content than the run wrote"), ([.. good, (byte)'\n'], "the run wrote ") })
            {
                File.WriteAllBytes(path, content);
                var before = Hashes(folder);
                var error = resume();
                Assert.Equal(path, error.File);
                Assert.Contains(problem, error.Message, StringComparison.Ordinal);
                Assert.Equal(before, Hashes(folder));
            }

            File.WriteAllBytes(path, good);
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
