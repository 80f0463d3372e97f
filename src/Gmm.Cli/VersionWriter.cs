using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Gmm.Cli;

/// <summary>Writes the version of the tool, and what a tool with TorchSharp sees of devices.</summary>
/// <param name="more">A second line; null for none.</param>
internal sealed class VersionWriter(Func<string?> more) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(typeof(VersionWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        if (more() is { } line)
        {
            output.WriteLine(line);
        }

        return 0;
    }
}
