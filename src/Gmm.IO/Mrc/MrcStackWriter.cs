using Gmm.Core;

namespace Gmm.IO;

/// <summary>Writes a stack of images one after another, as 32-bit floats. The file has its name only after <see cref="Complete"/>.</summary>
public sealed class MrcStackWriter : IDisposable
{
    private readonly AtomicOutput _output;
    private readonly MrcStatistics _statistics = new();
    private readonly int _width;
    private readonly int _height;
    private readonly double _pixelSize;

    /// <summary>Starts a stack under a temporary name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="width">Pixels along x.</param>
    /// <param name="height">Pixels along y.</param>
    /// <param name="pixelSize">Angstrom per pixel.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public MrcStackWriter(string path, int width, int height, double pixelSize, bool overwrite = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pixelSize);
        (_width, _height, _pixelSize) = (width, height, pixelSize);
        _output = AtomicOutput.Create(path, overwrite);
        _output.Stream.Write(new byte[MrcHeader.ByteCount]);
    }

    /// <summary>Number of images written so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an image at the end.</summary>
    /// <param name="pixels">Width x height values, x fastest.</param>
    /// <exception cref="ArgumentException">The span has another length.</exception>
    /// <exception cref="InvalidInputException">A value is not finite, or the disk is full.</exception>
    public void Write(ReadOnlySpan<float> pixels)
    {
        if (pixels.Length != _width * _height)
        {
            throw new ArgumentException($"An image has {_width} x {_height} pixels, not {pixels.Length}.", nameof(pixels));
        }

        FloatValues.RequireFinite(pixels, _output.Path);
        try
        {
            FloatValues.Write(_output.Stream, pixels);
        }
        catch (IOException e)
        {
            throw new InvalidInputException($"cannot be written: {e.Message.ReplaceLineEndings(" ")}", _output.Path, innerException: e);
        }

        _statistics.Add(pixels);
        Count++;
    }

    /// <summary>Writes the header and gives the file its name.</summary>
    /// <exception cref="InvalidOperationException">No image was written.</exception>
    /// <exception cref="InvalidInputException">The disk is full, or the file exists meanwhile.</exception>
    public void Complete()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("A stack needs at least one image.");
        }

        var header = new MrcHeader
        {
            Columns = _width,
            Rows = _height,
            Sections = Count,
            Sampling = (_width, _height, 1),
            Cell = ((float)(_width * _pixelSize), (float)(_height * _pixelSize), (float)_pixelSize),
            SpaceGroup = 0,
        }.With(_statistics);
        try
        {
            _output.Stream.Position = 0;
            _output.Stream.Write(header.ToBytes());
        }
        catch (IOException e)
        {
            throw new InvalidInputException($"cannot be written: {e.Message.ReplaceLineEndings(" ")}", _output.Path, innerException: e);
        }

        _output.Complete();
    }

    /// <summary>Deletes what was written, unless the stack is complete.</summary>
    public void Dispose() => _output.Dispose();
}
