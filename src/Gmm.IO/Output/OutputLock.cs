using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// A lock on outputs, so that no two processes write the same: a small JSON file (host, process, its start, program) that is there as long as this
/// object. One that a killed process left is recognised and taken over.
/// </summary>
/// <remarks>
/// The file is opened exclusively to be taken, and then kept open, so the system itself says whether its owner lives, and what it holds is checked
/// beside that, for file systems that know no locks. A lock of another host is not judged: that needs a person. One that names nobody is taken over,
/// with a word, when it is so old that nobody can be writing it. What is no regular file at the lock's name is refused and stays as it is: writing
/// through a link would destroy what it leads to.
/// </remarks>
public sealed class OutputLock : IDisposable
{
    private const int Attempts = 60;

    /// <summary>EROFS, as .NET has it on Unix: who is named in a lock there says nothing of why it cannot be written.</summary>
    private const int ReadOnlyFileSystem = 30;

    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    /// <summary>Starts of one process as two others read them may differ by what the system's clock was set meanwhile.</summary>
    private static readonly TimeSpan StartTolerance = TimeSpan.FromSeconds(5);

    /// <summary>A lock that names nobody may be in the making, where the file system knows no locks, up to this age.</summary>
    private static readonly TimeSpan Making = TimeSpan.FromSeconds(10);

    /// <summary>Times of files come from a clock that ticks a few times in this.</summary>
    private static readonly TimeSpan ClockTick = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly FileStream _held;

    private OutputLock(string path, FileStream held, string? note) => (_path, _held, Note) = (path, held, note);

    /// <summary>What a person should know: whose lock was taken over; null if there was none.</summary>
    public string? Note { get; }

    /// <summary>Takes a lock.</summary>
    /// <param name="path">The lock's file; its folder must exist.</param>
    /// <param name="program">Who takes it, for the message to others.</param>
    /// <returns>The lock.</returns>
    /// <exception cref="InvalidInputException">
    /// A living process, or one on another host, has it, or somebody who cannot be told is just writing it; the file cannot be written, or is no
    /// regular file.
    /// </exception>
    public static OutputLock Take(string path, string program)
    {
        string? note = null;
        InvalidInputException? refusal = null;
        var mine = Mine(program);
        var begun = DateTime.UtcNow;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (TryWrite(path, mine, begun, ref note, ref refusal) && TryHold(path, mine.Id) is { } held)
            {
                return new OutputLock(path, held, note);
            }

            Thread.Sleep(Wait);
        }

