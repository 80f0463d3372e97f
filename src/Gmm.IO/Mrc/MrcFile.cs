using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>Reads and writes maps in MRC2014 files (.mrc, .map; reading also .gz), and in EMAN2's (.hdf).</summary>
public static class MrcFile
{
    private const int ChunkValues = 1 << 18;

    /// <summary>Room made for a gzipped map at first; a multiple of the chunk, so that chunks never straddle the end of the room.</summary>
    private const int FirstValues = 8 * ChunkValues;

    /// <summary>Reads the header only.</summary>
    /// <param name="path">The file, gzipped if its name ends with .gz.</param>
    /// <returns>The header.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read or is not MRC.</exception>
    public static MrcHeader ReadHeader(string path) => InputFile.Read(path, (stream, _) => ReadHeader(stream, path));

    /// <summary>Reads a map of any box, from MRC or from EMAN2's .hdf. Axis order, byte order and mode of the file are taken care of.</summary>
    /// <param name="path">The file, gzipped if its name ends with .gz.</param>
    /// <returns>The map.</returns>
    /// <exception cref="InvalidInputException">The file cannot be read, is not MRC, is truncated, or holds a NaN or infinity.</exception>
    public static MrcVolume ReadVolume(string path) => EmanStack.IsNamed(path)
        ? ReadEmanVolume(path)
        : InputFile.Read(path, (stream, length) => ReadVolume(stream, length, path));

    /// <summary>Reads a cubic map.</summary>
    /// <param name="path">The file, gzipped if its name ends with .gz.</param>
    /// <param name="pixelSize">Angstrom per voxel to use in place of the header's.</param>
    /// <returns>The map.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="ReadVolume(string)"/>, or the box is not a cube or has no pixel size.</exception>
    public static DensityMap ReadMap(string path, double? pixelSize = null) => ReadVolume(path).ToDensityMap(pixelSize);

    /// <summary>Reads a half map.</summary>
    /// <param name="path">The file.</param>
    /// <param name="half">Its half set, 1 or 2.</param>
    /// <param name="pixelSize">Angstrom per voxel to use in place of the header's.</param>
    /// <returns>The map.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="ReadMap"/>.</exception>
    public static HalfMap ReadHalfMap(string path, int half, double? pixelSize = null)
    {
        var map = ReadMap(path, pixelSize);
        return new HalfMap(map.Size, map.PixelSize, map.Voxels, half);
    }

    /// <summary>Reads a mask.</summary>
    /// <param name="path">The file.</param>
    /// <param name="pixelSize">Angstrom per voxel to use in place of the header's.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="ReadMap"/>, or values outside 0 to 1, or all 0.</exception>
    public static SolventMask ReadMask(string path, double? pixelSize = null)
    {
        var map = ReadMap(path, pixelSize);
        try
        {
            return new SolventMask(map.Size, map.PixelSize, map.Voxels);
        }
        catch (ArgumentException e)
        {
            throw new InvalidInputException($"is not a mask: {ErrorText.Problem(e)}", path, innerException: e);
        }
    }

    /// <summary>Writes a cubic map as 32-bit floats.</summary>
    /// <param name="path">The file.</param>
    /// <param name="map">The map.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <param name="frame">A map of the same box whose ORIGIN and NXSTART to repeat, so that both overlay; none means zeros.</param>
    /// <exception cref="InvalidInputException">The file cannot be written, or exists and must not be replaced.</exception>
    public static void WriteMap(string path, DensityMap map, bool overwrite = false, MrcVolume? frame = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        WriteVolume(
            path,
            new MrcVolume
            {
                Size = (map.Size, map.Size, map.Size),
                PixelSize = (map.PixelSize, map.PixelSize, map.PixelSize),
                Voxels = map.Voxels,
                Origin = frame?.Origin ?? default,
                Start = frame?.Start ?? default,
            },
            overwrite);
    }

    /// <summary>Writes a map of any box as 32-bit floats, axes in the order x, y, z.</summary>
    /// <param name="path">The file; EMAN2's, without a place in space, if it ends in .hdf.</param>
    /// <param name="volume">The map.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="ArgumentException">The number of voxels does not fit the size.</exception>
    /// <exception cref="InvalidInputException">A voxel is not finite, or the file cannot be written, or exists and must not be replaced.</exception>
    public static void WriteVolume(string path, MrcVolume volume, bool overwrite = false)
    {
        ArgumentNullException.ThrowIfNull(volume);
        var (nx, ny, nz) = volume.Size;
        if (volume.Voxels.Length != (long)nx * ny * nz)
        {
            throw new ArgumentException($"A map of {nx} x {ny} x {nz} voxels cannot have {volume.Voxels.Length} values.", nameof(volume));
        }

        FloatValues.RequireFinite(volume.Voxels, path);
        if (EmanStack.IsNamed(path))
        {
            EmanStackWriter.WriteVolume(path, volume, overwrite);
            return;
        }

        var statistics = new MrcStatistics();
        statistics.Add(volume.Voxels);
        var header = new MrcHeader
        {
            Columns = nx,
            Rows = ny,
            Sections = nz,
            Start = volume.Start,
            Sampling = volume.Size,
            Cell = ((float)(nx * volume.PixelSize.X), (float)(ny * volume.PixelSize.Y), (float)(nz * volume.PixelSize.Z)),
            Origin = ((float)volume.Origin.X, (float)volume.Origin.Y, (float)volume.Origin.Z),
            SpaceGroup = 1,
        }.With(statistics);
        AtomicOutput.Write(path, overwrite, stream =>
        {
            stream.Write(header.ToBytes());
            FloatValues.Write(stream, volume.Voxels);
        });
    }

