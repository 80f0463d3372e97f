using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gmm.Refinement;

/// <summary>What a record says of the program and the machine that made it.</summary>
internal static class RunHost
{
    /// <summary>Version of the libraries.</summary>
    public static string Version { get; } = typeof(RunHost).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Runtime and operating system.</summary>
    public static string Runtime { get; } = $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}";

    /// <summary>Most memory that the process ever held, MB.</summary>
    public static double PeakRssMegabyte()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1e6;
    }
}