        throw refusal ?? new InvalidInputException("is locked by another process, which does not say who it is; if there is none, delete this file", path);
    }

    /// <summary>Looks who has a lock, and takes nothing.</summary>
    /// <param name="path">The lock's file.</param>
    /// <returns>Who it names, null where there is none or it names nobody; and whether that process may be at work (one of another host may).</returns>
    internal static (LockOwner? Owner, bool MayLive) Look(string path)
    {
        var owner = File.Exists(path) ? ReadOwner(path) : null;
        return (owner, owner is not null && (owner.Host != Environment.MachineName || IsAlive(owner.Process, owner.Started)));
    }

    /// <summary>Gives it back.</summary>
    public void Dispose()
    {
        // First the name, while the lock still holds: whoever comes next finds none, or makes its own.
        try
        {
            File.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays, and is recognised as stale: this process will be gone.
        }

        _held.Dispose();
    }

    /// <summary>Writes this process into the file while nobody else has it open; false to try again, with what to say if that does not help.</summary>
    private static bool TryWrite(string path, LockOwner mine, DateTime begun, ref string? note, ref InvalidInputException? refusal)
    {
        refusal = null;
        try
        {
            RequireNoLinkOrFolder(path);
            var isThere = File.Exists(path);
            using var file = new FileStream(path, isThere ? FileMode.Open : FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1);
            if (!file.CanSeek)
            {
                throw new InvalidInputException("is a pipe or a device, where gmm keeps its lock: move it away, or choose another place", path);
            }

            var owner = Parse(file);
            if (owner?.Id == mine.Id)
            {
                // Written before, but another had a look just when it was to be held.
                return true;
            }

            if (owner is not null && (owner.Host != Environment.MachineName || IsAlive(owner.Process, owner.Started)))
            {
                throw InUse(path, owner);
            }

            // Made since this began, and empty: by one of several that came together, this one perhaps, and another was quicker to lock it.
            if (owner is null && isThere && !(file.Length == 0 && File.GetLastWriteTimeUtc(path) >= begun - ClockTick))
            {
                if ((DateTime.UtcNow - File.GetLastWriteTimeUtc(path)).Duration() < Making)
                {
                    refusal = new InvalidInputException(
                        "is a lock written just now that does not say whose it is: wait some seconds and try again; if nothing else is at work here, "
                            + "delete this file",
                        path);
                    return false;
                }

                note = $"the lock {path} is empty or damaged and does not say whose it is, as of a process that died while it wrote it: taken over";
            }

            note = owner is null ? note : $"the lock of {Describe(owner)} is stale, that process is gone: taken over";
            file.SetLength(0);
            file.Write(RecordFile.ToBytes(mine, OutputJson.Default.LockOwner));
            file.Flush(flushToDisk: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (e is UnauthorizedAccessException or DirectoryNotFoundException or IOException { HResult: ReadOnlyFileSystem })
            {
                throw Unwritable(path, e);
            }

            if (!File.Exists(path))
            {
                // Given back just now, or there can be none here: trying again tells.
                refusal = Unwritable(path, e);
                return false;
            }

            // In somebody's hands. Who holds it can be read; who is just taking it has not written yet.
            return ReadOwner(path) is { } owner && owner.Id != mine.Id ? throw InUse(path, owner) : false;
        }
    }

    private static void RequireNoLinkOrFolder(string path)
    {
        if (new FileInfo(path).LinkTarget is { } target)
        {
            throw new InvalidInputException(
                $"is a link to {target}, where gmm keeps its lock: nothing is written through it; move it away, or choose another place", path);
        }

        if (Directory.Exists(path))
        {
            throw new InvalidInputException("is a folder, where gmm keeps its lock: move it away, or choose another place", path);
        }
    }

    private static InvalidInputException Unwritable(string path, Exception e) => new($"cannot be written: {e.Message}", path, innerException: e);

    /// <summary>Keeps the file open, if it is still this process's; null to try again.</summary>
    private static FileStream? TryHold(string path, string id)
    {
        FileStream? held = null;
        try
        {
            held = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            if (Parse(held)?.Id == id)
            {
                return held;
            }
        }
        catch (IOException)
        {
            // Another has just opened it: it finds this process in it and lets go.
        }

        held?.Dispose();
        return null;
    }

    private static LockOwner? ReadOwner(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            return Parse(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The owner that a file names; null for a file that is empty or holds something else, as one of a process killed while it wrote.</summary>
    private static LockOwner? Parse(FileStream file)
    {
        try
        {
            file.Position = 0;
            return JsonSerializer.Deserialize(file, OutputJson.Default.LockOwner) is { Host: not null, Id: not null } owner ? owner : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static LockOwner Mine(string program)
    {
        using var process = Process.GetCurrentProcess();
        return new LockOwner(Environment.MachineName, process.Id, process.StartTime.ToUniversalTime(), program, Guid.NewGuid().ToString("N"));
    }

    /// <summary>Whether a process of this host still runs: its number, and the start that tells it from a later one of the same number.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="started">When it began, UTC.</param>
    internal static bool IsAlive(int number, DateTime started)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            return (process.StartTime.ToUniversalTime() - started).Duration() <= StartTolerance && !IsZombie(number);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return false;
        }
        catch (Win32Exception)
        {
            // It is there, and may not be looked at.
            return true;
        }
    }

    /// <summary>Whether a process is dead, but not yet taken note of by its parent.</summary>
    private static bool IsZombie(int process)
    {
        try
        {
            var status = OperatingSystem.IsLinux() ? File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat")) : string.Empty;
            var end = status.LastIndexOf(')');
            return end >= 0 && end + 2 < status.Length && status[end + 2] is 'Z' or 'X';
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Describe(LockOwner owner) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{owner.Program} (process {owner.Process} on {owner.Host}, started {owner.Started:yyyy-MM-dd HH:mm:ss} UTC)");

    private static InvalidInputException InUse(string path, LockOwner owner) => new(
        $"{Describe(owner)} is at work here; wait for it, or choose another place"
        + (owner.Host == Environment.MachineName ? string.Empty : ". From here it cannot be seen whether it still runs: if it does not, delete this file"),
        path);
}

/// <summary>Who holds a lock.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Process">Number of the process there.</param>
/// <param name="Started">When that began, UTC.</param>
/// <param name="Program">What it is.</param>
/// <param name="Id">Tells this taking of the lock from every other.</param>
internal sealed record LockOwner(string Host, int Process, DateTime Started, string Program, string Id);
