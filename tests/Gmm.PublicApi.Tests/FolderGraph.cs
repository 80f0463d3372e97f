using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gmm.PublicApi.Tests;

/// <summary>
/// Which folders of a package refer to which. The compiler reads the sources: a folder refers to another where a name in its code means a type
/// of the other one, or a member of such a type. Comments, strings and names that only look alike do not count, and neither does <c>var</c>.
/// </summary>
internal sealed class FolderGraph
{
    /// <summary>The folder of files that lie in no folder.</summary>
    public const string RootFolder = ".";

    private static readonly PortableExecutableReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p))];

    // The places in the code where one folder names what is another's.
    private readonly SortedDictionary<(string From, string To), List<string>> _arrows = [];

    private FolderGraph(CSharpCompilation compilation)
    {
        var (names, unknown) = (0, new List<string>());
        foreach (var tree in compilation.SyntaxTrees.Where(t => t.FilePath.Length > 0))
        {
            var model = compilation.GetSemanticModel(tree);
            var from = FolderOf(tree.FilePath);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>()
                .Where(n => !n.IsVar && n.Identifier.Text is not ("nameof" or "unmanaged")))
            {
                names++;
                var info = model.GetSymbolInfo(name);
                var place = $"{tree.FilePath}({name.GetLocation().GetLineSpan().StartLinePosition.Line + 1}): {name}";
                if ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is not { } symbol)
                {
                    unknown.Add(place);
                    continue;
                }

                foreach (var to in Folders(symbol).Where(to => to != from))
                {
                    _arrows.TryAdd((from, to), []);
                    _arrows[(from, to)].Add(place);
                }
            }
        }

        // What source generators add is missing here. If much more is, the sources are not understood and arrows are overlooked.
        if (unknown.Count > names / 100)
        {
            throw new InvalidOperationException(
                $"{unknown.Count} of {names} names of {compilation.AssemblyName} mean nothing to the test: {string.Join("; ", unknown.Take(10))}");
        }
    }

    /// <summary>The arrows, as "From -> To".</summary>
    public IEnumerable<string> Arrows => _arrows.Keys.Select(Text);

    /// <summary>The graph of a package's sources.</summary>
    public static FolderGraph Of(SourceProject package) =>
        Of(
            package.AssemblyName,
            package.Sources.Select(s => (s.Path, File.ReadAllText(s.File))).Append(("", package.GlobalUsings)),
            package.IsLibrary ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication);

    /// <summary>The graph of sources given as paths within a package and texts; those without a path are of no folder.</summary>
    public static FolderGraph Of(string assemblyName, IEnumerable<(string Path, string Text)> files, OutputKind kind)
    {
        const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
            + " global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";
        var parsing = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None);
        var trees = files.Select(f => CSharpSyntaxTree.ParseText(f.Text, parsing, f.Path)).Append(CSharpSyntaxTree.ParseText(ImplicitUsings, parsing));
        var references = s_references.Where(r => Path.GetFileNameWithoutExtension(r.FilePath) != assemblyName);
        var options = new CSharpCompilationOptions(kind, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);
        return new FolderGraph(CSharpCompilation.Create(assemblyName, trees, references, options));
    }

    /// <summary>The arrows that lie on a cycle when some are left out, each with how many places it has and the first of them.</summary>
    public IEnumerable<(string Arrow, string Places)> OnCyclesWithout(IReadOnlyCollection<string> leftOut)
    {
        var kept = _arrows.Keys.Where(a => !leftOut.Contains(Text(a))).ToLookup(a => a.From, a => a.To);
        return _arrows.Where(a => !leftOut.Contains(Text(a.Key)) && Reaches(kept, a.Key.To, a.Key.From, []))
            .Select(a => (Text(a.Key), $"{a.Value.Count} x, first {a.Value[0]}"));
    }

    private static string Text((string From, string To) arrow) => $"{arrow.From} -> {arrow.To}";

    private static bool Reaches(ILookup<string, string> arrows, string from, string to, HashSet<string> seen) =>
        from == to || (seen.Add(from) && arrows[from].Any(next => Reaches(arrows, next, to, seen)));

    private static string FolderOf(string path) => path.Split('/') is [var folder, _, ..] ? folder : RootFolder;

    private static IEnumerable<string> Folders(ISymbol symbol)
    {
        var type = symbol is INamespaceSymbol ? null : symbol as INamedTypeSymbol ?? symbol.ContainingType;
        var files = type?.OriginalDefinition.DeclaringSyntaxReferences.Select(r => r.SyntaxTree.FilePath) ?? [];
        return files.Where(p => p.Length > 0).Select(FolderOf).Distinct();
    }
}
