using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps.Tests;

public sealed class MapChecksTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".mrc");

    [Fact]
    public void A_mask_goes_on_with_the_pixel_size_of_its_particles()
    {
        // A header holds a length in float32: 12 x 1.0713 is not among its numbers.
        MrcFile.WriteMap(_path, new DensityMap(12, 1.0713, [.. Enumerable.Repeat(0.5f, 12 * 12 * 12)]));
        Assert.NotEqual(1.0713, MrcFile.ReadMask(_path).PixelSize);
        Assert.Equal(1.0713, MapChecks.ReadMask(_path, new OpticsGroup { ImageSize = 12, PixelSize = 1.0713 }).PixelSize);
    }

    [Theory]
    [InlineData(14, 1.0713, "12 voxels of 1.0713 A, but the maps will have 14 of 1.0713 A")]
    [InlineData(12, 1.08, "12 voxels of 1.0713 A, but the maps will have 12 of 1.08 A")]
    public void A_mask_of_another_grid_is_refused_with_its_file(int size, double pixelSize, string problem)
    {
        MrcFile.WriteMap(_path, new DensityMap(12, 1.0713, [.. Enumerable.Repeat(0.5f, 12 * 12 * 12)]));
        var e = Assert.Throws<InvalidInputException>(() => MapChecks.ReadMask(_path, new OpticsGroup { ImageSize = size, PixelSize = pixelSize }));
        Assert.Equal(_path, e.File);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_path);
}
