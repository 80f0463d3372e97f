using Gmm.Core;
using Gmm.IO;
using static System.FormattableString;

namespace Gmm.Maps;

/// <summary>
/// The binary file of partial sums: a header (<see cref="HashedFile{T}"/>, "GMMSUMS1"), the planes of half 1 and of half 2 (float64), and a hash.
/// </summary>
internal static class PartialSumsFile
{
    public const int Version = 1;

    private static ReadOnlySpan<byte> Kind => "GMMSUMS1"u8;

    /// <summary>Writes a file; the sums of each half are asked for only when it is their turn.</summary>
    public static void Write(string path, PartialSumsInfo info, Func<int, FourierAccumulator> sumsOfHalf, bool overwrite) =>
        HashedOutput.Write(path, Kind, info, PartialSumsJson.Default.PartialSumsInfo, overwrite, output =>
        {
            for (var h = 0; h < 2; h++)
            {
                Put(output, sumsOfHalf(h));
            }
        });

    /// <summary>Writes the planes of sums.</summary>
    public static void Put(HashedOutput output, FourierAccumulator sums)
    {
        for (var z = 0; z < sums.Grid.PlaneCells.Length; z++)
        {
            output.Put<double>(sums.PlaneSums(z));
        }
    }

    /// <summary>Reads the header and checks that the file is as long as it says.</summary>
    public static PartialSumsInfo ReadInfo(string path)
    {
        using var file = Open(path);
        var info = file.Header;

        // Each half has more cells than a cube of that side, so that no grid is made for sums that the file cannot hold.
        var least = 2 * 3 * sizeof(double) * ((Int128)info.LastShell * info.LastShell * info.LastShell);
        if (least > file.ContentLength)
        {
            throw new InvalidInputException(
                $"the file has {file.ContentLength} bytes of sums, its header says more than {least}: it is cut off or damaged", path, null, "last_shell");
        }

        file.RequireContent(2 * Bytes(MakeGrid(info, path)));
        return info;
    }

    /// <summary>What the sums of a grid take in a file.</summary>
    public static Int128 Bytes(ReconstructionGrid grid)
    {
        Int128 cells = 0;
        foreach (var plane in grid.PlaneCells)
        {
            cells += plane;
        }

        return 3 * sizeof(double) * cells;
    }

    /// <summary>The grid of a file's sums.</summary>
    public static ReconstructionGrid MakeGrid(PartialSumsInfo info, string path)
    {
        // Before the grid is made: it may be large.
        var same = info.GridSize == ReconstructionGrid.SideOf(info.BoxSize, info.PaddingFactor)
            && info.LastShell == ReconstructionGrid.LastShellOf(info.BoxSize, info.PixelSize, info.MaxResolution);
        return same
            ? new ReconstructionGrid(info.BoxSize, info.PixelSize, info.PaddingFactor, info.MaxResolution)
            : throw new InvalidInputException("the header's box, padding and resolution do not make a grid of this version", path, null, "grid_size");
    }

    /// <summary>Adds a half's sums to an accumulator, and checks the file's hash once the last half is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="half">0 or 1.</param>
    /// <param name="sums">Where they are added.</param>
    public static void AddTo(string path, int half, FourierAccumulator sums)
    {
        using var file = Open(path);
        for (var h = 0; h < 2; h++)
        {
            Read(file, sums.Grid, path, Invariant($"half {h + 1}"), h != half ? null : (z, values) =>
            {
                var plane = sums.PlaneSums(z);
                System.Numerics.Tensors.TensorPrimitives.Add(plane, values.Span, plane);
            });
        }

        file.RequireHash();
    }

    /// <summary>Reads the planes of sums.</summary>
    /// <param name="file">The file, at their place.</param>
    /// <param name="grid">Their grid.</param>
    /// <param name="path">The file's name.</param>
    /// <param name="field">Whose sums they are, for messages.</param>
    /// <param name="take">Takes each plane; null only reads over them.</param>
    /// <exception cref="InvalidInputException">The file is cut off, or a sum that is taken is not finite.</exception>
    public static void Read<T>(HashedFile<T> file, ReconstructionGrid grid, string path, string field, Action<int, ReadOnlyMemory<double>>? take)
        where T : class, IRecord
    {
        var buffer = Array.Empty<double>();
        for (var z = 0; z < grid.PlaneCells.Length; z++)
        {
            var length = 3 * grid.PlaneCells[z];
            if (buffer.Length < length)
            {
                buffer = new double[length];
            }

            file.Fill(buffer.AsSpan(0, length));
            if (take is null)
            {
                continue;
            }

            if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<double>(buffer.AsSpan(0, length)))
            {
                throw new InvalidInputException("holds a sum that is NaN or infinite", path, null, Invariant($"{field}, plane {z + 1}"));
            }

            take(z, buffer.AsMemory(0, length));
        }
    }

    private static HashedFile<PartialSumsInfo> Open(string path) =>
        HashedFile<PartialSumsInfo>.Open(path, Kind, PartialSumsJson.Default.PartialSumsInfo, "a file of partial sums (.gmmsum)");
}
