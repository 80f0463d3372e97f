using System.Globalization;
using Gmm.Core;
using PureHDF;

namespace Gmm.IO.Tests;

/// <summary>EMAN2's .hdf as it is written: read by PureHDF, which shares no code with it, and by the reader of the library.</summary>
public sealed class HdfWriterTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Groups of one leaf, of one node of leaves (up to 256 images), and of two levels of nodes.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(256)]
    [InlineData(700)]
    public void Images_are_what_another_reader_finds(int count)
    {
        var path = _folder["s.hdf"];
        using (var writer = new EmanStackWriter(path, [3, 5], 1.5, overwrite: false))
        {
            for (var i = 0; i < count; i++)
            {
                writer.Write(Image(i), HdfAttribute.Text("EMAN.ctf", Text(i)));
            }

            writer.Complete();
        }

        using var file = H5File.OpenRead(path);
        var images = file.Group("/MDF/images");
        Assert.Equal(count - 1, images.Attribute("imageid_max").Read<int>());
        Assert.Equal(
            Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal),
            images.Children().Select(c => c.Name).Order(StringComparer.Ordinal));
        using var mine = EmanStack.Open(path);
        Assert.Equal((count, 5, 3, 1.5), (mine.Count, mine.Width, mine.Height, mine.PixelSize));
        Assert.Null(mine.Present);
        var pixels = new float[15];
        for (var i = 0; i < count; i += Math.Max(1, count / 20))
        {
            var group = file.Group($"/MDF/images/{i}");
            var dataset = group.Dataset("image");
            Assert.Equal([3ul, 5ul], dataset.Space.Dimensions);
            Assert.Equal(Image(i), dataset.Read<float[]>());
            Assert.Equal((5, 3, 1), (group.Attribute("EMAN.nx").Read<int>(), group.Attribute("EMAN.ny").Read<int>(), group.Attribute("EMAN.nz").Read<int>()));
            Assert.Equal(1.5f, group.Attribute("EMAN.apix_x").Read<float>());
            Assert.Equal(Image(i).Average(), group.Attribute("EMAN.mean").Read<float>(), 1e-4);
            Assert.Equal(Image(i).Max(), group.Attribute("EMAN.maximum").Read<float>());
            Assert.Equal(Text(i), group.Attribute("EMAN.ctf").Read<string>());
            mine.ReadImage(i, pixels);
            Assert.Equal(Image(i), pixels);
            Assert.Equal(Text(i), mine.Header(i).Text("EMAN.ctf"));
        }
    }

    [Fact]
    public void A_map_is_the_same_again()
    {
        var map = new MrcVolume { Size = (4, 3, 2), PixelSize = (1.25, 1.25, 1.25), Voxels = [.. Enumerable.Range(0, 24).Select(i => i - 7.5f)] };
        MrcFile.WriteVolume(_folder["m.hdf"], map);
        var read = MrcFile.ReadVolume(_folder["m.hdf"]);
        Assert.Equal((map.Size, map.PixelSize), (read.Size, read.PixelSize));
        Assert.Equal(map.Voxels, read.Voxels);
        using (var file = H5File.OpenRead(_folder["m.hdf"]))
        {
            Assert.Equal([2ul, 3ul, 4ul], file.Dataset("/MDF/images/0/image").Space.Dimensions);
        }

        // Whole or not at all.
        map.Voxels[5] = float.NaN;
        TestFolder.Fails(() => MrcFile.WriteVolume(_folder["n.hdf"], map), "n.hdf", "not be finite");
        Assert.Equal(["m.hdf"], Directory.GetFiles(_folder.Root).Select(Path.GetFileName));
    }

    private static float[] Image(int i) => [.. Enumerable.Range(0, 15).Select(p => (100 * i) + p + 0.25f)];

    private static string Text(int i) => FormattableString.Invariant($"E{1 + (0.001 * i):F3} 0 30 50 10 300 2.7 1.5");
}
