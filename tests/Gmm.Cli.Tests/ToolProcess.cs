using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Gmm.Cli.Tests;

/// <summary>The tool in a process of its own, which can be killed.</summary>
internal sealed class ToolProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ToolProcess(Process process) =>
        (_process, _output, _error) = (process, process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());

    public static string Dll => Path.Combine(AppContext.BaseDirectory, "gmm.dll");

    public bool IsRunning => !_process.HasExited;

    /// <summary>
    /// Starts the tool. Whoever started the tests may ignore signals (nohup, a shell's background job), and that is inherited: signals are as by
    /// default again where env can say so.
    /// </summary>
    public static ToolProcess Start(params IEnumerable<string> args) =>
        OperatingSystem.IsLinux() ? Start("env", ["--default-signal=HUP,INT,TERM", "dotnet", Dll, .. args]) : Start("dotnet", [Dll, .. args]);

    /// <summary>Starts the tool as a shell does under nohup.</summary>
    public static ToolProcess StartWithoutHangup(params IEnumerable<string> args) =>
        Start("sh", ["-c", "trap '' HUP; exec \"$@\"", "sh", "dotnet", Dll, .. args]);

    /// <summary>What the process has computed, whatever else the machine does; null when it has ended.</summary>
    public TimeSpan? OwnTime
    {
        get
        {
            try
            {
                _process.Refresh();
                return _process.HasExited ? null : _process.TotalProcessorTime;
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                return null;
            }
        }
    }

    public void Signal(string signal)
    {
        using var kill = Process.Start("sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {_process.Id}")]);
        kill.WaitForExit();
    }

    public void Kill() => _process.Kill();

    public ToolRun Wait()
    {
        Assert.True(_process.WaitForExit(TimeSpan.FromMinutes(3)), "the tool does not end");
        return new ToolRun(_process.ExitCode, _output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static ToolProcess Start(string program, IEnumerable<string> args)
    {
        var start = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredPGO"] = "0";
        return new ToolProcess(Process.Start(start)!);
    }
}
