using System.Xml.Linq;

namespace Gmm.PublicApi.Tests;

/// <summary>What a project file under src/ says: its package, its assembly and the projects that it refers to.</summary>
internal sealed record SourceProject(string Name, string AssemblyName, bool IsPackable, bool IsLibrary, IReadOnlyList<string> References)
{
    /// <summary>The sources: the path within the package, where a file of another one is linked to that of the link, and the file.</summary>
    public required IReadOnlyList<(string Path, string File)> Sources { get; init; }

    /// <summary>The using directives that the project file gives to every source.</summary>
    public required string GlobalUsings { get; init; }

    /// <summary>Reads a project file.</summary>
    public static SourceProject Read(string path)
    {
        var xml = XDocument.Load(path);
        var name = Path.GetFileNameWithoutExtension(path);
        string? Property(string property) => xml.Descendants(property).LastOrDefault()?.Value;
        var folder = Path.GetDirectoryName(path)!;
        var own = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(f => (Path: Path.GetRelativePath(folder, f).Replace('\\', '/'), File: f))
            .Where(f => !f.Path.StartsWith("bin/", StringComparison.Ordinal) && !f.Path.StartsWith("obj/", StringComparison.Ordinal));
        var linked = xml.Descendants("Compile").Where(c => c.Attribute("Link") is not null)
            .Select(c => (c.Attribute("Link")!.Value, Path.Combine(folder, c.Attribute("Include")!.Value)));
        var references = xml.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
        return new SourceProject(
            name,
            Property("AssemblyName") ?? name,
            Property("IsPackable") != "false",
            Property("OutputType") != "Exe",
            [.. references.Order(StringComparer.Ordinal)])
        {
            GlobalUsings = string.Concat(xml.Descendants("Using")
                .Select(u => $"global using {(u.Attribute("Static")?.Value == "true" ? "static " : "")}{u.Attribute("Include")!.Value};")),
            Sources = [.. own.Concat(linked).OrderBy(f => f.Item1, StringComparer.Ordinal)],
        };
    }
}
