using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;
using Microsoft.Extensions.Logging;

namespace Gmm.Refinement;

/// <summary>Opens the folders of the jobs that work on particles.</summary>
internal static class JobFolders
{
    /// <summary>Where the files of iterations lie in a run's folder, whose top holds the results.</summary>
    public const string Iterations = "iterations/";

    /// <summary>The first state of runs whose iterations lay beside the results.</summary>
    private const string FlatState = "run_it000_state.json";

    /// <summary>Opens a job's folder: see <see cref="RunFolder.Open"/>.</summary>
    /// <param name="job">Where, and what is done with a run that is there.</param>
    /// <param name="kind">The kind of job.</param>
    /// <param name="particles">The particles, whose files are never touched.</param>
    /// <param name="planned">Names that are going to be written, as far as they are known.</param>
    /// <param name="earlier">The files of a run of an earlier version.</param>
    /// <param name="caches">First parts of names of temporary files that are of no output.</param>
    /// <exception cref="InvalidInputException">As for <see cref="RunFolder.Open"/>; the run to resume is one of an earlier layout.</exception>
    public static RunFolder Open(
        JobOptions job, string kind, StarParticles particles, IEnumerable<string> planned, Func<string, IReadOnlyList<string>?> earlier,
        params IReadOnlyList<string> caches)
    {
        var folder = RunFolder.Open(job.Folder, new RunFolderOptions
        {
            Job = kind,
            Program = job.Program,
            Mode = job.Resume ? RunMode.Resume : job.Overwrite ? RunMode.Overwrite : RunMode.New,
            Inputs = [particles.Path, .. particles.Stacks, .. job.Inputs],
            Planned = [.. planned, .. job.MoreFiles],
            Caches = caches,
            Earlier = earlier,
        });
        if (folder.IsResumed && folder.Files.Contains(FlatState))
        {
            folder.Dispose();
            throw new InvalidInputException(
                "the run there was made by an earlier version of gmm, which kept the files of iterations beside the results: it cannot be gone on with; "
                    + "begin anew, there with overwriting or in another folder",
                job.Folder);
        }

        return folder;
    }

    /// <summary>Refuses a folder whose run, for which this process works, is of other settings or images.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="settings">All that decides the result, as it is here.</param>
    /// <param name="inputs">The images, as they are here.</param>
    /// <exception cref="InvalidInputException">It is no run's folder, or another run's.</exception>
    public static void RequireRun(string folder, JsonObject settings, IReadOnlyList<FileStamp> inputs)
    {
        var manifest = RunManifest.Read(Path.Combine(folder, RunFolder.ManifestName))
            ?? throw new InvalidInputException($"is not the folder of a run of gmm: it has no {RunFolder.ManifestName}", folder);
        RunComparison.RequireSame(folder, manifest.Settings, settings);
        RunComparison.RequireSame(folder, manifest.Inputs, inputs);
    }

    /// <summary>Tells what is noteworthy about the folder.</summary>
    public static void Tell(this RunFolder folder, ILogger logger)
    {
        foreach (var note in folder.Notes)
        {
            logger.LogWarning("{Note}", note);
        }
    }

    /// <summary>The files of a refinement of an earlier version, which kept no list of them; null if there is none.</summary>
    public static IReadOnlyList<string>? EarlierRefinement(string folder) =>
        !Holds(folder, "run.json", "iterations") && !Holds(folder, FlatState, "record") ? null
        : [.. RefinementFiles.Names(IterationsIn(folder), focused: true).Select(Flat), "orientations.png", "orientations.svg"];

    /// <summary>The files of a refinement of patches or bodies of an earlier version; null if there is none.</summary>
    public static IReadOnlyList<string>? EarlierPatches(string folder, bool bodies)
    {
        if (!Holds(folder, PatchFiles.Provenance, "patches") && !Holds(folder, FlatState, "motions"))
        {
            return null;
        }

        var iterations = IterationsIn(folder);
        var parts = Enumerable.Range(1, 99)
            .Select(n => Patch.NameOf(bodies, n))
            .TakeWhile(p => File.Exists(Path.Combine(folder, PatchFiles.Of(p, bodies, "mask.mrc"))));
        return parts.Any() ? [.. PatchFiles.Names(parts, bodies, iterations).Select(Flat)] : null;
    }

    /// <summary>Where versions without a list had a file.</summary>
    private static string Flat(string name) => name.Replace(Iterations, string.Empty, StringComparison.Ordinal);

    /// <summary>The iterations whose state was written.</summary>
    private static int IterationsIn(string folder)
    {
        string Name(int n, string what) => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"run_it{n:D3}_{what}.json"));
        var n = 0;
        while (File.Exists(Name(n, "state")) || File.Exists(Name(n, "poses")))
        {
            n++;
        }

        return n;
    }

    /// <summary>Whether a file is a record of Gmm's: an object with these fields.</summary>
    public static bool Holds(string folder, string name, string field, string other = "settings")
    {
        try
        {
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || new FileInfo(path).Length == 0)
            {
                return false;
            }

            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(field, out _) && root.TryGetProperty(other, out _);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
