using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gmm.EndToEnd;

/// <summary>What a table was measured on, and the peak memory of a process.</summary>
internal static class Machine
{
    /// <summary>Prints processor, runtime and load.</summary>
    public static void Print()
    {
        var cpu = ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            ?? "unknown processor";
        string[] flags = [Avx2.IsSupported ? "AVX2" : "", Fma.IsSupported ? "FMA" : "", Avx512F.IsSupported ? "AVX-512F" : ""];
        Console.WriteLine($"{cpu}, {Environment.ProcessorCount} cores, {string.Join(' ', flags.Where(f => f.Length > 0))} (Vector512 "
            + $"{(Vector512.IsHardwareAccelerated ? "used" : "not used")} by the runtime)");
        Console.WriteLine($"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        Console.WriteLine($"load average {Load()} at the start");
        Console.WriteLine();
    }

    /// <summary>The three load averages.</summary>
    public static string Load() => string.Join(' ', (ReadLines("/proc/loadavg").FirstOrDefault() ?? "unknown").Split(' ').Take(3));

    /// <summary>Peak resident memory of a process, megabytes (VmHWM); NaN where the system does not tell.</summary>
    public static double PeakMegabytes(string process = "self")
    {
        var line = ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM", StringComparison.Ordinal));
        return line is null ? double.NaN : double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) * 1024 / 1e6;
    }

    private static string[] ReadLines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];
}
