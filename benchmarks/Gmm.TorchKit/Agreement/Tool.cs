using System.Diagnostics;

namespace Gmm.TorchKit;

/// <summary>A built gmm with TorchSharp, run as a program.</summary>
internal sealed class Tool
{
    private readonly string _file;
    private readonly string _device;

    /// <summary>Finds it: KIT_GMM names gmm or gmm.dll; without it, that beside this program.</summary>
    public Tool(string device)
    {
        var beside = Path.Combine(AppContext.BaseDirectory, "gmm");
        _file = Environment.GetEnvironmentVariable("KIT_GMM") is { Length: > 0 } named ? Path.GetFullPath(named) : beside;
        _device = device;
        if (!File.Exists(_file))
        {
            throw new FileNotFoundException($"There is no {_file}: KIT_GMM names a gmm or gmm.dll built with -p:Torch=true.");
        }
    }

    /// <summary>Runs a verb on the processor or on the device; returns seconds of the processors and what it printed.</summary>
    public (double Seconds, string Output) Run(string arguments, bool onDevice, Func<bool>? kill = null)
    {
        var words = (_file.EndsWith(".dll", StringComparison.Ordinal) ? [_file] : Array.Empty<string>())
            .Concat(arguments.Split(' ')).Concat(onDevice ? ["--device", _device] : []).Concat(["--quiet", "--json"]);
        var start = new ProcessStartInfo(_file.EndsWith(".dll", StringComparison.Ordinal) ? "dotnet" : _file, words)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        double used = 0;
        var killed = false;
        while (!process.WaitForExit(20))
        {
            try
            {
                used = process.TotalProcessorTime.TotalSeconds;
            }
            catch (InvalidOperationException)
            {
                break;
            }

            if (!killed && kill?.Invoke() == true)
            {
                process.Kill(entireProcessTree: true);
                killed = true;
            }
        }

        process.WaitForExit();
        return killed == kill is not null && (killed || process.ExitCode == 0)
            ? (used, output.Result)
            : throw new InvalidOperationException($"gmm {arguments}: exit code {process.ExitCode}. {output.Result} {errors.Result}");
    }
}
