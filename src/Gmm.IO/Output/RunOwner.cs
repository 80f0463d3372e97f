namespace Gmm.IO;

/// <summary>Which run a file belongs to.</summary>
internal static class RunOwner
{
    /// <summary>Names in the path of a run's file from its folder, at most: iterations/patch01/run_it001_data.star.</summary>
    private const int MostLevels = 3;

    /// <summary>Records by which runs of versions without a list are known.</summary>
    private static readonly string[] s_records = ["run.json", "provenance.json", "heterogeneity.json", "landscape.json", "run_it000_state.json"];

    /// <summary>The record of a run in a folder, by which one without a list is known; null if there is none.</summary>
    public static string? RecordIn(string folder) => Array.Find(s_records, r => File.Exists(Path.Combine(folder, r)));

    /// <summary>The job that made a file, by the list of its folder or one above or, of earlier versions, by its record; null if none did.</summary>
    public static string? Of(string path)
    {
        var full = Path.GetFullPath(path);
        var name = Path.GetFileName(full);
        for (var folder = Path.GetDirectoryName(full); folder is not null && name.Count(c => c == '/') < MostLevels; folder = Path.GetDirectoryName(folder))
        {
            var list = Path.Combine(folder, RunFolder.ManifestName);
            if (RunManifest.Read(list) is { } manifest && manifest.Files.Contains(name, FilePaths.Comparer))
            {
                return $"{manifest.Job} ({list})";
            }

            if (!name.Contains('/', StringComparison.Ordinal) && name.StartsWith("run", StringComparison.Ordinal)
                && RecordIn(folder) is { } record && !File.Exists(list))
            {
                return $"a run of an earlier version ({Path.Combine(folder, record)})";
            }

            name = $"{Path.GetFileName(folder)}/{name}";
        }

        return null;
    }
}
