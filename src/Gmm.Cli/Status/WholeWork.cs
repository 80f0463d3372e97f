using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>What is whole in the folder of a run: what a run that was stopped has kept, and goes on from.</summary>
/// <param name="Iteration">The last iteration; null in a job without, and before the start's maps.</param>
/// <param name="Resolution">The resolution after it, angstrom; null for none.</param>
/// <param name="Written">When each iteration was written.</param>
/// <param name="Words">All of it in words; null where nothing is whole.</param>
internal sealed record WholeWork(int? Iteration, double? Resolution, IReadOnlyList<DateTime> Written, string? Words)
{
    private static readonly string[] s_drawings = [".png", ".svg", ".html", ".cxc"];

    /// <summary>Looks into a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="manifest">Its list of files.</param>
    /// <exception cref="InvalidInputException">A record of the run cannot be read.</exception>
    public static WholeWork Of(string folder, RunManifest manifest)
    {
        string? Find(string name) => manifest.Files.Contains(name) && Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;
        return manifest.Job switch
        {
            "refine" or "patches" or "bodies" => Iterations(folder, manifest),
            "heterogeneity" => new(null, null, [], Epochs(HeterogeneityCheckpoints.ReadStates(Find))),
            "landscape" => new(null, null, [], Points(manifest, Find)),
            _ => new(null, null, [], null),
        };
    }

    /// <summary>The results of a run that came to its end which are not there: what lies at the top of its folder, but for pictures and pages.</summary>
    public static string[] MissingResults(string folder, RunManifest manifest) =>
    [
        .. manifest.Files.Where(f => !f.Contains('/', StringComparison.Ordinal)
            && !s_drawings.Contains(Path.GetExtension(f)) && !File.Exists(Path.Combine(folder, f))),
    ];

    private static WholeWork Iterations(string folder, RunManifest manifest)
    {
        var written = new List<DateTime>();
        double? resolution = null;
        while (true)
        {
            var name = RefinementFiles.Name(written.Count, "state.json");
            var path = Path.Combine(folder, name);
            if (manifest.Seals?.ContainsKey(name) != true || !File.Exists(path))
            {
                break;
            }

            resolution = manifest.Job == "refine" ? RecordFile.Read(path, JobJson.Default.StateFile, "a state of a refinement").Record.Resolution
                : RecordFile.Read(path, PatchJson.Default.PatchStateFile, "a state of a refinement of patches").Resolution;
            written.Add(File.GetLastWriteTimeUtc(path));
        }

        var last = written.Count - 1;
        return new(
            last >= 0 ? last : null, resolution, written,
            last < 0 ? null
                : (last switch { 0 => "the start", 1 => "the start and iteration 1", _ => Texts.Line($"the start and iterations 1 to {last}") })
                    + $" ({Texts.Resolution(resolution)})");
    }

    private static string? Epochs(IReadOnlyList<TrainingState> halves) => halves.Count == 0 ? null : string.Join("; ", halves.Select(h =>
        Texts.Line($"half {h.Half}")
            + (h.Round > 1 ? Texts.Line($", round {h.Round}") : string.Empty)
            + (h.IsFinished ? ": finished" : Texts.Line($": epochs up to {h.Epochs[^1].Epoch}"))
            + Texts.Line($", held-out gain {h.Best.HeldOutGain:F3}")));

    private static string? Points(RunManifest manifest, Func<string, string?> find)
    {
        // One map of each point, of those that are going to be made.
        string[] maps =
        [
            .. manifest.Files.Where(f => f.StartsWith("point_", StringComparison.Ordinal) && f.EndsWith("_half2_unfil.mrc", StringComparison.Ordinal)),
        ];
        return maps.Length == 0 ? null : Texts.Line($"maps of {maps.Count(m => find(m) is not null)} of {maps.Length} points");
    }
}
