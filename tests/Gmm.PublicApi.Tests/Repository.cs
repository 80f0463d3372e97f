using System.Text.RegularExpressions;

namespace Gmm.PublicApi.Tests;

/// <summary>The working tree that the tests were built in.</summary>
internal static partial class Repository
{
    /// <summary>The folder of Gmm.sln, found from the test's output folder, because source paths are mapped away in deterministic builds.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The packages of Gmm.sln, by name: the projects under src/ that are packed.</summary>
    public static IReadOnlyList<SourceProject> Packages { get; } = [.. ProjectLine().Matches(File.ReadAllText(Path.Combine(Root, "Gmm.sln")))
        .Select(m => SourceProject.Read(Path.Combine(Root, "src", m.Groups[1].Value, m.Groups[1].Value + ".csproj")))
        .Where(p => p.IsPackable)
        .OrderBy(p => p.Name, StringComparer.Ordinal)];

    /// <summary>The names of the packages, for theories.</summary>
    public static TheoryData<string> PackageNames(bool libraries)
    {
        var names = new TheoryData<string>();
        names.AddRange([.. Packages.Where(p => !libraries || p.IsLibrary).Select(p => p.Name)]);
        return names;
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Gmm.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Gmm.sln above {AppContext.BaseDirectory}: run the tests inside the working tree.");
    }

    [GeneratedRegex("""
        "src\\([\w.]+)\\[\w.]+\.csproj"
        """)]
    private static partial Regex ProjectLine();
}
