using System.Text.Json.Nodes;
using System.Diagnostics;
using System.Globalization;
using Gmm.Core;

namespace Gmm.IO.Tests;

public sealed class RunFolderTests : IDisposable
{
    private static readonly JsonObject s_settings = new() { ["a"] = 1 };

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_files_of_the_list_are_replaced_or_removed()
    {
        Make("run", "a.txt", "part/b.txt");
        _folder.Text("run/run_it025_data.star", "relion's");
        Directory.CreateDirectory(_folder["run/other"]);
        _folder.Text("run/other/b.txt", "mine");
        Fails(RunMode.New, "holds a finished run");
        using (var run = Open(RunMode.Overwrite, planned: ["c.txt"]))
        {
            Assert.True(run.IsReplacing);
            Assert.True(File.Exists(_folder["run/a.txt"]));
            run.Start(s_settings, []);
            Assert.Equal([".gmm_lock", "gmm_files.json", "other/b.txt", "run_it025_data.star"], Names("run"));
            Assert.False(Directory.Exists(_folder["run/part"]));
            File.WriteAllText(run.Claim("c.txt"), "c");
            TestFolder.Fails(() => run.Claim("run_it025_data.star"), "run_it025_data.star", "exists already", "not replaced");
            TestFolder.Fails(() => run.Claim("other/b.txt"), "exists already");
            foreach (var name in new[] { "../x", "/x", "..", "a//b", "" })
            {
                Assert.Throws<ArgumentException>(() => run.Claim(name));
            }
        }

        Fails(RunMode.New, "half done");
        Fails(RunMode.Overwrite, "run_it025_data.star", "no list of gmm's says", planned: ["run_it025_data.star"]);
        Fails(RunMode.Overwrite, "other", "is a folder", planned: ["other"]);
        Assert.Equal(["c.txt", "gmm_files.json", "other/b.txt", "run_it025_data.star"], Names("run"));
    }

    [Fact]
    public void Another_jobs_folder_is_not_touched()
    {
        Make("run", "a.txt");
        foreach (var mode in Enum.GetValues<RunMode>())
        {
            TestFolder.Fails(
                () => RunFolder.Open(_folder["run"], new RunFolderOptions { Job = "patches", Program = "p", Mode = mode }), "run: ",
                "another job, refine");
        }

        Directory.CreateDirectory(_folder["old"]);
        _folder.Text("old/provenance.json", "{}");
        TestFolder.Fails(
            () => RunFolder.Open(_folder["old"], new RunFolderOptions { Job = "refine", Program = "p", Mode = RunMode.Overwrite }), "old: ",
            "provenance.json");
        Assert.Equal(["provenance.json"], Names("old"));
        Assert.Equal(["a.txt", "gmm_files.json"], Names("run"));
    }

    [Fact]
    public void An_input_is_never_replaced_by_whatever_name_it_goes()
    {
        Make("run", "a.txt");
        _folder.Text("in.txt", "input");
        File.CreateSymbolicLink(_folder["link.txt"], "run/a.txt");
        Directory.CreateSymbolicLink(_folder["elsewhere"], "run");
        File.CreateSymbolicLink(_folder["run/out.txt"], "../in.txt");
        foreach (var input in new[] { "run/a.txt", "run/../run/a.txt", "link.txt", "elsewhere/a.txt" })
        {
            Fails(RunMode.Overwrite, "a.txt", "is read by this run", inputs: [_folder[input]]);
        }

        Fails(RunMode.Overwrite, "out.txt", "is read by this run", planned: ["out.txt"], inputs: [_folder["in.txt"]]);
        Fails(RunMode.Overwrite, "out.txt", "exists already", planned: ["out.txt"]);
        Assert.Equal("input", File.ReadAllText(_folder["run/out.txt"]));
    }

