using Gmm.Core;

namespace Gmm.IO;

/// <summary>What a pickle or an NPY file holds, told by the shapes of its arrays.</summary>
/// <param name="Kind">What it is, as cryoDRGN and the verbs that read it mean it.</param>
/// <param name="Count">Poses, CTFs, numbers of a selection, or rows of a table.</param>
internal sealed record NumberFile(NumberFileKind Kind, int Count)
{
    /// <summary>Numbers in each row of a table.</summary>
    public int? Columns { get; private init; }

    /// <summary>Whether poses have shifts.</summary>
    public bool HasShifts { get; private init; }

    /// <summary>Side of the images that CTFs are of, pixels.</summary>
    public int? ImageSize { get; private init; }

    /// <summary>Angstrom per pixel of the images that CTFs are of.</summary>
    public double? PixelSize { get; private init; }

    /// <summary>Least and greatest mean defocus of CTFs, angstrom.</summary>
    public (double Least, double Most)? Defocus { get; private init; }

    /// <summary>Whether a file is one, by its name.</summary>
    public static bool IsNamed(string path) => Path.GetExtension(path).ToLowerInvariant() is ".pkl" or ".npy";

    /// <summary>Whether a file is what PyTorch writes under this name, by its first bytes: a zip archive.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static bool IsTorch(string path) => InputFile.Read(path, (stream, _) =>
    {
        Span<byte> start = stackalloc byte[4];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.SequenceEqual("PK\u0003\u0004"u8);
    });

    /// <summary>Reads a file, and checks every value.</summary>
    /// <exception cref="InvalidInputException">
    /// It cannot be read, a number is not finite, a matrix no rotation, or a CTF none that can be; the message names file and row.
    /// </exception>
    public static NumberFile Read(string path)
    {
        var content = path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase) ? NumberTable.Npy(path) : PickleReader.Read(path);
        if (CryodrgnArrays.Poses(content, path) is { } poses)
        {
            return new NumberFile(NumberFileKind.Poses, poses.Rotations.Length) { HasShifts = poses.Shifts is not null };
        }

        if (CryodrgnArrays.Ctfs(content, path) is { Length: > 0 } ctfs)
        {
            var rows = ctfs.Chunk(CryodrgnArrays.CtfNumbers).ToArray();
            var defoci = Array.ConvertAll(rows, r => (r[2] + r[3]) / 2);
            return new NumberFile(NumberFileKind.Ctfs, rows.Length)
            {
                ImageSize = (int)rows[0][0],
                PixelSize = rows[0][1],
                Defocus = (defoci.Min(), defoci.Max()),
            };
        }

        if (CryodrgnArrays.Mask(content, path) is { } mask)
        {
            return new NumberFile(NumberFileKind.Selection, mask.Count(m => m));
        }

        if (CryodrgnArrays.Selection(content, path) is { Length: > 0 } numbers && numbers.All(n => n >= 0 && n == Math.Floor(n))
            && numbers.Distinct().Count() == numbers.Length)
        {
            return new NumberFile(NumberFileKind.Selection, numbers.Length);
        }

        return content is PickledArray { Count: > 0, Shape.Count: 1 or 2 } array && array.Numbers(path) is { Length: var all }
            ? new NumberFile(NumberFileKind.Table, array.Shape[0]) { Columns = all / array.Shape[0] }
            : new NumberFile(NumberFileKind.Other, 0);
    }
}

/// <summary>Kinds of files of numbers.</summary>
internal enum NumberFileKind
{
    /// <summary>Rotation matrices, with shifts perhaps.</summary>
    Poses,

    /// <summary>CTFs, nine numbers each.</summary>
    Ctfs,

    /// <summary>Numbers of particles, from 0, none twice; or a mask, true for each that is selected.</summary>
    Selection,

    /// <summary>A row of numbers for each particle.</summary>
    Table,

    /// <summary>Nothing of these.</summary>
    Other,
}
