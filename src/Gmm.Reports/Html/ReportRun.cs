using Gmm.Core;
using Gmm.IO;

namespace Gmm.Reports;

/// <summary>The folder of a run as a report reads it: without its lock, so while the job still works there, and without touching anything.</summary>
internal sealed class ReportRun
{
    /// <summary>The status of a run that is at work.</summary>
    public const string Running = "running";

    private readonly HashSet<string> _files;

    private ReportRun(string path, RunManifest manifest) =>
        (Path, Manifest, _files) = (path, manifest, new HashSet<string>(manifest.Files, FilePaths.Comparer));

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The run's list of files, and what it is.</summary>
    public RunManifest Manifest { get; }

    /// <summary>How far it is, for people; null for a run that came to its end.</summary>
    public string? Status => Manifest.Finished ? null : File.Exists(In(RunFolder.LockName)) ? Running : "not finished";

    /// <summary>Opens a folder.</summary>
    /// <exception cref="InvalidInputException">It is no folder of a run, or its list of files is broken.</exception>
    public static ReportRun Open(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new InvalidInputException(File.Exists(path) ? "is a file; a report is made of the folder of a run" : "there is no such folder", path);
        }

        var manifest = RunManifest.Read(System.IO.Path.Combine(path, RunFolder.ManifestName))
            ?? throw new InvalidInputException($"is not the folder of a run of gmm: it has no {RunFolder.ManifestName}", path);
        return new ReportRun(path, manifest);
    }

    /// <summary>The path of a name in the folder.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name.Replace('/', System.IO.Path.DirectorySeparatorChar));

    /// <summary>Whether a file is one of the run's and there.</summary>
    public bool Has(string name) => _files.Contains(name) && File.Exists(In(name));

    /// <summary>The path of a file of the run; null if it is not there.</summary>
    public string? Find(string name) => Has(name) ? In(name) : null;

    /// <summary>The path of a file of the run.</summary>
    /// <exception cref="InvalidInputException">It is not there.</exception>
    public string Require(string name) => Find(name)
        ?? throw new InvalidInputException(
            Manifest.Finished ? "is missing: the folder is not as the run left it" : "is not there yet: there is nothing to report", In(name));

    /// <summary>The files that are there, with their sizes.</summary>
    public IEnumerable<(string Name, long Bytes)> Files() => _files.Order(StringComparer.Ordinal)
        .Select(f => (Name: f, Info: new FileInfo(In(f)))).Where(f => f.Info.Exists).Select(f => (f.Name, f.Info.Length));
}
