using System.Text.Json.Nodes;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// The folder of one run of one job. It locks the folder against other processes, keeps the list of the files that the run made (gmm_files.json),
/// replaces and removes only these, and clears away temporary files that a killed run left.
/// </summary>
/// <remarks>
/// <see cref="Open"/> locks and checks and changes nothing else; <see cref="Start"/>, called when the input has been read and found good, removes
/// what an earlier run left; then every file is announced by <see cref="Claim(string)"/> before it is written, so that whenever the process dies, the
/// list names all that may be there. <example>
/// <code>
/// using var folder = RunFolder.Open("refined", new RunFolderOptions { Job = "refine", Program = "mine", Planned = ["map.mrc"] });
/// folder.Start(settings, inputs);
/// MrcFile.WriteMap(folder.Claim("map.mrc"), map, overwrite: true);
/// folder.Finish();
/// </code>
/// </example>
/// </remarks>
public sealed class RunFolder : IDisposable
{
    /// <summary>Name of the list of a run's files.</summary>
    public const string ManifestName = "gmm_files.json";

    /// <summary>Name of the lock.</summary>
    public const string LockName = ".gmm_lock";

    private readonly RunFolderOptions _options;
    private readonly RunTree _tree;
    private readonly OutputLock _lock;
    private readonly MadeFolders _made;
    private readonly RunManifest? _before;
    private readonly bool _hasEarlier;
    private readonly SortedSet<string> _files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FileSeal> _seals = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];
    private RunManifest? _manifest;

    private RunFolder(string path, RunFolderOptions options, OutputLock held, MadeFolders made, RunManifest? before, IReadOnlyList<string>? earlier)
    {
        (Path, _options, _tree, _lock, _made, _before, _hasEarlier) = (path, options, new RunTree(path), held, made, before, earlier is not null);
        _files.UnionWith(before?.Files ?? earlier ?? []);
        if (IsResumed && before!.Seals is { } seals)
        {
            _seals = new(seals.ToDictionary(), StringComparer.Ordinal);
        }

        if (held.Note is { } note)
        {
            _notes.Add(note);
        }
    }

    /// <summary>The folder, as given.</summary>
    public string Path { get; }

    /// <summary>Whether a run is there to go on with.</summary>
    public bool IsResumed => _options.Mode == RunMode.Resume && _before is not null;

    /// <summary>Whether a run that is there is going to be removed.</summary>
    public bool IsReplacing => _options.Mode == RunMode.Overwrite && _manifest is null && _files.Count > 0;

    /// <summary>
    /// What a person should know, a sentence each: a lock that was taken over, temporary files that were removed, a run that was finished when it was
    /// resumed.
    /// </summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The files of the run, from the folder.</summary>
    public IReadOnlyCollection<string> Files => _files;

    private string Manifest => System.IO.Path.Combine(Path, ManifestName);

    /// <summary>Makes the folder if need be, locks it, and checks that the job may work there. What is in it stays as it is.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">The job.</param>
    /// <returns>The open folder.</returns>
    /// <exception cref="InvalidInputException">
    /// It cannot be made or written to; another process works there; it holds the files of another job, or a run that is neither to be resumed nor
    /// overwritten; a file that is to be written exists and is not in the list, or is an input of the run; the list names a file that lies behind a
    /// link.
    /// </exception>
    public static RunFolder Open(string path, RunFolderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var made = new MadeFolders(path);
        OutputLock? held = null;
        try
        {
            held = OutputLock.Take(System.IO.Path.Combine(path, LockName), options.Program);
            var manifest = RunManifest.Read(System.IO.Path.Combine(path, ManifestName));
            var earlier = manifest is null ? options.Earlier?.Invoke(path) : null;
            var folder = new RunFolder(path, options, held, made, manifest, earlier);
            folder._tree.RequireInside(manifest?.Files ?? earlier ?? [], manifest is null ? null : folder.Manifest);
            folder.Check();
            return folder;
        }
        catch
        {
            held?.Dispose();
            made.Dispose();
            throw;
        }
    }

    /// <summary>Checks that a job may work in a folder, and leaves it as it is.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="options">The job.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Open"/>.</exception>
    public static void Check(string path, RunFolderOptions options) => Open(path, options).Dispose();

    /// <summary>
    /// Begins: in a run that is resumed settings and inputs are compared with those it began with; one that is overwritten is removed. To be called
    /// when the input has been read and found good.
    /// </summary>
    /// <param name="settings">All that decides the result, by name.</param>
    /// <param name="inputs">The images and other files read, as they are now (<see cref="FileStamp.Of(IReadOnlyList{string})"/>).</param>
    /// <exception cref="InvalidInputException">
    /// Settings or inputs of the run to resume differ; the message names them, old and new. A file cannot be removed.
    /// </exception>
    public void Start(JsonObject settings, IReadOnlyList<FileStamp> inputs)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(inputs);
        if (IsResumed)
        {
            RunComparison.RequireSame(Path, _before!.Settings, settings);
            RunComparison.RequireSame(Path, _before.Inputs, inputs);
            if (_before.Finished)
            {
                _notes.Add("the run there was finished already: only what is new is computed, and its results are written again");
            }
        }

        RemoveDeadFiles();
        if (_options.Mode == RunMode.Overwrite)
        {
            _tree.Remove(_files);
        }

        var gone = _files.RemoveWhere(f => !File.Exists(In(f)));
        Unseal(_seals.Keys.Where(n => !_files.Contains(n)));
        _manifest = IsResumed ? _before!
            : new RunManifest
            {
                Version = RunManifest.CurrentVersion,
                Job = _options.Job,
                Program = _options.Program,
                Settings = settings,
                Inputs = inputs,
                Files = [],
            };
        if (!IsResumed || gone > 0)
        {
            WriteManifest();
        }
    }

    /// <summary>Announces a file that is about to be written.</summary>
    /// <param name="name">Its name from the folder, "/" between names. A folder in it is made.</param>
    /// <returns>Its path; it may replace what is there.</returns>
    /// <exception cref="InvalidInputException">A file of that name is there that the run did not make.</exception>
    public string Claim(string name)
    {
        Claim([name]);
        return In(name);
    }

    /// <summary>Announces files that are about to be written, in one go.</summary>
    /// <param name="names">Their names from the folder.</param>
    /// <exception cref="InvalidInputException">A file of that name is there that the run did not make.</exception>
    public void Claim(IEnumerable<string> names)
    {
        if (_manifest is null)
        {
            throw new InvalidOperationException("A run's files are announced after its start.");
        }

        var news = names.Where(n => !_files.Contains(n)).Distinct().ToArray();
        foreach (var name in news)
        {
            CheckFree(RecordCheck.IsPath(name) ? name : throw new ArgumentException($"\"{name}\" is not a name inside the folder.", nameof(names)));
            if (System.IO.Path.GetDirectoryName(In(name)) is { } parent && !Directory.Exists(parent))
            {
                Directory.CreateDirectory(parent);
            }
        }

        _files.UnionWith(news);
        if (news.Length > 0)
        {
            _manifest = _manifest with { Finished = false };
            WriteManifest();
        }
    }

    /// <summary>The path of a name in the folder.</summary>
    /// <param name="name">The name, "/" between names.</param>
    /// <returns>The path.</returns>
    public string In(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _tree.In(name);
    }

    /// <summary>Whether a name is one of the run's files and is there.</summary>
    /// <param name="name">The name from the folder.</param>
    /// <returns>Whether it can be read.</returns>
    public bool Has(string name) => _files.Contains(name) && File.Exists(In(name));

    /// <summary>Notes what files from which the run can go on are, now that they and those that belong to them are whole.</summary>
    /// <param name="names">Their names from the folder.</param>
    internal void Seal(params IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            _seals[name] = FileSeal.Of(In(name));
        }

        WriteManifest();
    }

    /// <summary>
    /// Whether a name is one of the run's files, is there, and was whole when it was last written: a process that was killed before leaves it without
    /// a seal.
    /// </summary>
    /// <param name="name">The name from the folder.</param>
    /// <returns>Whether the run can go on from it.</returns>
    internal bool IsSealed(string name) => Has(name) && _seals.ContainsKey(name);

    /// <summary>The path of a file that the run goes on from.</summary>
    /// <param name="name">The name from the folder.</param>
    /// <returns>The path.</returns>
    /// <exception cref="InvalidInputException">The file is not as the run wrote it, or is missing.</exception>
    internal string Sealed(string name)
    {
        var path = In(name);
        if (!_seals.TryGetValue(name, out var seal))
        {
            throw new InvalidInputException($"the run keeps no check of it ({ManifestName}): it cannot be gone on with; begin anew", path);
        }

        seal.Require(path);
        return path;
    }

    /// <summary>Removes files of the run that are no longer needed.</summary>
    /// <param name="names">Their names from the folder; those that the run did not make stay.</param>
    public void Remove(params IEnumerable<string> names)
    {
        var some = names.Where(_files.Contains).ToArray();
        foreach (var name in some.Where(n => _tree.LinkOnTheWay(n) is null))
        {
            File.Delete(In(name));
        }

        _files.ExceptWith(some);
        Unseal(some);
        if (some.Length > 0)
        {
            WriteManifest();
        }
    }

    /// <summary>Notes that the run came to its end.</summary>
    public void Finish()
    {
        _manifest = (_manifest ?? throw new InvalidOperationException("A run ends after its start.")) with { Finished = true };
        WriteManifest();
    }

    /// <summary>Unlocks the folder; one in which nothing came to be is left as if nothing had been.</summary>
    public void Dispose()
    {
        if (_manifest is { Finished: false } && !_files.Any(f => File.Exists(In(f))))
        {
            File.Delete(Manifest);
            MadeFolders.RemoveEmpty(_tree.Folders(_files).SkipLast(1));
        }

        _lock.Dispose();
        _made.Dispose();
    }

    /// <summary>The files of a run that its folder lists and that are there, from the folder; empty where there is no list.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="InvalidInputException">The list cannot be read.</exception>
    internal static IReadOnlyList<string> FilesIn(string path) =>
        [.. RunManifest.Read(System.IO.Path.Combine(path, ManifestName))?.Files.Where(f => File.Exists(System.IO.Path.Combine(path, f))) ?? []];

    /// <summary>
    /// Whether a file belongs to a run in its folder or one above, by that one's list or, of earlier versions, by its record; who made it, or
    /// null.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <returns>The job, or null.</returns>
    public static string? OwnerOf(string path) => RunOwner.Of(path);

    private void Check()
    {
        if (_before is { } run && run.Job != _options.Job)
        {
            throw new InvalidInputException($"the folder holds the files of another job, {run.Job} ({run.Program}): choose another folder", Path);
        }

        if (_before is null && !_hasEarlier && RunOwner.RecordIn(Path) is { } record)
        {
            throw new InvalidInputException($"the folder holds the record of another job, {record}: choose another folder", Path);
        }

        if (_options.Mode == RunMode.Resume && (_hasEarlier || _before is { Seals: null }))
        {
            throw new InvalidInputException(
                $"the run there was made by an earlier version of gmm, which kept "
                    + $"{(_hasEarlier ? "no list of its files and no stamps of its images" : "no checks of its files")}: it cannot be gone on with "
                    + "safely; choose another folder",
                Path);
        }

        if (_options.Mode == RunMode.New && _files.Any(f => File.Exists(In(f))))
        {
            var state = _before is { Finished: false } ? "a run that is half done" : "a finished run";
            throw new InvalidInputException($"the folder holds {state}; resume it, allow overwriting, or choose another folder", Path);
        }

        OutputSet.RequireNoInput(_files.Concat(_options.Planned).Select(In), _options.Inputs);
        foreach (var name in _options.Planned)
        {
            CheckFree(name);
        }
    }

    private void CheckFree(string name)
    {
        var path = In(name);
        if (Directory.Exists(path))
        {
            throw new InvalidInputException("is a folder, where a file is to be written", path);
        }

        if (_tree.LinkOnTheWay(name) is { } link)
        {
            throw new InvalidInputException("is a link that leads out of the output folder", link);
        }

        if (!_files.Contains(name) && (File.Exists(path) || new FileInfo(path).LinkTarget is not null))
        {
            throw new InvalidInputException(
                _options.Mode == RunMode.New
                    ? "exists already; choose another folder"
                    : "exists already, and no list of gmm's says that this job wrote it: it is not replaced; move it away, or choose another folder", path);
        }
    }

    /// <summary>
    /// Removes temporary files of a run that is dead: this process has the lock, and they are of files that the list names, or of the job's caches.
    /// </summary>
    private void RemoveDeadFiles()
    {
        var removed = _tree.RemoveTemporary(_files, [ManifestName, .. _options.Caches]);
        if (removed > 0)
        {
            _notes.Add(FormattableString.Invariant($"removed {removed} temporary {(removed == 1 ? "file" : "files")} of a run that was killed"));
        }
    }

    private void Unseal(IEnumerable<string> names)
    {
        foreach (var name in names.ToArray())
        {
            _seals.Remove(name);
        }
    }

    private void WriteManifest() => (_manifest! with { Files = [.. _files], Seals = _seals }).Write(Manifest);
}
