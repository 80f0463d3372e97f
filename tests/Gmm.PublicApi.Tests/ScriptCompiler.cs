using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gmm.PublicApi.Tests;

/// <summary>Compiles a program of one file against the public surface of the packages, as `dotnet run FILE.cs` would.</summary>
internal static class ScriptCompiler
{
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;"
        + " global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>Compiles; lines that begin with "#:" are for the command line, not for the compiler.</summary>
    /// <param name="name">What the message calls it.</param>
    /// <param name="code">The program.</param>
    public static Assembly Compile(string name, string code)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n').Select(l => l.StartsWith("#:", StringComparison.Ordinal) ? "" : l);
        var parsing = new CSharpParseOptions(LanguageVersion.Latest);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create(
            "program", [CSharpSyntaxTree.ParseText(string.Join('\n', lines), parsing), CSharpSyntaxTree.ParseText(ImplicitUsings, parsing)],
            references, options);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.True(result.Success, $"{name}: {string.Join("; ", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error))}");
        return Assembly.Load(image.ToArray());
    }
}
