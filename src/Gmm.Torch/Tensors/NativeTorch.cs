using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Gmm.Torch;

/// <summary>Loads TorchSharp's native library, and libtorch with it, once, before TorchSharp does.</summary>
/// <remarks>
/// libtorch's threads wait passively: by default they spin, against the threads of the rest of the program, which made both two to four times slower.
/// Where TorchSharp cannot load it, it copies half a gigabyte of libraries beside the program, tries again, and writes what it did to standard output, without
/// the reason.
/// </remarks>
internal static partial class NativeTorch
{
    private const string Library = "LibTorchSharp";

    private static readonly Lazy<string?> s_error = new(Load);

    /// <summary>Why it cannot be loaded, in one line, in the words of the system's loader; null where it is loaded.</summary>
    public static string? Error => s_error.Value;

    /// <summary>What the runtime's message says beside the names under which there was no file.</summary>
    /// <param name="message">Of a <see cref="DllNotFoundException"/>.</param>
    /// <returns>One line.</returns>
    public static string Reason(string message)
    {
        // The first line only says how to find out more.
        var lines = message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return lines.Skip(1).FirstOrDefault(l => !NoSuchFile().IsMatch(l)) ?? $"there is no {Library} for this system beside the program";
    }

    private static string? Load()
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // The OpenMP library looks when it is loaded, and not at .NET's copy of the environment. What the user has set stays.
                _ = SetVariable("OMP_WAIT_POLICY\0"u8.ToArray(), "PASSIVE\0"u8.ToArray(), 0);
            }

            NativeLibrary.Load(Library, typeof(torch).Assembly, null);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            var reason = Reason(e.Message);
            return IsApplication || !TryByTorchSharp() ? reason : null;
        }
    }

    /// <summary>
    /// Whether TorchSharp lies in the program's own folder. In a notebook it lies in its package's, and gathers what it needs from other packages.
    /// </summary>
    private static bool IsApplication =>
        Path.GetDirectoryName(typeof(torch).Assembly.Location) is { } folder && folder == Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    private static bool TryByTorchSharp()
    {
        try
        {
            InitializeDeviceType(DeviceType.CPU);
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or NotSupportedException or TypeInitializationException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "setenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetVariable(byte[] name, byte[] value, int overwrite);

    [GeneratedRegex(@"LibTorchSharp(\.so|\.dylib)?: cannot open shared object file: No such file|LibTorchSharp(\.dylib)?' \(no such file\)")]
    private static partial Regex NoSuchFile();
}