    [Fact]
    public void Settings_and_images_that_differ_are_named()
    {
        var stack = _folder.Stack("s.mrcs", 3);
        using (var run = Open(RunMode.New))
        {
            run.Start(new JsonObject { ["a"] = 1, ["b"] = new JsonObject { ["c"] = "x" }, ["same"] = "s" }, FileStamp.Of([stack]));
            File.WriteAllText(run.Claim("a.txt"), "1");
        }

        void Refused(JsonObject settings, params string[] mentions)
        {
            using var run = Open(RunMode.Resume);
            Assert.True(run.IsResumed);
            TestFolder.Fails(() => run.Start(settings, FileStamp.Of([stack])), mentions);
        }

        var settings = new JsonObject { ["a"] = 1, ["b"] = new JsonObject { ["c"] = "x" }, ["same"] = "s" };
        Refused(new() { ["a"] = 2, ["b"] = new JsonObject { ["d"] = "y" }, ["same"] = "s" },
            "a was 1, now 2; b c was x, now not given; b d was not given, now y");
        var bytes = File.ReadAllBytes(stack);
        bytes[^1] ^= 1;
        File.WriteAllBytes(stack, bytes);
        Refused(settings, "s.mrcs has other content");
        File.WriteAllBytes(stack, bytes[..^4]);
        Refused(settings, "s.mrcs has ", "bytes, had ");
        bytes[^1] ^= 1;
        File.WriteAllBytes(stack, bytes);

        // The same content at another time is the same, where all of it was read.
        using var same = Open(RunMode.Resume);
        same.Start(settings, FileStamp.Of([stack]));
        Assert.True(same.Has("a.txt"));
    }

