using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// Writes images or a map as EMAN2's .hdf (<see cref="EmanStack"/>), one after another, as 32-bit floats. The file has its name only after
/// <see cref="Complete"/>.
/// </summary>
internal sealed class EmanStackWriter : IDisposable
{
    private readonly AtomicOutput _output;
    private readonly HdfWriter _file;
    private readonly int[] _size;
    private readonly double _pixelSize;
    private readonly List<(string Name, ulong Address)> _images = [];

    /// <summary>Starts a file under a temporary name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="size">Numbers of values along each axis of an image or a map, x last.</param>
    /// <param name="pixelSize">Angstrom per pixel.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public EmanStackWriter(string path, int[] size, double pixelSize, bool overwrite)
    {
        (_size, _pixelSize) = (size, pixelSize);
        _output = AtomicOutput.Create(path, overwrite);
        _file = new HdfWriter(_output.Stream);
    }

    /// <summary>Writes a map of any box; its place in space is not kept, since EMAN2's files have none.</summary>
    /// <exception cref="InvalidInputException">
    /// A voxel is not finite or none is a cube, or the file cannot be written, or exists and must not be replaced.
    /// </exception>
    public static void WriteVolume(string path, MrcVolume volume, bool overwrite)
    {
        var (x, y, z) = volume.Size;
        using var writer = new EmanStackWriter(path, [z, y, x], volume.PixelSize.X, overwrite);
        writer.Write(volume.Voxels);
        writer.Complete();
    }

    /// <summary>Adds an image at the end.</summary>
    /// <param name="pixels">Its values, x fastest.</param>
    /// <param name="more">More attributes of its header.</param>
    /// <exception cref="ArgumentException">Another number of values than the size says.</exception>
    /// <exception cref="InvalidInputException">A value is not finite, or the disk is full.</exception>
    public void Write(ReadOnlySpan<float> pixels, params IReadOnlyList<HdfAttribute> more)
    {
        if (pixels.Length != _size.Aggregate(1L, (a, b) => a * b))
        {
            throw new ArgumentException($"An image has {string.Join(" x ", _size.Reverse())} values, not {pixels.Length}.", nameof(pixels));
        }

        FloatValues.RequireFinite(pixels, _output.Path);
        var statistics = new MrcStatistics();
        statistics.Add(pixels);
        var (minimum, maximum, mean, sigma) = statistics.Values;
        var values = pixels.ToArray();
        Guard(() =>
        {
            var data = _file.Dataset(_size, values);
            var group = _file.Group(
                [("image", data)],
                [
                    HdfAttribute.Whole("EMAN.nx", _size[^1]), HdfAttribute.Whole("EMAN.ny", _size[^2]),
                    HdfAttribute.Whole("EMAN.nz", _size.Length > 2 ? _size[0] : 1),
                    HdfAttribute.Single("EMAN.apix_x", _pixelSize), HdfAttribute.Single("EMAN.apix_y", _pixelSize),
                    HdfAttribute.Single("EMAN.apix_z", _pixelSize), HdfAttribute.Single("EMAN.minimum", minimum),
                    HdfAttribute.Single("EMAN.maximum", maximum), HdfAttribute.Single("EMAN.mean", mean), HdfAttribute.Single("EMAN.sigma", sigma),
                    .. more,
                ]);
            _images.Add((_images.Count.ToString(CultureInfo.InvariantCulture), group.Header));
        });
    }

    /// <summary>Writes what leads to the images and gives the file its name.</summary>
    /// <exception cref="InvalidOperationException">No image was written.</exception>
    /// <exception cref="InvalidInputException">The disk is full, or the file exists meanwhile.</exception>
    public void Complete()
    {
        if (_images.Count == 0)
        {
            throw new InvalidOperationException("A stack needs at least one image.");
        }

        Guard(() =>
        {
            var images = _file.Group(_images, HdfAttribute.Whole("imageid_max", _images.Count - 1));
            var mdf = _file.Group([("images", images.Header)]);
            _file.Complete(_file.Group([("MDF", mdf.Header)]));
        });
        _output.Complete();
    }

    /// <summary>Deletes what was written, unless the stack is complete.</summary>
    public void Dispose() => _output.Dispose();

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (IOException e)
        {
            throw new InvalidInputException($"cannot be written: {e.Message.ReplaceLineEndings(" ")}", _output.Path, innerException: e);
        }
    }
}
