using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>
/// Files made to break readers (Data/hostile, and some made here): each gives an error
/// that names file and field, or a right result, in little time and memory.
/// </summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pair_without_a_label_makes_no_table() => TestFolder.Fails(
        () => StarFile.Read(_folder.Text("p.star", "data_optics\n_rlnOpticsGroup 1\n_ 2\n")).Find("optics")!.AsTable(),
        "p.star: block data_optics cannot be read as a table: \"\" cannot be a label");

    [Fact]
    public void Text_with_zero_bytes_or_in_UTF_16_is_no_STAR_file()
    {
        var path = Path.Combine(_folder.Root, "z.star");
        File.WriteAllText(path, "data_x\n\nloop_\n_a\n_b\n1 2\n3\0 4\n");
        TestFolder.Fails(() => StarFile.Read(path), "z.star, row 7", "zero byte (NUL)");
        File.WriteAllText(path, "data_x\n_a 1\n", Encoding.Unicode);
        TestFolder.Fails(() => StarFile.Read(path), "z.star", "UTF-16");
        File.WriteAllText(path, "data_x\n_a 1\n", Encoding.BigEndianUnicode);
        TestFolder.Fails(() => StarFile.Read(path), "z.star", "UTF-16");
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e-6f)]
    public void Voxels_of_no_size_are_refused_with_their_file(float voxel)
    {
        var path = Path.Combine(_folder.Root, "huge.mrc");
        MrcFile.WriteMap(path, new DensityMap(4, 1, new float[64]));
        var bytes = File.ReadAllBytes(path);
        for (var axis = 0; axis < 3; axis++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(40 + (4 * axis)), 4 * voxel);
        }

        File.WriteAllBytes(path, bytes);
        TestFolder.Fails(() => MrcFile.ReadMap(path), "huge.mrc, header CELLA: a pixel size of ");
    }

    [Theory]
    [InlineData("o_map_wrap.mrc")]
    [InlineData("o_map_wrap_axes.mrc")]
    public void Sizes_of_a_map_that_wrap_64_bits_are_refused(string name)
    {
        var path = Hostile(name);
        TestFolder.Fails(() => MrcFile.ReadHeader(path), name, "header NX, NY, NZ");
        TestFolder.Fails(() => MrcFile.ReadMap(path), name, "header NX, NY, NZ");
    }

    [Fact]
    public void Sizes_of_a_stack_that_wrap_64_bits_are_refused()
    {
        TestFolder.Fails(() => MrcStack.Open(Hostile("o_stack_wrap.mrcs")), "o_stack_wrap.mrcs", "header NX, NY, NZ");
        var options = new StarParticlesOptions { Root = TestFolder.Data("hostile") };
        TestFolder.Fails(
            () => StarParticles.Open(Hostile("o_wrap.star"), options), "o_wrap.star", "row 21", "rlnImageName", "o_stack_wrap.mrcs",
            "header NX, NY, NZ");
    }

    [Theory]
    [InlineData(1 << 20, 1 << 20, 1)]
    [InlineData(1 << 16, 1 << 16, 1 << 30)]
    [InlineData(1 << 20, 1 << 20, int.MaxValue)]
    [InlineData(3, 5, int.MaxValue)]
    [InlineData(1 << 15, 1 << 15, 1)]
    public void Sizes_beyond_the_file_are_refused_before_anything_is_made_for_them(int nx, int ny, int nz)
    {
        foreach (var name in new[] { "a.mrc", "a.mrc.gz" })
        {
            var path = Header(name, nx, ny, nz, 4000);
            AssertSmall(() => TestFolder.Fails(() => MrcFile.ReadVolume(path), name));
        }

        AssertSmall(() => TestFolder.Fails(() => MrcStack.Open(Header("a.mrcs", nx, ny, nz, 4000)), "a.mrcs"));
    }

    [Fact]
    public void A_gzipped_map_is_given_room_only_as_its_content_comes()
    {
        AssertSmall(() => TestFolder.Fails(() => MrcFile.ReadMap(Hostile("o_map_800.mrc.gz")), "o_map_800.mrc.gz", "truncated", "data"));

        // Half a megabyte that could hold 500 MB, and does not.
        var path = Header("b.mrc.gz", 500, 500, 500, 1 << 19);
        AssertSmall(() => TestFolder.Fails(() => MrcFile.ReadMap(path), "b.mrc.gz", "truncated", "data"));
    }

    [Fact]
    public void A_gzipped_map_larger_than_the_first_room_is_read_whole()
    {
        const int n = 130;
        var values = new float[n * n * n];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i % 977;
        }

        MrcFile.WriteVolume(_folder["whole.mrc"], new MrcVolume { Size = (n, n, n), PixelSize = (1, 1, 1), Voxels = values });
        using (var zipped = new GZipStream(File.Create(_folder["whole.mrc.gz"]), CompressionLevel.Fastest))
        {
            zipped.Write(File.ReadAllBytes(_folder["whole.mrc"]));
        }

        Assert.Equal(values, MrcFile.ReadVolume(_folder["whole.mrc.gz"]).Voxels);
    }

    [Theory]
    [InlineData("a.pdb.gz")]
    [InlineData("a.cif.gz")]
    public void A_small_archive_does_not_fill_the_memory(string name)
    {
        var line = Encoding.ASCII.GetBytes(name.Contains("cif", StringComparison.Ordinal) ? "# a remark, again and again\n" : "REMARK   3 again and again\n");
        using (var zipped = new GZipStream(File.Create(_folder[name]), CompressionLevel.Optimal))
        {
            for (var i = 0; i < 1_500_000; i++)
            {
                zipped.Write(line);
            }
        }

        AssertSmall(() => TestFolder.Fails(() => AtomicModelFile.Read(_folder[name]), name, "once unzipped"), 80 << 20);
    }

    [Fact]
    public void A_long_line_of_open_quotes_and_many_labels_take_time_in_proportion()
    {
        // Quadratic, each of these took minutes.
        var clock = Stopwatch.StartNew();
        const int count = 300_000;
        var quotes = new StringBuilder("data_a\nloop_\n_x\n").Insert(16, " 'a \"b", count).Append('\n').ToString();
        TestFolder.Fails(() => StarFile.Parse(quotes, "q.star"), "q.star", "row 4", "600000 values");
        var labels = new StringBuilder("data_a\nloop_\n");
        var pairs = new StringBuilder("data_b\n");
        for (var i = 0; i < count; i++)
        {
            labels.Append("_l").Append(i).Append('\n');
            pairs.Append("_p").Append(i).Append(" 1\n");
        }

        var file = StarFile.Parse(labels.ToString() + pairs);
        Assert.Equal((count, count), (file.Blocks[0].Table!.Labels.Count, file.Blocks[1].Pairs.Count));
        Assert.Equal(count - 1, file.Blocks[0].Table!.IndexOf($"l{count - 1}"));
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 30);
    }

    [Fact]
    public void A_pair_that_only_the_reader_understands_is_written_as_it_was_read()
    {
        using var particles = StarParticles.Open(Hostile("unwritable_pair_particles.star"), new StarParticlesOptions { RequireImages = false });
        Assert.Equal("a\" b' c", particles.File.Find("extra")!.GetText("x"));
        particles.WriteStar(_folder["out.star"], [.. particles.Particles.Select(p => p.Pose)]);
        Assert.Contains("\n_x  a\" b' c\n", File.ReadAllText(_folder["out.star"]), StringComparison.Ordinal);
        using var again = StarParticles.Open(_folder["out.star"], new StarParticlesOptions { RequireImages = false });
        Assert.Equal("a\" b' c", again.File.Find("extra")!.GetText("x"));
        Assert.Equal(particles.Particles, again.Particles);
    }

    [Fact]
    public void Both_kinds_of_quotes_are_written_and_read_as_RELION_does()
    {
        // RELION 5, strings.cpp, escapeStringForSTAR: a bell before a quote that would end the value.
        var relion = StarFile.Parse("data_\n_x \"a\a\" b' c\"\n");
        Assert.Equal("a\" b' c", relion.Blocks[0].GetText("x"));
        var block = new StarBlock("b");
        block.Set("x", "a\" b' c");
        Assert.Equal("a\" b' c", StarFile.Parse(new StarFile(block).ToText()).Blocks[0].GetText("x"));
    }

    [Fact]
    public void The_poses_of_a_plain_file_are_read()
    {
        using var particles = StarParticles.Open(Hostile("id.star"), new StarParticlesOptions { RequireImages = false });
        Assert.Equal([1, 1, 2, 2], particles.Particles.Select(p => p.Half));
        Assert.All(particles.Particles, p => Assert.Equal(Pose.Identity, p.Pose));
    }

    [Theory]
    [InlineData("x\u001b[2Jy", "\\x1b[2Jy")]
    [InlineData("1\a", "1\\x07")]
    public void Control_characters_of_a_cell_are_shown_and_not_sent(string cell, string shown)
    {
        var table = StarFile.Parse($"data_a\nloop_\n_x\n_y\n{cell} 1\n", "c.star").Blocks[0].Table!;
        TestFolder.Fails(() => table.GetDouble(0, "x"), "c.star, row 5, x", shown);
    }

    [Fact]
    public void Trajectories_that_lie_about_their_size_are_refused()
    {
        string Write(int atoms, params float[][] axes)
        {
            using var stream = File.Create(_folder["t.dcd"]);
            void Record(params ReadOnlySpan<byte> content)
            {
                Span<byte> length = stackalloc byte[4];
                BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
                stream.Write(length);
                stream.Write(content);
                stream.Write(length);
            }

            Record([.. "CORD"u8, .. new byte[80]]);
            Record(new byte[4]);
            Record(BitConverter.GetBytes(atoms));
            foreach (var axis in axes)
            {
                Record([.. axis.SelectMany(BitConverter.GetBytes)]);
            }

            return _folder["t.dcd"];
        }

        float[] two = [1, 2];
        Assert.Equal([1, 1, 1, 2, 2, 2], DcdTrajectory.Read(Write(2, two, two, two)).Frames[0]);
        AssertSmall(() => TestFolder.Fails(() => DcdTrajectory.Read(Write(int.MaxValue, two, two, two)), "t.dcd"));
        AssertSmall(() => TestFolder.Fails(() => DcdTrajectory.Read(Write(150_000_000, two, two, two)), "t.dcd", "frame 1", "8 bytes"));
        TestFolder.Fails(() => DcdTrajectory.Read(Write(2, two, [0, float.NaN], two)), "t.dcd", "frame 1", "atom 2", "y");
        TestFolder.Fails(() => DcdTrajectory.Read(Write(2, two, two, two, two, two, [1e30f, 0])), "t.dcd", "frame 2", "atom 1", "z");
        TestFolder.Fails(() => DcdTrajectory.Read(Write(2, two, two)), "t.dcd");
        TestFolder.Fails(() => DcdTrajectory.Read(_folder["none.dcd"]), "none.dcd", "does not exist");
    }

    private static string Hostile(string name) => TestFolder.Data("hostile", name);

    private static void AssertSmall(Action read, long bytes = 40 << 20)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        read();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, bytes);
    }

    /// <summary>A header of some size with too few values, which do not compress, behind it.</summary>
    private string Header(string name, int nx, int ny, int nz, int bytes)
    {
        var content = new byte[MrcHeader.ByteCount + bytes];
        new Random(5).NextBytes(content);
        content.AsSpan(MrcHeader.ByteCount).Replace((byte)0x7F, (byte)0x3F);
        content.AsSpan(MrcHeader.ByteCount).Replace((byte)0xFF, (byte)0x3F);
        new MrcHeader { Columns = nx, Rows = ny, Sections = nz, Sampling = (1, 1, 1), Cell = (1, 1, 1) }.ToBytes().CopyTo(content, 0);
        using Stream file = File.Create(_folder[name]);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(content);
        return _folder[name];
    }
}