    [Fact]
    public void A_large_file_is_sampled_and_its_time_counts()
    {
        var big = _folder["big"];
        using (var file = File.Create(big))
        {
            file.SetLength(1L << 30);
        }

        File.SetLastWriteTimeUtc(big, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var before = FileStamp.Of([big])[0];
        Assert.False(before.Whole);
        Assert.Null(FileStamp.Of([big])[0].DifferenceFrom(before));
        File.SetLastWriteTimeUtc(big, new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        Assert.Contains("was written at 2026-01-02", FileStamp.Of([big])[0].DifferenceFrom(before), StringComparison.Ordinal);
        foreach (var place in new[] { 10, (1L << 30) - 1 })
        {
            using (var file = File.OpenWrite(big))
            {
                file.Position = place;
                file.WriteByte(1);
            }

            Assert.Equal("has other content", FileStamp.Of([big])[0].DifferenceFrom(before));
            using (var file = File.OpenWrite(big))
            {
                file.Position = place;
                file.WriteByte(0);
            }
        }
    }

    [Fact]
    public void What_a_killed_run_left_is_removed_and_nothing_else()
    {
        Make("run", "a.txt", "part/b.txt");
        string Temporary(string name) => $".{name}.{Guid.NewGuid():N}.tmp";
        string[] dead = [Temporary("a.txt"), "part/" + Temporary("b.txt"), Temporary("gmm_files.json"), Temporary("cache")];
        string[] others = [Temporary("z.txt"), "part/" + Temporary("a.txt"), ".a.txt.tmp", ".a.txt.0123.tmp", "a.txt.tmp"];
        foreach (var name in dead.Concat(others))
        {
            _folder.Text("run/" + name, "x");
        }

        using (var run = Open(RunMode.Resume, caches: ["cache"]))
        {
            Assert.Empty(run.Notes);
            run.Start(s_settings, []);
            Assert.Equal(2, run.Notes.Count);
            Assert.StartsWith("the run there was finished already", run.Notes[0], StringComparison.Ordinal);
            Assert.Contains("removed 4 temporary files", run.Notes[1], StringComparison.Ordinal);
        }

        Assert.Equal([.. others.Concat(["a.txt", "gmm_files.json", "part/b.txt"]).Order(StringComparer.Ordinal)], Names("run"));
    }

    [Fact]
    public void A_folder_that_was_made_for_nothing_goes_again()
    {
        using (RunFolder.Open(_folder["x/y"], new RunFolderOptions { Job = "refine", Program = "p" }))
        {
            Assert.True(File.Exists(_folder["x/y/.gmm_lock"]));
        }

        Assert.False(Directory.Exists(_folder["x"]));
        _folder.Text("file", "");
        TestFolder.Fails(() => RunFolder.Open(_folder["file/x"], new RunFolderOptions { Job = "refine", Program = "p" }), "file/x", "is not a folder");
        TestFolder.Fails(() => RunFolder.Open("", new RunFolderOptions { Job = "refine", Program = "p" }), "needs a name");
    }

    [Theory]
    [InlineData("\"../victim\"")]
    [InlineData("\"/etc/passwd\"")]
    [InlineData("\"a/../../b\"")]
    [InlineData("\"\"")]
    public void A_list_that_names_a_file_elsewhere_is_refused(string name)
    {
        _folder.Text("victim", "x");
        Make("run", "a.txt");
        _folder.Text(
            "run/gmm_files.json",
            File.ReadAllText(_folder["run/gmm_files.json"]).Replace("\"a.txt\"", "\"a.txt\", " + name, StringComparison.Ordinal));
        Fails(RunMode.Overwrite, "gmm_files.json, files[1]", "not a path inside");
        Assert.True(File.Exists(_folder["victim"]) && File.Exists(_folder["run/a.txt"]));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"format_version\":2,\"job\":\"refine\",\"program\":\"p\",\"settings\":{},\"inputs\":[],\"files\":[null]}")]
    [InlineData("{")]
    [InlineData("{\"format_version\":9,\"job\":\"refine\",\"program\":\"p\",\"settings\":{},\"inputs\":[],\"files\":[]}")]
    [InlineData("{\"format_version\":2,\"job\":\"refine\",\"program\":\"p\",\"files\":[]}")]
    [InlineData("{\"format_version\":2,\"job\":null,\"program\":\"p\",\"settings\":{},\"inputs\":[],\"files\":[]}")]
    [InlineData("{\"format_version\":2,\"job\":\"refine\",\"program\":\"p\",\"settings\":{},\"inputs\":[],\"files\":null}")]
    [InlineData("{\"format_version\":2,\"job\":\"refine\",\"program\":\"p\",\"settings\":{},\"inputs\":[null],\"files\":[]}")]
    [InlineData("{\"format_version\":2,\"job\":\"refine\",\"program\":\"p\",\"settings\":null,\"inputs\":[],\"files\":[]}")]
    public void A_damaged_list_is_told(string text)
    {
        Directory.CreateDirectory(_folder["run"]);
        _folder.Text("run/gmm_files.json", text);
        Fails(RunMode.Overwrite, "gmm_files.json");
        Assert.Equal(["gmm_files.json"], Names("run"));
    }

    [Fact]
    public void One_at_a_time()
    {
        using (Open(RunMode.New))
        {
            Fails(RunMode.New, "gmm refine", "is at work here");
            Fails(RunMode.Overwrite, "process " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        }

        using var again = Open(RunMode.New);
        Assert.Empty(again.Notes);
    }

    [Fact]
    public async Task Of_many_at_once_one_has_it()
    {
        Directory.CreateDirectory(_folder["run"]);
        for (var round = 0; round < 8; round++)
        {
            using var start = new Barrier(4);
            var (holding, most, taken) = (0, 0, 0);
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    try
                    {
                        using var held = OutputLock.Take(_folder["run/lock"], "test");
                        Interlocked.Increment(ref taken);
                        var now = Interlocked.Increment(ref holding);
                        most = Math.Max(most, now);
                        Thread.Sleep(3);
                        Interlocked.Decrement(ref holding);
                    }
                    catch (Gmm.Core.InvalidInputException)
                    {
                        // Another has it.
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.Equal(1, most);
            Assert.InRange(taken, 1, 4);
            Assert.Empty(Directory.GetFiles(_folder["run"]));
        }
    }

    [Fact]
    public void A_stale_lock_is_recognised_and_said()
    {
        Directory.CreateDirectory(_folder["run"]);
        void Locked(string host, int process, DateTime started) => _folder.Text(
            "run/.gmm_lock", $"{{\"host\":\"{host}\",\"process\":{process},\"started\":\"{started:O}\",\"program\":\"gmm refine old\",\"id\":\"1\"}}");

        // A number that was given again to a later process (this one), and a process that is gone.
        using var gone = Process.Start("true");
        gone.WaitForExit();
        foreach (var (process, started) in new[] { (Environment.ProcessId, DateTime.UtcNow.AddDays(-3)), (gone.Id, DateTime.UtcNow.AddSeconds(-1)) })
        {
            Locked(Environment.MachineName, process, started);
            using var run = Open(RunMode.New);
            Assert.Contains("gmm refine old", Assert.Single(run.Notes), StringComparison.Ordinal);
            Assert.Contains("is stale", run.Notes[0], StringComparison.Ordinal);
        }

        // Alive, although the system knows no lock of it; and elsewhere, which nobody can tell from here.
        using var self = Process.GetCurrentProcess();
        Locked(Environment.MachineName, self.Id, self.StartTime.ToUniversalTime());
        Fails(RunMode.New, "is at work here");
        Locked("another-host", 1, DateTime.UtcNow);
        Fails(RunMode.New, "on another-host", "delete this file");
        Assert.Equal([".gmm_lock"], Names("run"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"host\":\"")]
    [InlineData("garbage")]
    [InlineData("{\"host\":null,\"process\":1,\"started\":\"2026-01-01T00:00:00Z\",\"program\":\"p\",\"id\":\"1\"}")]
    public void A_lock_that_names_nobody_is_taken_over_when_it_is_old_and_said(string text)
    {
        Directory.CreateDirectory(_folder["run"]);
        var file = _folder["run/.gmm_lock"];
        _folder.Text("run/.gmm_lock", text);
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(-3));
        Fails(RunMode.New, ".gmm_lock: ", "does not say whose it is");
        Assert.Equal(text, File.ReadAllText(file));
        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddSeconds(-12));
        using (var run = Open(RunMode.New))
        {
            Assert.Contains("empty or damaged", Assert.Single(run.Notes), StringComparison.Ordinal);
            Fails(RunMode.New, "is at work here");
        }

        Assert.Empty(Names("run"));
    }

    [Theory]
    [InlineData("run/.gmm_lock", "link")]
    [InlineData("run/.gmm_lock", "dangling")]
    [InlineData("run/.gmm_lock", "folder")]
    [InlineData("run/.gmm_lock", "pipe")]
    [InlineData("run/.x.star.gmm_lock", "link")]
    [InlineData("run/.x.star.gmm_lock", "pipe")]
    public void Nothing_is_written_through_what_is_no_regular_file(string name, string kind)
    {
        Directory.CreateDirectory(_folder["run"]);
        _folder.Text("victim", "precious");
        switch (kind)
        {
            case "folder":
                Directory.CreateDirectory(_folder[name]);
                break;
            case "pipe":
                using (var made = Process.Start("mkfifo", [_folder[name]]))
                {
                    made.WaitForExit();
                }

                break;
            default:
                File.CreateSymbolicLink(_folder[name], kind == "link" ? "../victim" : "../none");
                break;
        }

        TestFolder.Fails(
            () => (name.Contains("star", StringComparison.Ordinal)
                ? (IDisposable)OutputSet.Open([_folder["run/x.star"]], true, [], "p") : Open(RunMode.Overwrite)).Dispose(),
            Path.GetFileName(name) + ": ", kind switch { "folder" => "is a folder", "pipe" => "is a pipe", _ => "is a link to ../" });
        Assert.Equal("precious", File.ReadAllText(_folder["victim"]));
        Assert.False(File.Exists(_folder["none"]));
        Assert.Single(Directory.GetFileSystemEntries(_folder["run"]));
    }

    [Theory]
    [InlineData("sub/victim", "sub")]
    [InlineData("sub/dir/x", "sub")]
    [InlineData("part/in/dir/x", "part/in")]
    public void A_list_that_names_a_file_behind_a_link_is_refused(string name, string link)
    {
        Make("run", "a.txt", "part/b.txt");
        Directory.CreateDirectory(_folder["other/dir"]);
        _folder.Text("other/victim", "precious");
        _folder.Text("other/dir/x", "precious");
        Directory.CreateSymbolicLink(_folder["run/" + link], _folder["other"]);
        _folder.Text(
            "run/gmm_files.json",
            File.ReadAllText(_folder["run/gmm_files.json"]).Replace("\"a.txt\"", $"\"a.txt\", \"{name}\"", StringComparison.Ordinal));
        foreach (var mode in Enum.GetValues<RunMode>())
        {
            Fails(mode, "gmm_files.json, files[1]", "behind the link");
        }

        Assert.Equal(["dir/x", "victim"], Names("other"));
        Assert.Equal(
            ["a.txt", "gmm_files.json", "part/b.txt"],
            Names("run").Where(n => File.Exists(_folder["run/" + n]) && !n.StartsWith(link + "/", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_link_made_while_the_run_works_does_not_lead_it_elsewhere()
    {
        Make("run", "part/in/b.txt");
        Directory.CreateDirectory(_folder["other/in"]);
        _folder.Text("other/in/b.txt", "precious");
        using (var run = Open(RunMode.Overwrite))
        {
            Directory.Move(_folder["run/part"], _folder["moved"]);
            Directory.CreateSymbolicLink(_folder["run/part"], _folder["other"]);
            run.Start(s_settings, []);
            run.Remove("part/in/b.txt");
            TestFolder.Fails(() => run.Claim("part/in/c.txt"), "part", "is a link that leads out");
        }

        Assert.Equal(["in/b.txt"], Names("other"));
    }

    [Fact]
    public void Named_outputs_are_locked_and_never_an_input_or_another_runs_file()
    {
        Make("run", "a.txt", "part/b.txt");
        string[] files = [_folder["out/x_1.txt"], _folder["out/x_2.txt"]];
        using (OutputSet.Open(files, false, [], "gmm composite"))
        {
            TestFolder.Fails(() => OutputSet.Open(files, true, [], "gmm composite"), "is at work here");
            using var other = OutputSet.Open([_folder["out/y.txt"]], false, [], "gmm fsc");
            AtomicOutput.Write(files[0], false, s => s.WriteByte(1));
        }

        Assert.Equal(["x_1.txt"], Names("out"));
        TestFolder.Fails(() => OutputSet.Open(files, false, [], "p"), "x_1.txt", "exists already");
        File.CreateSymbolicLink(_folder["link"], "out/x_1.txt");
        TestFolder.Fails(() => OutputSet.Open(files, true, [_folder["link"]], "p"), "x_1.txt", "is read by this run");
        TestFolder.Fails(() => OutputSet.Open([_folder["run/a.txt"]], true, [], "p"), "a.txt", "is a file of refine");
        TestFolder.Fails(() => OutputSet.Open([_folder["run/part/b.txt"]], true, [], "p"), "b.txt", "is a file of refine");
        _folder.Text($"out/.x_2.txt.{Guid.NewGuid():N}.tmp", "dead");
        _folder.Text($"out/.z.txt.{new string('0', 32)}.tmp", "another's");
        OutputSet.Open(files, true, [], "p").Dispose();
        Assert.Equal([$".z.txt.{new string('0', 32)}.tmp", "x_1.txt"], Names("out"));
        OutputSet.Open([_folder["new/x.txt"]], true, [], "p").Dispose();
        Assert.False(Directory.Exists(_folder["new"]));
    }

    private RunFolder Open(RunMode mode, string[]? planned = null, string[]? inputs = null, string[]? caches = null) => RunFolder.Open(
        _folder["run"],
        new RunFolderOptions { Job = "refine", Program = "gmm refine x", Mode = mode, Planned = planned ?? [], Inputs = inputs ?? [], Caches = caches ?? [] });

    private void Make(string folder, params string[] names)
    {
        using var run = RunFolder.Open(_folder[folder], new RunFolderOptions { Job = "refine", Program = "gmm refine x" });
        run.Start(s_settings, []);
        foreach (var name in names)
        {
            File.WriteAllText(run.Claim(name), name);
        }

        run.Finish();
    }

    private void Fails(RunMode mode, string mention, string other = "", string[]? planned = null, string[]? inputs = null) =>
        TestFolder.Fails(() => Open(mode, planned, inputs).Dispose(), mention, other);

    private string[] Names(string folder) =>
        [.. Directory.GetFiles(_folder[folder], "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).LinkTarget is null)
            .Select(f => Path.GetRelativePath(_folder[folder], f))
            .Order(StringComparer.Ordinal)];
}
