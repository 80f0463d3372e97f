using Gmm.Core;

namespace Gmm.IO;

/// <summary>cryoDRGN's arrays as a pickle holds them, told by their shapes, each value checked by itself.</summary>
internal static class CryodrgnArrays
{
    /// <summary>
    /// Numbers of a CTF: side of the images in pixels, angstrom per pixel, defocus U and V (angstrom), its angle (degrees), kilovolt, spherical aberration
    /// (mm), amplitude contrast, phase shift (degrees).
    /// </summary>
    public const int CtfNumbers = 9;

    /// <summary>Poses: matrices (N, 3, 3), which may have shifts (N, 2) in box lengths with them; null if the content has other shapes.</summary>
    /// <param name="content">What <see cref="PickleReader"/> gives.</param>
    /// <param name="path">The pickle, for messages.</param>
    /// <exception cref="InvalidInputException">A matrix is no rotation, or a shift no place in an image; the message names the file and the pose.</exception>
    public static (Rotation[] Rotations, double[]? Shifts)? Poses(object? content, string path)
    {
        var parts = content as List<object?> ?? [content];
        if (parts is not [PickledArray { Shape: [var count, 3, 3] } rotations, ..] || (parts.Count > 1 && parts[1] is not PickledArray { Shape: [_, 2] }))
        {
            return null;
        }

        var shifts = parts.Count > 1 ? (PickledArray)parts[1]! : null;
        if (shifts is not null && shifts.Shape[0] != count)
        {
            throw new InvalidInputException($"has {count} matrices and {shifts.Shape[0]} shifts", path);
        }

        var (r, t) = (rotations.Numbers(path), shifts?.Numbers(path));
        Rotation[] poses = [.. Enumerable.Range(0, count).Select(i => Rotations.OfMatrix(r.AsSpan(9 * i, 9))
            ?? throw new InvalidInputException("the matrix is no rotation", path, i + 1, "rotations"))];
        for (var i = 0; i < (t is null ? 0 : count); i++)
        {
            var (x, y) = (t![2 * i], t[(2 * i) + 1]);
            if (!(Math.Max(Math.Abs(x), Math.Abs(y)) <= PhysicalLimits.FarthestBoxes))
            {
                throw new InvalidInputException(
                    FormattableString.Invariant($"a shift of ({x}, {y}) boxes is no place in an image"), path, i + 1, "shifts");
            }
        }

        return (poses, t);
    }

    /// <summary>CTFs: an array (N, 9), all of it, row by row; null if the content has another shape.</summary>
    /// <param name="content">What <see cref="PickleReader"/> gives.</param>
    /// <param name="path">The pickle, for messages.</param>
    /// <exception cref="InvalidInputException">A value is none that a microscope has; the message names the file and the row.</exception>
    public static double[]? Ctfs(object? content, string path)
    {
        if (content is not PickledArray { Shape: [var count, CtfNumbers] } array)
        {
            return null;
        }

        var v = array.Numbers(path);
        for (var i = 0; i < count; i++)
        {
            var c = v.AsSpan(CtfNumbers * i, CtfNumbers);
            var problem = c[0] is not (>= 1 and <= PhysicalLimits.LargestBox)
                ? FormattableString.Invariant($"{c[0]} pixels are no side of an image")
                : PhysicalLimits.PixelProblem(c[1]) ?? CtfLimits.Problem(Ctf(c), c[1])?.Problem;
            if (problem is not null)
            {
                throw new InvalidInputException(problem, path, i + 1, "array");
            }
        }

        return v;
    }

    /// <summary>A mask, true for each particle of a selection: an array of one axis or a list of Booleans; null if the content is none.</summary>
    /// <param name="content">What <see cref="PickleReader"/> gives.</param>
    /// <param name="path">The pickle, for messages.</param>
    public static bool[]? Mask(object? content, string path) => content switch
    {
        PickledArray { Shape.Count: 1, IsBoolean: true } array => Array.ConvertAll(array.Numbers(path), n => n != 0),
        List<object?> { Count: > 0 } list when list.TrueForAll(i => i is bool) => [.. list.Select(i => (bool)i!)],
        _ => null,
    };

    /// <summary>Numbers from 0, an array of one axis or a list: a selection of particles; null if the content is none.</summary>
    /// <param name="content">What <see cref="PickleReader"/> gives.</param>
    /// <param name="path">The pickle, for messages.</param>
    /// <exception cref="InvalidInputException">A number is NaN or infinite; the message names the file and the number.</exception>
    public static double[]? Selection(object? content, string path) => content switch
    {
        PickledArray { Shape.Count: 1, IsBoolean: false } array => array.Numbers(path),
        List<object?> list when list.TrueForAll(i => i is long) => [.. list.Select(i => (double)(long)i!)],
        _ => null,
    };

    private static CtfParameters Ctf(ReadOnlySpan<double> c) => new()
    {
        DefocusU = c[2],
        DefocusV = c[3],
        DefocusAngleDegrees = c[4],
        VoltageKilovolt = c[5],
        SphericalAberrationMillimetre = c[6],
        AmplitudeContrast = c[7],
        PhaseShiftDegrees = c[8],
    };
}
