namespace Gmm.IO.Tests;

/// <summary>Stacks in the newer layout of HDF5 (superblocks 2 and 3), which h5py wrote (Data/README.md): pixel i of image k is 100 k + i modulo 251.</summary>
public sealed class HdfLayoutTests
{
    /// <summary>Attributes in a heap; links in a heap of several blocks with a tree of two levels; each index of chunks.</summary>
    [Theory]
    [InlineData("made_latest_attributes.hdf", 2, 8, 6)]
    [InlineData("made_latest_many.hdf", 120, 2, 2)]
    [InlineData("made_latest_one_chunk.hdf", 2, 8, 6)]
    [InlineData("made_latest_array.hdf", 2, 8, 6)]
    [InlineData("made_latest_pages.hdf", 1, 32, 33)]
    [InlineData("made_latest_tree.hdf", 2, 8, 6)]
    [InlineData("made_v18_chunks.hdf", 2, 8, 6)]
    public void Every_way_of_keeping_an_image_is_read(string name, int count, int width, int height)
    {
        using var stack = EmanStack.Open(TestFolder.Data("eman", name));
        Assert.Equal((count, width, height, 1.5), (stack.Count, stack.Width, stack.Height, stack.PixelSize));
        var pixels = new float[width * height];
        for (var k = 0; k < count; k++)
        {
            stack.ReadImage(k, pixels);
            Assert.Equal(Enumerable.Range(0, pixels.Length).Select(i => (100f * k) + (i % 251)), pixels);
            Assert.Equal(name.Contains("many", StringComparison.Ordinal) ? null : k, stack.Header(k).Number("EMAN.extra_0"));
        }

        if (name is "made_latest_attributes.hdf" or "made_v18_chunks.hdf")
        {
            Assert.Equal(12, stack.Header(1).Number("EMAN.extra_11"));
            Assert.Null(stack.Header(1).Number("EMAN.extra_12"));
        }
    }

    /// <summary>Found by the fuzz program: zlib answers a content that asks for a dictionary in another way than one that is damaged.</summary>
    [Fact]
    public void A_packed_chunk_that_asks_for_a_dictionary_is_refused()
    {
        using var folder = new TestFolder();
        var bytes = File.ReadAllBytes(TestFolder.Data("eman", "made_latest_one_chunk.hdf"));
        var packed = bytes.AsSpan().IndexOf("\x78\x5E"u8);
        Assert.True(packed > 0);
        bytes[packed + 1] = 0xBB;
        File.WriteAllBytes(folder["dictionary.hdf"], bytes);
        using var stack = EmanStack.Open(folder["dictionary.hdf"]);
        TestFolder.Fails(() => stack.ReadImage(0, new float[48]), folder["dictionary.hdf"], "cannot be inflated");
    }

    [Fact]
    public void What_is_not_read_is_told_with_what_converts_it()
    {
        var growing = TestFolder.Data("eman", "made_latest_growing.hdf");
        using var stack = EmanStack.Open(growing);
        TestFolder.Fails(() => stack.ReadImage(0, new float[48]), growing, "extensible array", "h5repack -f NONE -l CONTI");
        using var folder = new TestFolder();
        var bytes = File.ReadAllBytes(growing);
        bytes[8] = 4;
        File.WriteAllBytes(folder["later.hdf"], bytes);
        TestFolder.Fails(() => EmanStack.Open(folder["later.hdf"]).Dispose(), folder["later.hdf"], "superblock of version 4", "h5repack");
    }
}
