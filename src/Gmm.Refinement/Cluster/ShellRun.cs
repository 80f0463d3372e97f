using System.ComponentModel;
using System.Diagnostics;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Runs a line of a shell.</summary>
internal static class ShellRun
{
    /// <summary>What a shell says of a command that is not there.</summary>
    public const int NotFound = 127;

    private const int TooLong = 124;

    /// <summary>Runs it to its end.</summary>
    /// <param name="line">The line.</param>
    /// <param name="most">How long it is waited for; then it is ended, with the code 124.</param>
    /// <returns>Exit code and what it wrote.</returns>
    /// <exception cref="InvalidInputException">There is no shell.</exception>
    public static (int Code, string Output, string Error) Run(string line, TimeSpan most)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", line])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            })!;
            process.StandardInput.Close();
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            if (!process.WaitForExit(most))
            {
                process.Kill(entireProcessTree: true);
                return (TooLong, string.Empty, "timed out");
            }

            process.WaitForExit();
            return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
        }
        catch (Win32Exception e)
        {
            throw new InvalidInputException($"/bin/sh cannot be run: {e.Message}", "--cluster", innerException: e);
        }
    }
}
