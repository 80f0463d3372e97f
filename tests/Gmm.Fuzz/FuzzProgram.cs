using System.Diagnostics;
using System.Globalization;

namespace Gmm.Fuzz;

/// <summary>Gives every reader of the library damaged files and says which of them broke a rule (<see cref="Judge"/>).</summary>
internal static class FuzzProgram
{
    private const string Help =
        """
        Gives every reader damaged files made of whole ones, and checks what comes back.
          --minutes M    stop after so many minutes (1 by default; 0 for no limit)
          --inputs N     stop after so many inputs (no limit by default)
          --seed S       where the row of random numbers starts (1 by default)
          --target NAME  this reader only; may be given several times
          --input I      this input only, of one target: repeats a finding
          --real FOLDER  damages the files in and below this folder too, those of up to 300 kB whose reader is under test
          --keep FOLDER  where inputs that broke a rule are kept (fuzz-findings by default)
          --list         names the targets
        Exit code 0: no rule was broken; 1: some was; 2: wrong usage.
        """;

    public static int Run(string[] args, TextWriter output)
    {
        if (!FuzzOptions.TryParse(args, out var options))
        {
            output.WriteLine(Help);
            return 2;
        }

        var work = Directory.CreateTempSubdirectory("gmm-fuzz-").FullName;
        try
        {
            var all = FuzzTargets.All(work).Select(t => options.Real is { } real && !t.IsFoundByName ? t.With(real) : t);
            var targets = all.Where(t => options.Targets.Count == 0 || options.Targets.Contains(t.Name)).ToArray();
            if (options.List || targets.Length == 0 || options.Targets.Any(t => targets.All(x => x.Name != t)))
            {
                output.WriteLine(string.Join('\n', FuzzTargets.All(work).Select(t => t.Name)));
                return options.List ? 0 : 2;
            }

            return Loop(targets, options, work, output);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static int Loop(FuzzTarget[] targets, FuzzOptions options, string work, TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        using var judge = new Judge(options, work, output);
        foreach (var target in targets)
        {
            judge.Whole(target);
        }

        long done = 0;
        for (var i = options.Input ?? 0; ; i++)
        {
            foreach (var target in targets)
            {
                judge.Input(target, i);
                done++;
            }

            var timeIsUp = options.Minutes > 0 && clock.Elapsed.TotalMinutes >= options.Minutes;
            if (options.Input is not null || timeIsUp || done >= options.Inputs || judge.Findings >= Judge.MostFindings)
            {
                break;
            }
        }

        var seconds = clock.Elapsed.TotalSeconds;
        output.WriteLine($"{"target",-14} {"inputs",8} {"read",8} {"refused",8} {"findings",8} {"us/input",9}");
        foreach (var target in targets)
        {
            var t = judge.Of(target);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name,-14} {t.Inputs,8} {t.Read,8} {t.Refused,8} {t.Findings,8} {1e6 * t.Seconds / Math.Max(1, t.Inputs),9:F0}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{done} inputs in {seconds:F0} s, {done / seconds:F0} a second, seed {options.Seed}: {judge.Findings} findings"));
        return judge.Findings == 0 ? 0 : 1;
    }
}
