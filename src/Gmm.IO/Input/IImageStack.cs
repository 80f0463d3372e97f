namespace Gmm.IO;

/// <summary>A stack of images of one size, read image by image; safe on many threads at once.</summary>
internal interface IImageStack : IDisposable
{
    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>Pixels along x.</summary>
    int Width { get; }

    /// <summary>Pixels along y.</summary>
    int Height { get; }

    /// <summary>Angstrom per pixel as the file says; 0 where it does not.</summary>
    double PixelSize { get; }

    /// <summary>The images that are there, from 0; null if all are.</summary>
    IReadOnlySet<int>? Present => null;

    /// <summary>Reads an image, from 0.</summary>
    void ReadImage(int index, Span<float> pixels);
}
