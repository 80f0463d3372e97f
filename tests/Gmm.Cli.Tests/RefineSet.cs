using System.Security.Cryptography;

namespace Gmm.Cli.Tests;

/// <summary>A simulated set that is refined in about a second, written once and copied for each test.</summary>
internal static class RefineSet
{
    public const int Count = 80;

    private static readonly Lazy<(string Name, byte[] Content)[]> Files = new(() =>
    {
        using var tool = new Tool();
        Tool.Run(
            "simulate", tool.WriteModel(), "--out", tool["sim"], "--particles", "80", "--box", "32", "--pixel-size", "2", "--snr", "3",
            "--disturb-degrees", "4").RequireSuccess();
        return [.. Directory.GetFiles(tool["sim"]).Select(f => (Path.GetFileName(f), File.ReadAllBytes(f)))];
    });

    /// <summary>Writes the set into a folder "in" of the tool's; returns the STAR file of disturbed poses.</summary>
    public static string Write(Tool tool)
    {
        Directory.CreateDirectory(tool["in"]);
        foreach (var (name, content) in Files.Value)
        {
            File.WriteAllBytes(tool["in/" + name], content);
        }

        return tool["in/disturbed.star"];
    }

    /// <summary>Options that keep it short.</summary>
    public static string[] Quick => ["--iterations", "2", "--gaussians", "50", "--max-resolution", "6", "--threads", "2"];

    /// <summary>Every file and folder below a folder, files with their hash.</summary>
    public static string[] Contents(string folder) =>
        [.. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(f => File.Exists(f) ? f + " " + Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))) : f)];
}
