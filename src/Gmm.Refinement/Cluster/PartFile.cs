using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// What one part of a half gave, to the last bit: a header (<see cref="HashedFile{T}"/>, "GMMPART1"), the estimates of its particles, and its sums where the
/// maps are made in the pass.
/// </summary>
internal static class PartFile
{
    private const int Version = 1;

    private static ReadOnlySpan<byte> Kind => "GMMPART1"u8;

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">What the tasks are done on.</param>
    /// <param name="task">Which part it is.</param>
    /// <param name="estimates">What was found for each of the part's particles.</param>
    /// <param name="sums">Its sums; null where the maps are made after the pass.</param>
    public static void Write(string path, string key, string task, PoseEstimate[] estimates, FourierAccumulator? sums) => HashedOutput.Write(
        path, Kind,
        new PartInfo
        {
            FormatVersion = Version,
            Key = key,
            Task = task,
            Estimates = estimates.Length,
            Slices = sums?.SliceCount,
            GridSize = sums?.Grid.GridSize,
            LastShell = sums?.Grid.LastShell,
        },
        PassJson.Default.PartInfo, overwrite: true, output =>
        {
            foreach (var estimate in estimates)
            {
                EstimateBytes.Put(output, estimate);
            }

            if (sums is not null)
            {
                PartialSumsFile.Put(output, sums);
            }
        });

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="key">What the tasks are done on.</param>
    /// <param name="task">Which part it must be.</param>
    /// <param name="count">Particles of the part.</param>
    /// <param name="sums">Receives its sums, which are added only once the file is known to be whole; null where it must have none.</param>
    /// <returns>The estimates.</returns>
    /// <exception cref="InvalidInputException">It cannot be read, is damaged, or of other work.</exception>
    public static PoseEstimate[] Read(string path, string key, string task, int count, FourierAccumulator? sums)
    {
        using var file = HashedFile<PartInfo>.Open(path, Kind, PassJson.Default.PartInfo, "the result of a part");
        var info = file.Header;
        new RecordCheck(path, "format_version").Version(info.FormatVersion, Version);
        if (info.Key != key || info.Task != task || info.Estimates != count || info.Slices is null != sums is null
            || info.GridSize != sums?.Grid.GridSize || info.LastShell != sums?.Grid.LastShell)
        {
            throw new InvalidInputException("is the result of other work", path, null, "key");
        }

        file.RequireContent(((Int128)count * EstimateBytes.OfEstimate) + (sums is null ? 0 : PartialSumsFile.Bytes(sums.Grid)));
        var estimates = new PoseEstimate[count];
        for (var i = 0; i < count; i++)
        {
            estimates[i] = EstimateBytes.ReadEstimate(file, path);
        }

        FourierAccumulator? part = null;
        if (sums is not null)
        {
            part = new FourierAccumulator(sums.Grid) { SliceCount = info.Slices!.Value };
            PartialSumsFile.Read(file, sums.Grid, path, task, (z, plane) => plane.Span.CopyTo(part.PlaneSums(z)));
        }

        file.RequireHash();
        if (part is not null)
        {
            sums!.Add(part);
        }

        return estimates;
    }
}

/// <summary>The header of a part's result.</summary>
internal sealed record PartInfo : IRecord
{
    /// <summary>Version of the format.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>What the tasks are done on.</summary>
    public required string Key { get; init; }

    /// <summary>Which part it is.</summary>
    public required string Task { get; init; }

    /// <summary>Number of estimates.</summary>
    public required int Estimates { get; init; }

    /// <summary>Slices in the sums; null without sums.</summary>
    public long? Slices { get; init; }

    /// <summary>Side of the sums' grid.</summary>
    public int? GridSize { get; init; }

    /// <summary>Its last shell.</summary>
    public int? LastShell { get; init; }

    void IRecord.Validate(RecordCheck check) => check["slices"].NotNegative(Slices ?? 0);
}
