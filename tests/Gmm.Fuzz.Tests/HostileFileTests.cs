using System.Diagnostics;
using Gmm.Core;

namespace Gmm.Fuzz.Tests;

/// <summary>
/// A table of all readers and verbs against one of what can be wrong with a file: its content (<see cref="HostileContents"/>) and what lies in its place. A
/// reader comes in by its line in FuzzTargets, a damage by its line here.
/// </summary>
[Collection(FuzzFolder.Name)]
public sealed class HostileFileTests(FuzzFolder folder)
{
    /// <summary>Verbs are given each reader's worst in a sample: they take longer.</summary>
    private const int VerbsTakeOneIn = 8;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>What can lie where a file should, and how it is made; without a maker nothing lies there.</summary>
    private static readonly (string Name, Action<string>? Make)[] s_places =
    [
        ("nothing", null),
        ("an empty file", p => File.WriteAllBytes(p, [])),
        ("a folder", p => Directory.CreateDirectory(p)),
        ("a link to nothing", p => File.CreateSymbolicLink(p, "gone")),
        ("a link to itself", p => File.CreateSymbolicLink(p, Path.GetFileName(p))),
        ("a link to a folder", p => File.CreateSymbolicLink(p, Directory.CreateDirectory(p + ".folder").FullName)),
        ("a pipe without a writer", MakePipe),
        ("a link to a pipe", p => { MakePipe(p + ".pipe"); File.CreateSymbolicLink(p, p + ".pipe"); }),
        ("an endless device", p => File.CreateSymbolicLink(p, "/dev/zero")),
        ("an empty device", p => File.CreateSymbolicLink(p, "/dev/null")),
        ("a file without permission", Forbid),
    ];

    public static TheoryData<string> Readers => [.. FuzzFolder.All.Select(t => t.Name)];

    public static TheoryData<string> Contents => [.. HostileContents.All.Select(c => c.Name)];

    public static TheoryData<string> Places => [.. s_places.Select(p => p.Name)];

    public static TheoryData<string> Texts =>
        [.. FuzzFolder.All.Where(t => t.Mutator is TextMutator or JsonMutator && t.Name != "cs-text").Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Contents))]
    public void Any_reader_reads_a_file_of_hostile_content_rightly_or_refuses_it(string name)
    {
        var broken = new List<string>();
        foreach (var target in folder.Targets)
        {
            Assert.Equal((null, null), folder.Outcome(target, target.Seeds[0]));
            foreach (var (file, i) in Made(target, name).Select((f, i) => (f, i)))
            {
                var (problem, refused) = folder.Outcome(target, file);
                var isWhole = target.Seeds.Any(s => s.AsSpan().SequenceEqual(file));
                problem ??= target.IsSealed && refused is null && !isWhole ? "it is read, though its checksum cannot fit" : null;
                if (problem is not null)
                {
                    broken.Add($"{target.Name}, number {i}: {problem[..Math.Min(problem.Length, 500)]}");
                }
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken.Take(40)));
    }

    /// <summary>What an editor of another system does to a text loses nothing of it.</summary>
    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_with_a_byte_order_mark_and_other_line_ends_is_read(string reader)
    {
        var target = folder.Of(reader);
        foreach (var seed in target.Seeds)
        {
            byte[] lines = [.. seed.SelectMany(b => b == (byte)'\n' ? "\r\n"u8.ToArray() : [b])];
            Assert.Equal((null, null), folder.Outcome(target, lines));
            Assert.Equal((null, null), folder.Outcome(target, [0xEF, 0xBB, 0xBF, .. seed]));
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Any_reader_refuses_at_once_what_is_no_file(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var make = s_places.Single(p => p.Name == name).Make;
        foreach (var target in folder.Targets)
        {
            var path = Path.Combine(folder.Path, target.File);
            File.Delete(path);
            File.Delete(path + ".pipe");
            make?.Invoke(path);
            var isReadable = name == "a file without permission" && Environment.IsPrivilegedProcess;
            try
            {
                await RequireRefusal(target, path, isReadable || (target.MayBeAbsent && name is "nothing" or "a link to nothing"), name);
            }
            finally
            {
                if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
                {
                    Directory.Delete(path);
                }

                File.Delete(path);
                File.Delete(path + ".pipe");
            }
        }
    }

    [Theory]
    [InlineData("a name with a line break", "a\nb/")]
    [InlineData("a deep path", null)]
    [InlineData("a name in other letters", "\u00e9 \u4e2d/")]
    public async Task Any_reader_names_a_missing_file_of_any_path_in_one_line(string what, string? subfolder)
    {
        foreach (var target in folder.Targets.Where(t => !t.IsFoundByName))
        {
            var path = Path.Combine(folder.Path, subfolder ?? string.Concat(Enumerable.Repeat("deep/", 2000)), target.File);
            await RequireRefusal(target, path, target.MayBeAbsent, what);
        }
    }

    private static void MakePipe(string path)
    {
        using var make = Process.Start("mkfifo", path);
        make.WaitForExit();
    }

    private static void Forbid(string path)
    {
        File.WriteAllText(path, "x");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }
    }

    private static async Task RequireRefusal(FuzzTarget target, string path, bool mayBeRead, string what)
    {
        var numbers = new Numbers();
        var attempt = Task.Run(() => target.Read(path, numbers));
        Assert.True(await Task.WhenAny(attempt, Task.Delay(s_patience)) == attempt, $"{target.Name} hangs at {what}");
        var error = await Record.ExceptionAsync(() => attempt);
        Assert.True(numbers.Bad is null, $"{target.Name}, {what}: {numbers.Bad}");
        if (error is null)
        {
            // A verb that looks has said what is wrong, and its exit code is looked at there.
            Assert.True(mayBeRead || target.IsVerb, $"{target.Name} reads {what}");
            return;
        }

        Assert.True(error is InvalidInputException, $"{target.Name}, {what}: {error}");
        var named = target.IsFoundByName ? target.File : path.Replace("\n", "\\n", StringComparison.Ordinal);
        Assert.True(error.Message.Contains(named, StringComparison.Ordinal), $"{target.Name}, {what} is not named: {error.Message}");
        Assert.DoesNotContain(error.Message, c => char.IsControl(c));
    }

    private static IEnumerable<byte[]> Made(FuzzTarget target, string content)
    {
        var make = HostileContents.All.Single(c => c.Name == content).Make;
        var files = target.Seeds.Take(target.IsVerb ? 1 : 3).SelectMany(make).Where(f => f.Length > 0);

        // What is inside an archive is damaged there too.
        if (target.Mutator is ZippedMutator && content is not ("gzip, and bombs" or "one thing many times" or "a file of another kind"))
        {
            files = files.Concat(make(ZippedMutator.Unzip(target.Seeds[0])).Select(ZippedMutator.Zip));
        }

        return target.IsVerb ? files.Where((_, i) => i % VerbsTakeOneIn == 0) : files;
    }
}
