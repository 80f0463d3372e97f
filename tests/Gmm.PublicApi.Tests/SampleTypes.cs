using System.Reflection;

namespace Gmm.PublicApi.Tests;

/// <summary>The types that programs under samples/ declare, compiled as they stand there against the public surface.</summary>
internal static class SampleTypes
{
    /// <summary>Makes an object of a type that a sample declares.</summary>
    /// <param name="sample">File name under samples/.</param>
    /// <param name="type">Name of the type.</param>
    /// <param name="arguments">What its constructor takes.</param>
    public static object Create(string sample, string type, params object[] arguments)
    {
        var program = ScriptCompiler.Compile($"samples/{sample}", File.ReadAllText(Path.Combine(Repository.Root, "samples", sample)));
        return Activator.CreateInstance(
            program.GetType(type, throwOnError: true)!, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, null, arguments, null)!;
    }
}
