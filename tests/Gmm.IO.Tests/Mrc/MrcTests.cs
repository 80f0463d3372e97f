using System.Buffers.Binary;
using System.IO.Compression;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;

namespace Gmm.IO.Tests;

public sealed class MrcTests
{
    private static readonly (int, int, int)[] AxisOrders = [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)];

    [Property]
    public Property Every_mode_byte_order_and_axis_order_is_read()
    {
        var inputs = (from mode in Gen.Elements(MrcMode.Int8, MrcMode.Int16, MrcMode.Float32, MrcMode.UInt16, MrcMode.Float16)
                      from big in ArbMap.Default.GeneratorFor<bool>()
                      from axes in Gen.Elements(AxisOrders)
                      from size in Gen.Choose(1, 6).Three()
                      from extended in Gen.Elements(0, 80, 1024)
                      from gzip in ArbMap.Default.GeneratorFor<bool>()
                      from seed in Gen.Choose(0, 1000)
                      select (mode, big, axes, size, extended, gzip, seed)).ToArbitrary();
        return Prop.ForAll(inputs, t =>
        {
            using var folder = new TestFolder();
            var (nx, ny, nz) = t.size;
            var random = new Random(t.seed);
            float Value(int x, int y, int z) => Math.Abs((x * 31) + (y * 17) + (z * 7) + t.seed) % 100;
            var path = folder[t.gzip ? "a.mrc.gz" : "a.mrc"];
            WriteRaw(path, t.mode, t.big, t.axes, (nx, ny, nz), t.extended, t.gzip, Value);
            var volume = MrcFile.ReadVolume(path);
            Assert.Equal((nx, ny, nz), volume.Size);
            Assert.Equal((-1, -2, -3), volume.Start);
            Assert.Equal(1.5, volume.PixelSize.Y, 6);
            for (var z = 0; z < nz; z++)
            {
                for (var y = 0; y < ny; y++)
                {
                    for (var x = 0; x < nx; x++)
                    {
                        Assert.Equal(Value(x, y, z), volume.Voxels[(((z * ny) + y) * nx) + x]);
                    }
                }
            }
        });
    }

    [Fact]
    public void A_map_survives_writing_and_reading_and_its_header_is_right()
    {
        using var folder = new TestFolder();
        var random = new Random(3);
        var values = Enumerable.Range(0, 5 * 4 * 3).Select(_ => (float)((random.NextDouble() * 7) - 2)).ToArray();
        var volume = new MrcVolume { Size = (5, 4, 3), PixelSize = (1.3, 1.3, 1.3), Voxels = values, Origin = (-3, 4.5, 0.25), Start = (-4, 2, 1) };
        MrcFile.WriteVolume(folder["v.mrc"], volume);
        var again = MrcFile.ReadVolume(folder["v.mrc"]);
        Assert.Equal(values, again.Voxels);
        Assert.Equal((volume.Size, volume.Origin, volume.Start), (again.Size, again.Origin, again.Start));
        Assert.Equal(1.3, again.PixelSize.Z, 6);
        var header = MrcFile.ReadHeader(folder["v.mrc"]);
        var mean = values.Average(v => (double)v);
        Assert.Equal(values.Min(), header.Minimum);
        Assert.Equal(values.Max(), header.Maximum);
        Assert.Equal(mean, header.Mean, 6);
        Assert.Equal(Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), header.Rms, 6);
        Assert.Equal((1, "gmm", false), (header.SpaceGroup, header.Labels[0], header.IsBigEndian));
        Assert.Equal(header.ExpectedFileLength, new FileInfo(folder["v.mrc"]).Length);
    }

    [Fact]
    public void A_cubic_map_takes_its_place_from_a_frame()
    {
        using var folder = new TestFolder();
        var map = new DensityMap(3, 2.5, [.. Enumerable.Range(0, 27).Select(i => (float)i)]);
        var frame = new MrcVolume { Size = (3, 3, 3), PixelSize = (2.5, 2.5, 2.5), Voxels = map.Voxels, Origin = (10, 20, 30), Start = (1, 2, 3) };
        MrcFile.WriteMap(folder["m.mrc"], map, frame: frame);
        var again = MrcFile.ReadVolume(folder["m.mrc"]);
        Assert.Equal(((10.0, 20.0, 30.0), (1, 2, 3)), (again.Origin, again.Start));
        var cubic = MrcFile.ReadMap(folder["m.mrc"]);
        Assert.Equal((3, 2.5), (cubic.Size, cubic.PixelSize));
        Assert.Equal(map.Voxels, cubic.Voxels);
        Assert.Equal(2, MrcFile.ReadHalfMap(folder["m.mrc"], 2).Half);
        TestFolder.Fails(() => MrcFile.ReadMask(folder["m.mrc"]), "m.mrc", "is not a mask");
        TestFolder.Fails(() => MrcFile.WriteMap(folder["m.mrc"], map), "m.mrc", "exists already");
    }

    [Fact]
    public void Maps_of_the_EMDB_are_read_as_mrcfile_reads_them()
    {
        var plain = MrcFile.ReadVolume(TestFolder.Data("maps", "EMD-3197.map"));
        var zipped = MrcFile.ReadVolume(TestFolder.Data("maps", "emd_3197.map.gz"));
        Assert.Equal(plain.Voxels, zipped.Voxels);
        Assert.Equal((20, 20, 20), plain.Size);
        Assert.Equal(11.4, MrcFile.ReadMap(TestFolder.Data("maps", "EMD-3197.map")).PixelSize, 4);
        Assert.Equal(MrcFile.ReadHeader(TestFolder.Data("maps", "EMD-3197.map")).Mean, plain.Voxels.Average(v => (double)v), 5);

        // Axis order 3, 1, 2 and an extended header; the voxels are what mrcfile 1.4.3 and numpy give after transposing to z, y, x.
        var turned = MrcFile.ReadVolume(TestFolder.Data("maps", "emd_3001.map.gz"));
        Assert.Equal((43, 25, 73), turned.Size);
        float At(int x, int y, int z) => turned.Voxels[(((z * 25) + y) * 43) + x];
        Assert.Equal(
            [0.04283447191119194f, 0.06724497675895691f, -0.03177911043167114f, 0.039263490587472916f],
            new[] { At(0, 0, 0), At(42, 24, 72), At(5, 3, 40), At(20, 10, 1) });
        TestFolder.Fails(() => turned.ToDensityMap(), "emd_3001.map.gz", "NX", "43 x 25 x 73");
    }

    [Fact]
    public void Bad_files_are_refused_by_name_and_field()
    {
        using var folder = new TestFolder();
        var good = new byte[1024 + (4 * 27)];
        new MrcHeader { Columns = 3, Rows = 3, Sections = 3, Sampling = (3, 3, 3), Cell = (3, 3, 3) }.ToBytes().CopyTo(good, 0);
        string Changed(int word, int value)
        {
            var bytes = good.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * (word - 1)), value);
            File.WriteAllBytes(folder["bad.mrc"], bytes);
            return folder["bad.mrc"];
        }

        Assert.Equal(3, MrcFile.ReadMap(Changed(1, 3)).Size);
        TestFolder.Fails(() => MrcFile.ReadMap(Changed(1, -3)), "bad.mrc, header NX", "cannot be the size");
        TestFolder.Fails(() => MrcFile.ReadMap(Changed(4, 4)), "bad.mrc, header MODE", "mode 4");
        TestFolder.Fails(() => MrcFile.ReadMap(Changed(17, 2)), "bad.mrc, header MAPC", "2, 2, 3");
        TestFolder.Fails(() => MrcFile.ReadMap(Changed(24, -8)), "bad.mrc, header NSYMBT");
        TestFolder.Fails(() => MrcFile.ReadMap(Changed(3, 4)), "bad.mrc, data", "truncated");
        TestFolder.Fails(() => MrcFile.ReadMap(Changed(11, BitConverter.SingleToInt32Bits(0))), "bad.mrc, header CELLA", "pixel size 0");
        TestFolder.Fails(() => MrcFile.ReadMap(Changed(11, BitConverter.SingleToInt32Bits(-3))), "bad.mrc, header CELLA");
        TestFolder.Fails(() => MrcFile.ReadMap(Changed(12, BitConverter.SingleToInt32Bits(4))), "bad.mrc, header CELLA", "not cubes");
        TestFolder.Fails(() => MrcFile.ReadMap(Changed(260, BitConverter.SingleToInt32Bits(float.NaN))), "bad.mrc", "NaN");
        Assert.Equal(1, MrcFile.ReadMap(Changed(11, BitConverter.SingleToInt32Bits(0)), 1).PixelSize);
        TestFolder.Fails(() => MrcFile.ReadMap(folder.Text("text.mrc", "hello")), "text.mrc, header", "5 bytes");
        TestFolder.Fails(() => MrcFile.ReadMap(folder["none.mrc"]), "none.mrc", "does not exist");
        TestFolder.Fails(() => MrcFile.ReadMap(folder.Text("text.mrc.gz", "hello")), "text.mrc.gz", "cannot be read");
    }

    [Fact]
    public void A_stack_is_read_image_by_image_on_many_threads()
    {
        using var folder = new TestFolder();
        folder.Stack("s.mrcs", 40);
        using var stack = MrcStack.Open(folder["s.mrcs"]);
        Assert.Equal((8, 8, 40), (stack.Width, stack.Height, stack.Count));
        Assert.Equal((0, 1), (stack.Header.SpaceGroup, stack.Header.Sampling.Z));
        Parallel.For(0, 400, k =>
        {
            var image = new float[64];
            stack.ReadImage(k % 40, image);
            Assert.Equal(Enumerable.Range(0, 64).Select(p => (1000f * (k % 40)) + p), image);
        });
        Assert.Throws<ArgumentOutOfRangeException>(() => stack.ReadImage(40, new float[64]));
        Assert.Throws<ArgumentException>(() => stack.ReadImage(0, new float[63]));
    }

    [Fact]
    public void A_stack_of_other_modes_and_byte_order_is_read()
    {
        using var folder = new TestFolder();
        foreach (var mode in new[] { MrcMode.Int8, MrcMode.Int16, MrcMode.UInt16, MrcMode.Float16, MrcMode.Float32 })
        {
            WriteRaw(folder["s.mrcs"], mode, big: true, (1, 2, 3), (4, 4, 3), 160, gzip: false, (x, y, z) => (20 * z) + (4 * y) + x);
            using var stack = MrcStack.Open(folder["s.mrcs"]);
            var image = new float[16];
            stack.ReadImage(2, image);
            Assert.Equal(Enumerable.Range(0, 16).Select(i => 40f + i), image);
        }
    }

    [Fact]
    public void An_unfinished_stack_leaves_nothing_behind()
    {
        using var folder = new TestFolder();
        using (var writer = new MrcStackWriter(folder["s.mrcs"], 2, 2, 1))
        {
            writer.Write([1, 2, 3, 4]);
            Assert.Throws<ArgumentException>(() => writer.Write([1, 2, 3]));
        }

        Assert.Empty(Directory.GetFiles(folder.Root));
        folder.Stack("s.mrcs", 2);
        TestFolder.Fails(() => new MrcStackWriter(folder["s.mrcs"], 2, 2, 1).Dispose(), "s.mrcs", "exists already");
        using var shorter = File.OpenWrite(folder["s.mrcs"]);
        shorter.SetLength(shorter.Length - 1);
        shorter.Close();
        TestFolder.Fails(() => MrcStack.Open(folder["s.mrcs"]).Dispose(), "s.mrcs, data", "truncated", "2 images");
    }

    [Fact]
    public void Statistics_of_values_with_a_large_mean_are_accurate()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 20000).Select(_ => (float)(30000 + random.NextDouble())).ToArray();
        var statistics = new MrcStatistics();
        statistics.Add(values.AsSpan(0, 7001));
        statistics.Add(values.AsSpan(7001));
        var header = new MrcHeader { Columns = 1, Rows = 1, Sections = 1 }.With(statistics);
        var mean = values.Average(v => (double)v);
        Assert.Equal(Math.Sqrt(values.Average(v => (v - mean) * (v - mean))), header.Rms, 6);
    }

    [Fact]
    public void Constant_and_broken_images_are_told()
    {
        Assert.True(ImageChecks.IsConstant([2, 2, 2]));
        Assert.False(ImageChecks.IsConstant([2, 2, 2.5f]));
        Assert.Equal(-1, ImageChecks.FirstNonFinite([1, 2]));
        Assert.Equal(1, ImageChecks.FirstNonFinite([1, float.PositiveInfinity, float.NaN]));
    }

    /// <summary>Writes a file the long way round, value by value, as the format says.</summary>
    private static void WriteRaw(
        string path, MrcMode mode, bool big, (int C, int R, int S) axes, (int X, int Y, int Z) size, int extended, bool gzip, Func<int, int, int, float> value)
    {
        int[] sizes = [size.X, size.Y, size.Z], starts = [-1, -2, -3];
        var header = new MrcHeader
        {
            Columns = sizes[axes.C - 1],
            Rows = sizes[axes.R - 1],
            Sections = sizes[axes.S - 1],
            Start = (starts[axes.C - 1], starts[axes.R - 1], starts[axes.S - 1]),
            Mode = mode,
            Sampling = size,
            Cell = (size.X, size.Y * 1.5f, size.Z),
            Axes = axes,
            ExtendedHeaderBytes = extended,
        };
        var bytes = header.ToBytes();
        if (big)
        {
            for (var word = 1; word <= 56; word++)
            {
                if (word is not (53 or 54))
                {
                    bytes.AsSpan(4 * (word - 1), 4).Reverse();
                }
            }

            bytes[212] = bytes[213] = 0x11;
        }

        using var file = File.Create(path);
        using Stream stream = gzip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(bytes);
        stream.Write(new byte[extended]);
        for (var s = 0; s < header.Sections; s++)
        {
            for (var r = 0; r < header.Rows; r++)
            {
                for (var c = 0; c < header.Columns; c++)
                {
                    var at = new int[3];
                    (at[axes.C - 1], at[axes.R - 1], at[axes.S - 1]) = (c, r, s);
                    stream.Write(Encode(mode, big, value(at[0], at[1], at[2])));
                }
            }
        }
    }

    private static byte[] Encode(MrcMode mode, bool big, float v)
    {
        var bytes = mode switch
        {
            MrcMode.Int8 => [(byte)(sbyte)v],
            MrcMode.Int16 => BitConverter.GetBytes((short)v),
            MrcMode.UInt16 => BitConverter.GetBytes((ushort)v),
            MrcMode.Float16 => BitConverter.GetBytes((Half)v),
            _ => BitConverter.GetBytes(v),
        };
        if (big)
        {
            Array.Reverse(bytes);
        }

        return bytes;
    }
}
