using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Checks and locks outputs before any work is done, so that nothing is computed in vain and nothing is written over by accident.</summary>
internal static class OutputFiles
{
    private static readonly string[] KnownEndings =
        [
            ".star", ".mrc", ".mrcs", ".map", ".ccp4", ".pdb", ".ent", ".cif", ".mmcif", ".png", ".svg", ".json", ".csv",
            ".cs", ".csg", ".xml", ".cxc", ".txt", ".html", ".gz",
        ];

    /// <summary>Refuses a name whose ending says that it is a file of another kind: a STAR table called .mrc is read as a map by everyone.</summary>
    /// <param name="file">The file.</param>
    /// <param name="option">The option that gave it.</param>
    /// <param name="endings">Those that fit. Other endings that mean nothing here are left to the user.</param>
    /// <exception cref="InvalidInputException">The ending is known and another.</exception>
    public static void RequireEnding(string file, string option, params ReadOnlySpan<string> endings)
    {
        var ending = Path.GetExtension(file).ToLowerInvariant();
        if (!endings.Contains(ending) && KnownEndings.Contains(ending))
        {
            throw new InvalidInputException($"{file} has the ending of another kind of file; {endings[0]} is the one for this", option);
        }
    }

    /// <summary>
    /// Takes files that are to be written, named one by one or by a prefix: makes their folders and locks them until the call ends. Folders in which
    /// nothing comes to be are removed again, so that bad input found later leaves none behind.
    /// </summary>
    /// <param name="call">The call; --overwrite says whether existing files may be replaced.</param>
    /// <param name="files">The files.</param>
    /// <exception cref="InvalidInputException">
    /// A file exists and must not be replaced, is an input, or is another run's; its folder cannot be written to.
    /// </exception>
    public static void Take(VerbCall call, params IReadOnlyList<string> files)
    {
        if (files.FirstOrDefault(f => Path.GetFileNameWithoutExtension(f).Length == 0) is { } nameless)
        {
            var folder = Path.GetDirectoryName(nameless) is { Length: > 0 } named ? named + Path.DirectorySeparatorChar : string.Empty;
            throw new InvalidInputException($"'{folder}' names no file: the files would have no name but their endings; {folder}run is one", "--out");
        }

        if (files.Count > 0 && call.Files.Take(files, call.Overwrite) is { } note)
        {
            call.Say(note);
        }
    }

    /// <summary>
    /// Opens the folder of a job of the tool: locked until it is disposed; with --overwrite what an earlier run of the same job made there is removed
    /// at its start.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="job">The verb.</param>
    /// <param name="files">The files that are going to be written.</param>
    /// <exception cref="InvalidInputException">See <see cref="RunFolder.Open"/>.</exception>
    public static RunFolder Open(VerbCall call, string folder, string job, IEnumerable<string> files) =>
        RunFolder.Open(folder, Options(call, folder, job, files));

    /// <summary>Begins a job whose files are all known: removes what an earlier run made, and announces them.</summary>
    /// <param name="call">The call.</param>
    /// <param name="folder">The open folder.</param>
    /// <param name="files">The files.</param>
    public static void Start(VerbCall call, RunFolder folder, IEnumerable<string> files)
    {
        folder.Start([], []);
        foreach (var note in folder.Notes)
        {
            call.Say(note);
        }

        folder.Claim(Names(folder.Path, files));
    }

    /// <summary>How a job's folder is opened.</summary>
    public static RunFolderOptions Options(VerbCall call, string folder, string job, IEnumerable<string> files) => new()
    {
        Job = job,
        Program = call.Files.Program,
        Mode = call.Overwrite ? RunMode.Overwrite : RunMode.New,
        Inputs = call.Files.Inputs,
        Planned = [.. Names(folder, files)],
    };

    private static IEnumerable<string> Names(string folder, IEnumerable<string> files) =>
        files.Select(f => Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/'));
}
