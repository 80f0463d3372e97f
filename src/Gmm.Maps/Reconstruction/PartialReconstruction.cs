using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Maps;

/// <summary>
/// A reconstruction shared by several workers: each writes the sums of one part of the particles to a file, and one of them adds the files and
/// finishes the half maps.
/// </summary>
/// <remarks>
/// Part I of N is the I-th of N equal runs of rows. The halves of a part stay apart in its file. Sums are float64 and are added in the order of the
/// parts, whatever the order of the files: finishing the same parts always gives the same bits, and the maps are those of one run over all
/// particles to the rounding of float64 sums (measured below 1e-6 of the largest voxel; nearly all voxels are the same float32).
/// <example>
/// <code>
/// PartialReconstruction.Write("part1.gmmsum", new(particles), options, 1, 2, compute);   // on one machine
/// PartialReconstruction.Write("part2.gmmsum", new(particles), options, 2, 2, compute);   // on another
/// HalfMapPair maps = PartialReconstruction.Finish(["part1.gmmsum", "part2.gmmsum"], compute);
/// </code>
/// </example>
/// </remarks>
public static class PartialReconstruction
{
    /// <summary>Missing parts that an error names.</summary>
    private const int MostNamed = 10;

    /// <summary>Sums one part of the particles and writes the sums.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="input">All particles, poses and weights, the same for every part.</param>
    /// <param name="options">Box, resolution, symmetry.</param>
    /// <param name="part">Which part, from 1.</param>
    /// <param name="parts">Number of parts.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="reconstructor">Padding and corners; defaults if null.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches; no file is left.</param>
    /// <returns>What the file says about itself.</returns>
    /// <exception cref="InvalidInputException">An image cannot be read or is not finite, a pose or weight is not finite, the part has no particles, or
    /// the file cannot be written.</exception>
    /// <exception cref="ArgumentException">A part outside 1 to <paramref name="parts"/>, or poses or weights of another length than the particles.</exception>
    public static PartialSumsInfo Write(
        string path,
        ReconstructionInput input,
        ReconstructionOptions options,
        int part,
        int parts,
        ComputeOptions compute,
        FourierReconstructor? reconstructor = null,
        bool overwrite = false,
        IProgress<ReconstructionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(compute);
        compute = compute.StoppedBy(cancellationToken);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(parts);
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, parts);
        reconstructor ??= new FourierReconstructor();
        long all = input.Source.Particles.Count;
        int from = (int)(all * (part - 1) / parts), end = (int)(all * part / parts);
        input = input.Prepare(options.Images, compute, [.. Enumerable.Range(from, end - from)], cancellationToken);
        List<int>[] halves = [.. Enumerable.Range(1, 2).Select(h => input.Chosen(h).FindAll(i => i >= from && i < end))];
        var total = halves[0].Count + halves[1].Count;
        if (total == 0)
        {
            throw new InvalidInputException($"Part {part} of {parts} has no particles with a weight over 0.");
        }

