using System.Diagnostics;
using System.Globalization;
using Gmm.Core;

namespace Gmm.Fuzz;

/// <summary>
/// One file given to one reader, and the rules: a right result or an <see cref="InvalidInputException"/> of one printable line that names the file; no other
/// exception; one second of the processor; 64 MB and ten times the input of memory, all that was ever taken counted; no number that is not finite.
/// </summary>
/// <param name="Problem">The rule that was broken; null if none was.</param>
/// <param name="Refused">What the reader said against the file; null if it was read.</param>
/// <param name="Seconds">Wall time.</param>
internal sealed record Trial(string? Problem, string? Refused, double Seconds)
{
    private const double MostSeconds = 1;
    private const long Memory = 64 << 20;
    private const int MemoryPerByte = 10;

    /// <summary>Writes the file and lets the reader read it.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="path">Where the file goes.</param>
    /// <param name="bytes">The file.</param>
    public static Trial Run(FuzzTarget target, string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        var numbers = new Numbers();
        string? problem = null, refused = null;
        var (before, cpu, clock) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        try
        {
            target.Read(path, numbers);
            problem = numbers.Bad;
        }
        catch (InvalidInputException e)
        {
            refused = e.Message;
            problem = !e.Message.Contains(path, StringComparison.Ordinal) ? $"the message does not name the file: {e.Message}"
                : e.Message.Any(char.IsControl) ? $"the message is not one printable line: {e.Message.ReplaceLineEndings("<line>")}"
                : numbers.Bad;
        }
#pragma warning disable CA1031 // Whatever is thrown is what is looked for.
        catch (Exception e)
#pragma warning restore CA1031
        {
            problem = e.ToString();
        }

        var wall = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        var seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        problem ??= taken > Memory + ((long)MemoryPerByte * bytes.Length) ? $"took {taken >> 20} MB for {bytes.Length} bytes"
            : seconds > MostSeconds ? string.Create(CultureInfo.InvariantCulture, $"took {seconds:F1} s for {bytes.Length} bytes")
            : null;
        return new Trial(problem, refused, wall);
    }
}
