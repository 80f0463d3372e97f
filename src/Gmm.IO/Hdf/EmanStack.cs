using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>EMAN2's images: an HDF5 file with a group for each, /MDF/images/0 and so on, whose attributes are its header, and its dataset "image".</summary>
/// <remarks>Layout and attributes as in EMAN2's HdfIO2. Images that were reduced to few bits get their values back as it does.</remarks>
internal sealed class EmanStack : IImageStack
{
    private readonly HdfFile _file;
    private readonly Dictionary<int, ulong> _images = [];

    private EmanStack(HdfFile file)
    {
        _file = file;
        var images = file.Find("MDF", "images") ?? throw file.Error("has no images of EMAN2's: there is no group /MDF/images");
        foreach (var (name, address) in images.Members())
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var n))
            {
                _images.TryAdd(n, address);
            }
        }

        Count = _images.Count == 0 ? throw file.Error("has no images: the group /MDF/images is empty") : _images.Keys.Max() + 1;
        Present = _images.Count == Count ? null : _images.Keys.ToHashSet();
        Size = Dataset(_images.Keys.Min()).Dimensions;
        PixelSize = Header(_images.Keys.Min()).Number("EMAN.apix_x") is > 0 and < 1e6 and var a ? a : 0;
    }

    /// <summary>Whether a file is one of EMAN2's, by its name.</summary>
    public static bool IsNamed(string path) => Path.GetExtension(path).ToLowerInvariant() is ".hdf" or ".hdf5" or ".h5";

    public int Count { get; }

    public int Width => Size[^1];

    public int Height => Size[^2];

    public double PixelSize { get; }

    public IReadOnlySet<int>? Present { get; }

    /// <summary>Numbers of values along each axis, x last.</summary>
    public IReadOnlyList<int> Size { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidInputException">It is missing, cannot be read, or has no images of EMAN2's.</exception>
    public static EmanStack Open(string path)
    {
        var file = HdfFile.Open(path);
        try
        {
            return new EmanStack(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads an image or a map.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="pixels">Where it goes, x fastest.</param>
    public void ReadImage(int index, Span<float> pixels)
    {
        var header = Header(index);
        var image = Dataset(index);
        if (!image.Dimensions.SequenceEqual(Size) || pixels.Length != image.Count)
        {
            throw _file.Error(
                $"image {index} is {string.Join(" x ", image.Dimensions.Reverse())}, others {string.Join(" x ", Size.Reverse())}", "image", index + 1);
        }

        image.Read(pixels);
        if (header.Number("EMAN.stored_renderbits") is > 0 and <= 16 and var bits
            && header.Number("EMAN.stored_rendermin") is { } low && header.Number("EMAN.stored_rendermax") is { } high)
        {
            var most = (1 << (int)bits) - 1;
            for (var i = 0; i < pixels.Length; i++)
            {
                pixels[i] = (float)((pixels[i] / most * (high - low)) + low);
            }
        }
    }

    /// <summary>The header of an image: the attributes of its group.</summary>
    public HdfObject Header(int index) => _images.TryGetValue(index, out var address)
        ? HdfObject.Read(_file, address)
        : throw _file.Error($"there is no image {index}", "/MDF/images", index + 1);

    public void Dispose() => _file.Dispose();

    private HdfDataset Dataset(int index)
    {
        var member = Header(index).Members().FirstOrDefault(m => m.Name == "image");
        return member.Name is null
            ? throw _file.Error($"image {index} has no values", "image", index + 1)
            : HdfObject.Read(_file, member.Address).Dataset();
    }
}