    private static MrcVolume ReadEmanVolume(string path)
    {
        using var stack = EmanStack.Open(path);
        var size = stack.Size;
        if (stack.Count != 1 || size.Count != 3)
        {
            throw new InvalidInputException("is no map: one image of three dimensions is one", path, null, "image");
        }

        var voxels = new float[size[0] * size[1] * size[2]];
        stack.ReadImage(0, voxels);
        if (ImageChecks.FirstNonFinite(voxels) is var bad and >= 0)
        {
            throw new InvalidInputException($"value {bad + 1} of the map is NaN or infinite", path, null, "data");
        }

        var a = stack.PixelSize;
        return new MrcVolume { Size = (size[2], size[1], size[0]), PixelSize = (a, a, a), Voxels = voxels, Source = path };
    }

    private static MrcHeader ReadHeader(Stream stream, string path)
    {
        var bytes = new byte[MrcHeader.ByteCount];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return MrcHeader.Parse(bytes.AsSpan(0, length), path);
    }

    private static MrcVolume ReadVolume(Stream stream, long length, string path)
    {
        var header = ReadHeader(stream, path);
        if (header.ValueCount > Array.MaxLength)
        {
            throw new InvalidInputException(
                $"a map of {header.Columns} x {header.Rows} x {header.Sections} voxels is too large", path, null, "header NX, NY, NZ");
        }

        var zipped = InputFile.IsZipped(path);
        if ((zipped ? (Int128)length * InputFile.GreatestInflation : length) < header.ExpectedFileLength)
        {
            throw Truncated(header, path, zipped ? "no gzipped file of its length can hold them" : $"it has {length}");
        }

        SkipExtendedHeader(stream, header, path);
        var values = ReadValues(stream, header, (int)header.ValueCount, zipped, path);
        return InAxisOrder(header, values, path);
    }

    private static void SkipExtendedHeader(Stream stream, MrcHeader header, string path)
    {
        var skip = new byte[Math.Min(header.ExtendedHeaderBytes, 1 << 16)];
        for (var left = header.ExtendedHeaderBytes; left > 0;)
        {
            var n = stream.ReadAtLeast(skip.AsSpan(0, Math.Min(left, skip.Length)), 1, throwOnEndOfStream: false);
            left -= n > 0 ? n : throw Truncated(header, path, "it ends before");
        }
    }

    /// <summary>
    /// Reads the values. What a file on disk says it has was compared with its length; what a gzipped one says is believed only as far as its content
    /// really goes.
    /// </summary>
    private static float[] ReadValues(Stream stream, MrcHeader header, int count, bool zipped, string path)
    {
        var values = new float[zipped ? Math.Min(count, FirstValues) : count];
        var buffer = ArrayPool<byte>.Shared.Rent((int)header.BytesOf(ChunkValues));
        try
        {
            for (var done = 0; done < count;)
            {
                if (done == values.Length)
                {
                    Array.Resize(ref values, (int)Math.Min(count, 2L * done));
                }

                var part = values.AsSpan(done, Math.Min(count - done, ChunkValues));
                var bytes = buffer.AsSpan(0, (int)header.BytesOf(part.Length));
                if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
                {
                    throw Truncated(header, path, "it ends before");
                }

                MrcValues.Convert(header, bytes, part);
                if (!TensorPrimitives.IsFiniteAll<float>(part))
                {
                    throw new InvalidInputException($"value {done + ImageChecks.FirstNonFinite(part) + 1} of the map is NaN or infinite", path, null, "data");
                }

                done += part.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return values;
    }

    private static InvalidInputException Truncated(MrcHeader header, string path, string found) => new(
        $"the file is truncated: {header.Columns} x {header.Rows} x {header.Sections} values need {header.ExpectedFileLength} bytes, {found}", path, null,
        "data");

    private static MrcVolume InAxisOrder(MrcHeader header, float[] stored, string path)
    {
        // order[i]: the axis (0 x, 1 y, 2 z) that the file's i-th direction runs along.
        int[] order = [header.Axes.Column - 1, header.Axes.Row - 1, header.Axes.Section - 1];
        int[] counts = [header.Columns, header.Rows, header.Sections], starts = [header.Start.Column, header.Start.Row, header.Start.Section];
        int[] size = new int[3], start = new int[3];
        for (var i = 0; i < 3; i++)
        {
            (size[order[i]], start[order[i]]) = (counts[i], starts[i]);
        }

        return new MrcVolume
        {
            Size = (size[0], size[1], size[2]),
            PixelSize = header.PixelSize,
            Voxels = order is [0, 1, 2] ? stored : Permute(stored, counts, order, size),
            Origin = (header.Origin.X, header.Origin.Y, header.Origin.Z),
            Start = (start[0], start[1], start[2]),
            Source = path,
        };
    }

    private static float[] Permute(float[] stored, int[] counts, int[] order, int[] size)
    {
        int[] strides = [1, size[0], size[0] * size[1]];
        int dc = strides[order[0]], dr = strides[order[1]], ds = strides[order[2]];
        var result = new float[stored.Length];
        var i = 0;
        for (var s = 0; s < counts[2]; s++)
        {
            for (var r = 0; r < counts[1]; r++)
            {
                var to = (s * ds) + (r * dr);
                for (var c = 0; c < counts[0]; c++, to += dc)
                {
                    result[to] = stored[i++];
                }
            }
        }

        return result;
    }
}
