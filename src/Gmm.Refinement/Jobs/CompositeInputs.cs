using System.Text.Json;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>The files that a composite is made of, as the record of a run names them.</summary>
/// <param name="Mask">The solvent mask of the whole.</param>
/// <param name="ConsensusHalf1">Half map 1 of what fills the rest.</param>
/// <param name="ConsensusHalf2">Half map 2.</param>
/// <param name="Parts">For each part its mask and its half maps.</param>
internal sealed record CompositeInputs(
    string Mask, string ConsensusHalf1, string ConsensusHalf2, IReadOnlyList<(string Mask, string Half1, string Half2)> Parts)
{
    /// <summary>All files.</summary>
    public string[] All => [.. Parts.SelectMany(p => new[] { p.Mask, p.Half1, p.Half2 }), Mask, ConsensusHalf1, ConsensusHalf2];

    /// <summary>Reads the record of patches or bodies (provenance.json) or of a focused refinement (run.json).</summary>
    /// <param name="path">The record.</param>
    /// <returns>The files, in the record's folder.</returns>
    /// <exception cref="InvalidInputException">It cannot be read or is none of these.</exception>
    public static CompositeInputs Read(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string In(string file) => Path.Combine(folder, file);
        var (focused, consensus) = Inspect(path);
        if (focused)
        {
            // Iteration 0 is the maps at the starting poses, which are the whole's where no other consensus was given.
            var rest = consensus ? "run_rest" : JobFolders.Iterations + "run_it000";
            return new CompositeInputs(
                In("run_mask.mrc"), In(rest + "_half1_unfil.mrc"), In(rest + "_half2_unfil.mrc"),
                [(In("run_focus_mask.mrc"), In("run_half1_unfil.mrc"), In("run_half2_unfil.mrc"))]);
        }

        var record = PatchProvenance.Read(path);
        return new CompositeInputs(
            In(record.Mask), In(record.ConsensusHalf1), In(record.ConsensusHalf2), [.. record.Patches.Select(p => (In(p.Mask), In(p.Half1), In(p.Half2)))]);
    }

    /// <summary>Whether a file is the record of a refinement, which must be a focused one then, and whether that had a consensus of its own.</summary>
    private static (bool Focused, bool Consensus) Inspect(string path)
    {
        if (!HasIterations(path))
        {
            return (false, false);
        }

        var record = RunRecord.Read(path);
        return record.Iterations.Any(i => i.Focus is not null)
            ? (true, record.ConsensusFile is not null)
            : throw new InvalidInputException("is the record of a refinement without --focus: there is no region to put into the rest", path);
    }

    /// <summary>Whether a file has the member that only the record of a refinement has.</summary>
    private static bool HasIterations(string path)
    {
        try
        {
            var bytes = InputFile.ReadBytes(path, RecordFile.MaximumBytes);
            using var document = JsonDocument.Parse(bytes.AsMemory(bytes.Length - InputFile.WithoutMark(bytes).Length));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("iterations", out _);
        }
        catch (JsonException e)
        {
            throw RecordFile.Unusable(e, path, "a record of patches, bodies or a focused refinement");
        }
    }
}
