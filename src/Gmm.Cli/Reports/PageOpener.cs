using System.ComponentModel;
using System.Diagnostics;

namespace Gmm.Cli;

/// <summary>Opens a page in the person's browser.</summary>
internal static class PageOpener
{
    /// <summary>Opens it where there is a display; where not, or where nothing opens pages, nothing happens.</summary>
    /// <param name="path">The page.</param>
    /// <returns>Whether something was started that opens it.</returns>
    public static bool TryOpen(string path)
    {
        if (Command(Path.GetFullPath(path), Environment.GetEnvironmentVariable) is not { } start)
        {
            return false;
        }

        try
        {
            using var process = Process.Start(start);
            return process is not null || start.UseShellExecute;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    /// <summary>What opens a page on this system; null where there is no display.</summary>
    internal static ProcessStartInfo? Command(string path, Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows())
        {
            return new ProcessStartInfo(path) { UseShellExecute = true };
        }

        if (OperatingSystem.IsMacOS())
        {
            return Quiet("open", path);
        }

        return string.IsNullOrEmpty(environment("DISPLAY")) && string.IsNullOrEmpty(environment("WAYLAND_DISPLAY")) ? null : Quiet("xdg-open", path);
    }

    /// <summary>A browser's own messages are not the tool's.</summary>
    private static ProcessStartInfo Quiet(string program, string path) => new(program)
    {
        ArgumentList = { path },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        RedirectStandardInput = true,
    };
}
