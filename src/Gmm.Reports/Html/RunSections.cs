using System.Globalization;
using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Reports;

/// <summary>Sections that the reports of all kinds of runs share.</summary>
internal static class RunSections
{
    private static readonly string[] s_reading = ["--root", "--ctf-state", "--pixel-size", "--odd-origin", "--cache", "--cache-size", "--normalize"];
    private static readonly string[] s_readingFlags = ["--invert", "--keep-contrast"];

    /// <summary>The last line of a page.</summary>
    public static string Footer(string version, string? runtime = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"Gmm {version}{(runtime is null ? string.Empty : ", " + runtime)}. Page made {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC. It asks for nothing ")
        + "from any network. Charts: plotly.js (MIT). Surface: 3Dmol.js (BSD 3-Clause).";

    /// <summary>What it was made with: settings, versions and files.</summary>
    public static ReportSection Made(ReportRun run, IEnumerable<(string Name, string Value)> facts) => new(
        "made", "How it was made", null,
        [
            new FactsBlock(facts),
            new FactsBlock(Flat(string.Empty, run.Manifest.Settings), "All settings"),
            Files(run.Path, run.Files()),
        ]);

    /// <summary>A setting of a run as text; a dash where it has none.</summary>
    public static string Setting(JsonObject settings, string name) => settings[name]?.ToString() ?? "–";

    /// <summary>Settings line by line, those of a part with its name before theirs.</summary>
    private static IEnumerable<(string Name, string Value)> Flat(string prefix, JsonObject settings) => settings.SelectMany(s =>
        s.Value is JsonObject named && PartJson.Text(named) is { } text ? [(prefix + s.Key, text)]
        : s.Value is JsonObject { Count: > 0 } part ? Flat(prefix + s.Key + ".", part) : [(prefix + s.Key, s.Value?.ToString() ?? "none")]);

    /// <summary>The files of a job.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="listed">Their names there, and their sizes.</param>
    public static TableBlock Files(string folder, IEnumerable<(string Name, long Bytes)> listed)
    {
        var files = listed.ToArray();
        return new TableBlock(
            ["File", "Size"], files.Select(f => (string[])[f.Name, ReportText.Bytes(f.Bytes)]), 1,
            FormattableString.Invariant($"{files.Length} files, {ReportText.Bytes(files.Sum(f => (double)f.Bytes))} in {folder}"));
    }

    /// <summary>What can be done with a run that has not come to its end.</summary>
    /// <param name="run">The run.</param>
    public static IEnumerable<(string Purpose, string[] Words)> Unfinished(ReportRun run)
    {
        yield return ("Make this page again", ["gmm", "report", run.Path]);
        if (run.Status != ReportRun.Running && run.Manifest.Job != "landscape")
        {
            string[] words = [.. ShellWords.Split(run.Manifest.Program).Where(w => w is not ("--overwrite" or "--resume"))];
            yield return ("Go on with the run, in the folder that it was begun in", [.. words, "--resume"]);
        }
    }

    /// <summary>The options of a run that say how its particles are read and their images taken: those that come after need them too.</summary>
    /// <param name="run">The run.</param>
    public static string[] Reading(ReportRun run)
    {
        var given = ShellWords.Split(run.Manifest.Program);
        var words = new List<string>();
        for (var i = 0; i < given.Count; i++)
        {
            var name = given[i].Split('=', ':')[0];
            if (s_readingFlags.Contains(given[i]) || (s_reading.Contains(name) && name != given[i]))
            {
                words.Add(given[i]);
            }
            else if (s_reading.Contains(name) && i + 1 < given.Count)
            {
                words.AddRange([name, given[++i]]);
            }
        }

        return [.. words];
    }

    /// <summary>What can be done next.</summary>
    public static ReportSection Next(IEnumerable<(string Purpose, string[] Words)> commands) => new(
        "next", "What to run next", null,
        commands.ToArray() is { Length: > 0 } some
            ? [new CommandsBlock(some.Select(c => (c.Purpose, string.Join(' ', c.Words.Select(ShellWord.Quote)))))]
            : [new TextBlock("Nothing follows from this by itself.")]);

    /// <summary>The chart of FSC curves over resolution, with its threshold.</summary>
    public static PlotBlock Fsc(string title, IReadOnlyList<PlotSeries> series, string? caption = null)
    {
        var end = series.SelectMany(s => s.X).DefaultIfEmpty(0).Max();
        var lowest = series.SelectMany(s => s.Y).Where(double.IsFinite).DefaultIfEmpty(0).Min();
        return new PlotBlock(
            PlotStyle.Lines, title,
            new PlotAxis("Resolution (Å)") { IsResolution = true, Range = (0, end), Ticks = ResolutionTicks(end) },
            new PlotAxis("Correlation") { Range = (Math.Min(-0.05, Math.Max(lowest - 0.02, -0.3)), 1.03) }, series)
        {
            Lines = [(0.143, "0.143")],
            Height = 400,
            Caption = caption,
        };
    }

    /// <summary>Round resolutions that are far enough apart on an axis of frequencies.</summary>
    public static (double At, string Text)[] ResolutionTicks(double end)
    {
        double[] round = [100, 50, 30, 20, 15, 12, 10, 8, 7, 6, 5, 4.5, 4, 3.5, 3, 2.8, 2.5, 2.2, 2, 1.8, 1.6, 1.5, 1.4, 1.3, 1.2, 1.1, 1];
        var ticks = new List<(double, string)>();
        foreach (var angstrom in round)
        {
            var at = 1 / angstrom;
            if (at <= end * 1.0001 && (ticks.Count == 0 ? at > 0.05 * end : at - ticks[^1].Item1 > 0.075 * end))
            {
                ticks.Add((at, angstrom.ToString("0.#", CultureInfo.InvariantCulture)));
            }
        }

        return [.. ticks];
    }

    /// <summary>A histogram of values of particles; null where no value is known.</summary>
    /// <param name="title">What they are.</param>
    /// <param name="axis">The same with the unit.</param>
    /// <param name="values">The values; those that are not finite are left out.</param>
    /// <param name="counted">What is counted.</param>
    public static PlotBlock? Histogram(string title, string axis, IEnumerable<double> values, string counted = "Particles")
    {
        var finite = values.Where(double.IsFinite).Order().ToArray();
        if (finite.Length == 0)
        {
            return null;
        }

        // The farthest half per cent would leave no room for the others; they are counted in the last bin.
        var (low, high) = (finite[finite.Length / 200], finite[^(1 + (finite.Length / 200))]);
        if (low > 0 && low < 0.5 * high)
        {
            low = 0;
        }

        const int Bins = 40;
        if (!(high > low))
        {
            (low, high) = (low - 0.5, high + 0.5);
        }

        var step = RoundNumbers.Step(high - low, Bins);
        var first = Math.Floor(low / step) * step;
        var count = Math.Max(1, (int)Math.Ceiling(((high - first) / step) - 1e-9));
        var counts = new double[count];
        foreach (var value in finite)
        {
            counts[Math.Clamp((int)((value - first) / step), 0, count - 1)]++;
        }

        var median = Medians.OfFinite(finite);
        return new PlotBlock(
            PlotStyle.Histogram, title, new PlotAxis(axis) { Range = (first, first + (count * step)) }, new PlotAxis(counted),
            [new PlotSeries(title, [.. Enumerable.Range(0, count).Select(i => first + ((i + 0.5) * step))], counts)])
        {
            Uprights = [(median, $"median {ReportText.Number(median)}")],
            Height = 240,
        };
    }
}
