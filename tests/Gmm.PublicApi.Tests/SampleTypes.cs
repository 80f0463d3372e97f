using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gmm.PublicApi.Tests;

/// <summary>The types that programs under samples/ declare, compiled as they stand there against the public surface.</summary>
internal static class SampleTypes
{
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
        + " global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>Makes an object of a type that a sample declares.</summary>
    /// <param name="sample">File name under samples/.</param>
    /// <param name="type">Name of the type.</param>
    /// <param name="arguments">What its constructor takes.</param>
    public static object Create(string sample, string type, params object[] arguments) =>
        Activator.CreateInstance(
            Compile(sample).GetType(type, throwOnError: true)!, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, arguments, null)!;

    private static Assembly Compile(string sample)
    {
        // Lines that begin with "#:" are for the command line, not for the compiler.
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "samples", sample)).Select(l => l.StartsWith("#:", StringComparison.Ordinal) ? "" : l);
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create(
            "sample", [CSharpSyntaxTree.ParseText(string.Join('\n', lines), parsing), CSharpSyntaxTree.ParseText(ImplicitUsings, parsing)],
            references, options);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, $"samples/{sample}: {string.Join("; ", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error))}");
        return Assembly.Load(image.ToArray());
    }
}
