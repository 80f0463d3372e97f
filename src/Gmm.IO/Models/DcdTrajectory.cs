using System.Buffers.Binary;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// The frames of a DCD trajectory (CHARMM, NAMD): coordinates of all atoms in angstrom, in the order of the model that belongs to it.
/// </summary>
/// <remarks>
/// The file is a chain of Fortran records of either byte order: "CORD" with 20 integers, titles, the number of atoms, then for each frame an
/// optional unit cell (48 bytes) and the x, y and z of all atoms as float32. The header's number of frames is often wrong, so frames are read
/// to the end of the file.
/// </remarks>
public sealed class DcdTrajectory
{
    private const int CellLength = 48;

    private DcdTrajectory(int atoms, IReadOnlyList<float[]> frames, int declared) => (AtomCount, Frames, DeclaredFrames) = (atoms, frames, declared);

    /// <summary>The number of frames that the header says, which is often wrong.</summary>
    internal int DeclaredFrames { get; }

    /// <summary>Number of atoms.</summary>
    public int AtomCount { get; }

    /// <summary>The frames in order; each has x, y, z of every atom, one atom after the other, angstrom.</summary>
    public IReadOnlyList<float[]> Frames { get; }

    /// <summary>Reads a trajectory.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The frames.</returns>
    /// <exception cref="InvalidInputException">No such file, or not a DCD file with all atoms in every frame.</exception>
    public static DcdTrajectory Read(string path)
    {
        var reader = new Records(InputFile.ReadBytes(path), path);
        var header = reader.Next();
        if (header.Length != 84 || !header.Span[..4].SequenceEqual("CORD"u8))
        {
            throw new InvalidInputException("is not a DCD trajectory of coordinates", path);
        }

        if (reader.Integer(header.Span[36..]) != 0)
        {
            throw new InvalidInputException("has fixed atoms, which are not read", path);
        }

        reader.Next();
        var size = reader.Next();
        var atoms = size.Length == 4 ? reader.Integer(size.Span) : 0;
        if (atoms is <= 0 or > int.MaxValue / 12)
        {
            throw new InvalidInputException("does not say how many atoms it has", path);
        }

        var frames = new List<float[]>();
        while (!reader.AtEnd)
        {
            frames.Add(ReadFrame(reader, atoms, frames.Count + 1, path));
        }

        return frames.Count > 0 ? new DcdTrajectory(atoms, frames, reader.Integer(header.Span[4..])) : throw new InvalidInputException("has no frames", path);
    }

    private static float[] ReadFrame(Records reader, int atoms, int number, string path)
    {
        float[] frame = [];
        for (var axis = 0; axis < 3; axis++)
        {
            var record = reader.Next();
            if (axis == 0 && record.Length == CellLength && record.Length != sizeof(float) * (long)atoms)
            {
                record = reader.Next();
            }

            if (record.Length != sizeof(float) * (long)atoms)
            {
                throw new InvalidInputException(
                    $"has a record of {record.Length} bytes where {atoms} atoms need {sizeof(float) * (long)atoms}", path, null, $"frame {number}");
            }

            // Only now is it known that the file has so many atoms.
            frame = axis == 0 ? new float[3 * atoms] : frame;
            for (var i = 0; i < atoms; i++)
            {
                var value = BitConverter.Int32BitsToSingle(reader.Integer(record.Span[(sizeof(float) * i)..]));
                frame[(3 * i) + axis] = Math.Abs(value) <= AtomRecord.Greatest
                    ? value
                    : throw new InvalidInputException($"atom {i + 1} lies at {"xyz"[axis]} = {value}, beyond any molecule", path, null, $"frame {number}");
            }
        }

        return frame;
    }

    /// <summary>Walks through the records; their byte order shows in the length of the first, 84.</summary>
    private sealed class Records(byte[] bytes, string path)
    {
        private readonly bool _bigEndian = bytes.Length >= 4 && BinaryPrimitives.ReadInt32BigEndian(bytes) == 84;
        private int _at;

        public bool AtEnd => _at >= bytes.Length;

        public int Integer(ReadOnlySpan<byte> text) =>
            _bigEndian ? BinaryPrimitives.ReadInt32BigEndian(text) : BinaryPrimitives.ReadInt32LittleEndian(text);

        public ReadOnlyMemory<byte> Next()
        {
            if (_at + 8 > bytes.Length)
            {
                throw new InvalidInputException("ends too early, or is not a DCD trajectory", path);
            }

            var length = Integer(bytes.AsSpan(_at));
            if (length < 0 || length > bytes.Length - _at - 8 || Integer(bytes.AsSpan(_at + 4 + length)) != length)
            {
                throw new InvalidInputException("has a record with a wrong length: it is cut off, or not a DCD trajectory", path);
            }

            var record = bytes.AsMemory(_at + 4, length);
            _at += length + 8;
            return record;
        }
    }
}
