using System.Diagnostics;

namespace Gmm.TorchKit;

/// <summary>A built gmm with TorchSharp, run as a program.</summary>
internal sealed class Tool
{
    private readonly string _file;
    private readonly string[] _device;
    private readonly string? _projection;

    /// <summary>Finds it: KIT_GMM names gmm, gmm.dll or the folder of one; without it, that beside this program.</summary>
    public Tool(string device, string? projection)
    {
        var named = Environment.GetEnvironmentVariable("KIT_GMM") is { Length: > 0 } given ? Path.GetFullPath(given) : AppContext.BaseDirectory;
        var program = Path.Combine(named, "gmm");
        _file = !Directory.Exists(named) ? named : File.Exists(program) ? program : program + ".dll";
        (_device, _projection) = (["--device", device], projection);
        if (!File.Exists(_file))
        {
            throw new FileNotFoundException($"There is no {_file}: KIT_GMM names a gmm or gmm.dll built with -p:Torch=true.");
        }
    }

    /// <summary>Runs a verb on the processor or on the device; returns seconds of the processors and what it printed.</summary>
    public (double Seconds, string Output) Run(string arguments, bool onDevice, Func<bool>? kill = null)
    {
        var projects = _projection is not null && arguments.Split(' ')[0] is not ("build" or "reconstruct");
        string[] words =
        [
            .. _file.EndsWith(".dll", StringComparison.Ordinal) ? [_file] : Array.Empty<string>(), .. arguments.Split(' '), .. onDevice ? _device : [],
            .. onDevice && projects ? ["--device-projection", _projection!] : Array.Empty<string>(), "--quiet", "--json",
        ];
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
            catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
            {
                // It has ended meanwhile: what was read last counts.
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
