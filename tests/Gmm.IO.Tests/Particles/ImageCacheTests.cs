using Gmm.Core;

namespace Gmm.IO.Tests;

public sealed class ImageCacheTests : IDisposable
{
    private const int Side = 6;
    private readonly TestFolder _folder = new();
    private readonly List<string> _told = [];

    private string Stack => _folder["stack.mrcs"];

    private string Cache => _folder["cache"];

    public ImageCacheTests() => WriteStack(0);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Images_come_from_the_cache_to_the_last_bit_once_they_were_read()
    {
        using (var cached = Open(out _))
        {
            Assert.Equal(Image(0, 2), Read(cached, 2));
        }

        // What is on the slow disk is no longer looked at: same length and time, other pixels.
        var time = File.GetLastWriteTimeUtc(Stack);
        WriteStack(100);
        File.SetLastWriteTimeUtc(Stack, time);
        using var again = Open(out _);
        Assert.Equal(Image(0, 2), Read(again, 2));
        Assert.Equal(Image(100, 1), Read(again, 1));
    }

    [Fact]
    public void A_stack_that_changed_is_read_anew()
    {
        using (var cached = Open(out _))
        {
            Read(cached, 2);
        }

        WriteStack(7);
        File.SetLastWriteTimeUtc(Stack, File.GetLastWriteTimeUtc(Stack).AddSeconds(5));
        using var again = Open(out _);
        Assert.Equal(Image(7, 2), Read(again, 2));
    }

    [Fact]
    public void A_byte_that_fell_over_on_the_disk_is_noticed()
    {
        using (var cached = Open(out _))
        {
            Read(cached, 1);
        }

        var file = Assert.Single(Directory.GetFiles(Cache));
        var bytes = File.ReadAllBytes(file);
        bytes[^3] ^= 0x10;
        File.WriteAllBytes(file, bytes);
        using var again = Open(out _);
        Assert.Equal(Image(0, 1), Read(again, 1));
        Assert.StartsWith(file + ": this file of the cache of images is damaged", Assert.Single(_told), StringComparison.Ordinal);
        Assert.Equal(Image(0, 1), Read(again, 1));
        Assert.Single(_told);
    }

    [Fact]
    public void Damage_is_told_once_for_all_stacks_and_what_is_not_there_or_old_is_no_damage()
    {
        using (var cached = Open(out _))
        {
            Read(cached, 0);
            Read(cached, 3);
        }

        WriteStack(7);
        File.SetLastWriteTimeUtc(Stack, File.GetLastWriteTimeUtc(Stack).AddSeconds(5));
        using (var newer = Open(out _))
        {
            Read(newer, 0);
            Read(newer, 1);
        }

        Assert.Empty(_told);
        var file = Assert.Single(Directory.GetFiles(Cache));
        var bytes = File.ReadAllBytes(file);
        "no cache"u8.CopyTo(bytes);
        File.WriteAllBytes(file, bytes);
        using var again = Open(out var cache);
        Assert.Equal(Image(7, 0), Read(again, 0));
        bytes[0] ^= 1;
        File.WriteAllBytes(file, bytes);
        cache.Wrap(Stack, ImageStacks.Open(Stack)).Dispose();
        Assert.Single(_told);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(80)]
    public void A_cache_that_is_cut_off_is_filled_again(int length)
    {
        using (var cached = Open(out _))
        {
            Read(cached, 0);
        }

        using (var file = File.OpenWrite(Assert.Single(Directory.GetFiles(Cache))))
        {
            file.SetLength(length);
        }

        using var again = Open(out _);
        Assert.Equal(Image(0, 0), Read(again, 0));
        Assert.Equal(Image(0, 0), Read(again, 0));
    }

    [Fact]
    public void No_more_is_written_than_there_is_room_for()
    {
        using (var cached = Open(out _, (2 * Side * Side * sizeof(float)) + 5))
        {
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(Image(0, i), Read(cached, i));
            }
        }

        var length = new FileInfo(Assert.Single(Directory.GetFiles(Cache))).Length;
        Assert.Equal(64 + (4 * sizeof(uint)) + (2 * Side * Side * sizeof(float)), length);
    }

    [Fact]
    public void A_file_in_the_place_of_the_folder_is_told()
    {
        File.WriteAllText(Cache, "no folder");
        var error = Assert.Throws<InvalidInputException>(() => Open(out _));
        Assert.Equal(Cache, error.File);
    }

    private IImageStack Open(out ImageCache cache, long? bytes = null)
    {
        cache = new ImageCache(new ImageCacheOptions(Cache, bytes) { Damaged = _told.Add });
        return cache.Wrap(Stack, ImageStacks.Open(Stack));
    }

    private static float[] Read(IImageStack stack, int index)
    {
        var pixels = new float[Side * Side];
        stack.ReadImage(index, pixels);
        return pixels;
    }

    private static float[] Image(int start, int index) => [.. Enumerable.Range(0, Side * Side).Select(p => start + (10f * index) + (p / 7f))];

    private void WriteStack(int start)
    {
        File.Delete(Stack);
        using var writer = new MrcStackWriter(Stack, Side, Side, 1.5);
        for (var i = 0; i < 4; i++)
        {
            writer.Write(Image(start, i));
        }

        writer.Complete();
    }
}