        var (reader, _) = reconstructor.Reader(input, options, compute);
        var grid = reader.Grid;
        var info = Describe(reconstructor, input, options, grid, part, parts, (halves[0].Count, halves[1].Count));
        var sums = new FourierAccumulator(grid);
        PartialSumsFile.Write(
            path,
            info,
            h =>
            {
                sums.Clear();
                reader.Insert(halves[h], sums, PartOfProgress.Of(progress, h == 0 ? 0 : halves[0].Count, total), cancellationToken);
                return sums;
            },
            overwrite);
        return info;
    }

    /// <summary>Reads what a file of partial sums says about itself.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its header.</returns>
    /// <exception cref="InvalidInputException">Not such a file, of another version, cut off or damaged.</exception>
    public static PartialSumsInfo ReadInfo(string path) => PartialSumsFile.ReadInfo(path);

    /// <summary>Adds the sums of all parts and makes the half maps.</summary>
    /// <param name="paths">One file for each part, in any order.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <returns>The half maps.</returns>
    /// <exception cref="InvalidInputException">A file that cannot be used; files of different settings or particles; a part missing or given twice; a
    /// half without particles.</exception>
    public static HalfMapPair Finish(IReadOnlyList<string> paths, ComputeOptions compute, CancellationToken cancellationToken = default) =>
        Finish(paths, null, compute, cancellationToken).Halves;

    /// <summary>Adds the sums of all parts and makes the half maps and the Wiener-filtered map of all particles.</summary>
    /// <param name="paths">One file for each part, in any order.</param>
    /// <param name="ssnr">The SSNR of each shell of the full map, given the half maps; null makes no filtered map.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops between files.</param>
    /// <returns>The half maps, and the filtered map if it was asked for.</returns>
    /// <exception cref="InvalidInputException">As above.</exception>
    public static (HalfMapPair Halves, DensityMap? Filtered) Finish(
        IReadOnlyList<string> paths, Func<HalfMapPair, IReadOnlyList<double>>? ssnr, ComputeOptions compute, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(compute);
        compute = compute.StoppedBy(cancellationToken);
        var files = CheckParts(paths);
        var first = files[0].Info;
        (int, int) counts = (Sum(files, "half1", i => i.Count1), Sum(files, "half2", i => i.Count2));
        if (counts.Item1 == 0 || counts.Item2 == 0)
        {
            throw new InvalidInputException($"half set {(counts.Item1 == 0 ? 1 : 2)} has no particles in any part", files[0].Path);
        }

        try
        {
            return HalfMapMaker.Make(
                PartialSumsFile.MakeGrid(first, files[0].Path),
                new GridSymmetry(SymmetryGroup.Parse(first.Symmetry)),
                (h, sums) =>
                {
                    foreach (var (path, _) in files)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        PartialSumsFile.AddTo(path, h, sums);
                    }
                },
                counts,
                first.MaskCorners,
                compute,
                ssnr);
        }
        catch (InvalidInputException e) when (e.File is null)
        {
            throw new InvalidInputException($"{e.Message}; this file or another part is damaged", files[0].Path, innerException: e);
        }
    }

    /// <summary>What decides sums: what all who share a reconstruction must agree on.</summary>
    internal static PartialSumsInfo Describe(
        FourierReconstructor reconstructor, ReconstructionInput input, ReconstructionOptions options, ReconstructionGrid grid, int part, int parts,
        (int First, int Second) counts) => new()
        {
            FormatVersion = PartialSumsFile.Version,
            BoxSize = grid.BoxSize,
            PixelSize = grid.PixelSize,
            PaddingFactor = reconstructor.PaddingFactor,
            GridSize = grid.GridSize,
            MaxResolution = options.MaxResolution ?? 0,
            LastShell = grid.LastShell,
            Symmetry = options.Symmetry.Name,
            MaskCorners = reconstructor.MaskCorners,
            EwaldSign = reconstructor.EwaldSign,
            Part = part,
            Parts = parts,
            Count1 = counts.First,
            Count2 = counts.Second,
            ParticlesHash = Hash(input),
        };

    /// <summary>The files in the order of their parts, after checking that they are one whole.</summary>
    private static List<(string Path, PartialSumsInfo Info)> CheckParts(IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            throw new InvalidInputException("there are no partial sums to finish");
        }

        var files = paths.Select(p => (Path: p, Info: PartialSumsFile.ReadInfo(p))).OrderBy(f => f.Info.Part).ToList();
        var (firstPath, first) = files[0];
        for (var i = 0; i < files.Count; i++)
        {
            var (path, info) = files[i];
            if (first.DifferenceFrom(info) is { } difference)
            {
                throw new InvalidInputException($"does not belong with {firstPath}: {difference}", path);
            }

            if (i > 0 && info.Part == files[i - 1].Info.Part)
            {
                throw new InvalidInputException($"part {info.Part} of {info.Parts} is given twice, also as {files[i - 1].Path}", path);
            }
        }

        if (files.Count == first.Parts)
        {
            return files;
        }

        var missing = Enumerable.Range(1, first.Parts).Except(files.Select(f => f.Info.Part)).Take(MostNamed + 1).ToArray();
        throw new InvalidInputException(
            $"part {string.Join(", ", missing.Take(MostNamed))}{(missing.Length > MostNamed ? ", ..." : string.Empty)} of {first.Parts} is missing", firstPath);
    }

    private static int Sum(List<(string Path, PartialSumsInfo Info)> files, string field, Func<PartialSumsInfo, int> count)
    {
        var sum = files.Sum(f => (long)count(f.Info));
        return sum <= int.MaxValue
            ? (int)sum
            : throw new InvalidInputException($"the parts have {sum} particles together, more than there can be", files[0].Path, null, field);
    }

    private static string Hash(ReconstructionInput input)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes(RunFingerprint.Of(input.Source)));
        foreach (var pose in input.Poses ?? [])
        {
            RunFingerprint.Append(hash, pose);
        }

        hash.AppendData(MemoryMarshal.AsBytes<float>([.. input.Weights ?? []]));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
