using System.Diagnostics;

namespace Gmm.IO.Tests;

public sealed class InputFileTests
{
    public static TheoryData<string> Readers => ["map", "header", "stack", "star", "pdb", "dcd", "model", "cs", "pickle", "eman", "tomograms", "mask"];

    /// <summary>A pipe that nobody writes to would hold the program for ever, out of reach of signals.</summary>
    [Theory]
    [MemberData(nameof(Readers))]
    public async Task A_pipe_a_device_a_folder_and_an_empty_file_are_refused_at_once(string reader)
    {
        using var folder = new TestFolder();
        // A file in a file, and names longer than any system takes, are such places too.
        var places = new List<string>
        {
            folder.Text("empty.pdb", ""), folder.Root, folder["empty.pdb/x.pdb"], folder[new string('x', 300) + ".pdb"],
            folder[string.Concat(Enumerable.Repeat("deep/", 2000)) + "x.pdb"],
        };
        if (!OperatingSystem.IsWindows())
        {
            using var make = Process.Start("mkfifo", folder["pipe.pdb"]);
            await make.WaitForExitAsync();
            File.CreateSymbolicLink(folder["link.pdb"], "pipe.pdb");
            File.CreateSymbolicLink(folder["round.pdb"], "round.pdb");
            places.AddRange([folder["pipe.pdb"], folder["link.pdb"], folder["round.pdb"], "/dev/zero"]);
        }

        Action<string> read = reader switch
        {
            "map" => p => MrcFile.ReadMap(p),
            "header" => p => MrcFile.ReadHeader(p),
            "stack" => p => MrcStack.Open(p).Dispose(),
            "star" => p => StarFile.Read(p),
            "pdb" => p => AtomicModelFile.Read(p),
            "dcd" => p => DcdTrajectory.Read(p),
            "cs" => p => CsDataset.Read(p),
            "pickle" => p => PickleReader.Read(p),
            "eman" => p => EmanModelFile.Read(p, 64, 1),
            "tomograms" => p => TomogramSet.Read(p, null),
            "mask" => p => MrcFile.ReadMask(p),
            _ => p => GaussianModelFile.Read(p),
        };
        foreach (var place in places)
        {
            var attempt = Task.Run(() => TestFolder.Fails(() => read(place), place));
            Assert.Same(attempt, await Task.WhenAny(attempt, Task.Delay(TimeSpan.FromSeconds(20))));
            await attempt;
        }
    }

    /// <summary>Eight megabytes and more lie on large pages where the system has them.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(8 << 20)]
    [InlineData((19 << 20) + 7)]
    public void A_file_of_any_size_is_read_as_it_is(int length)
    {
        using var folder = new TestFolder();
        var bytes = new byte[length];
        new Random(5).NextBytes(bytes);
        File.WriteAllBytes(folder["some.bin"], bytes);
        Assert.True(bytes.AsSpan().SequenceEqual(InputFile.ReadBytes(folder["some.bin"])));
        TestFolder.Fails(() => InputFile.ReadBytes(folder["some.bin"], length - 1), folder["some.bin"]);
    }
}
