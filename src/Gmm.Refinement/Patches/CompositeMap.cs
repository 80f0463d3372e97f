using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// Puts maps of patches together, weighted by their masks, with the consensus filling what no mask covers:
/// V = (sum m_i V_i + max(0, 1 - sum m_i) V_0) / (sum m_i + max(0, 1 - sum m_i)) (EMAN2 <c>e2gmm_merge_patch</c>, paper, Methods).
/// </summary>
/// <remarks>
/// Meant for unfiltered maps, half by half: nothing of one half enters the other's, so the FSC between two composite half maps is a
/// gold-standard one, with the reservation that holds for any mask they share. All maps must be on one scale, as those of one reconstructor are.
/// The sum is evaluated as V_0 + sum m_i (V_i - V_0) / max(1, sum m_i), which is the same, so that identical inputs give the identical map, bit for bit.
/// <example>
/// <code>
/// HalfMap composite = CompositeMap.Merge(consensusHalf1, patchHalf1Maps, masks);
/// </code>
/// </example>
/// </remarks>
internal static class CompositeMap
{
    /// <summary>Merges half maps of one half.</summary>
    /// <param name="consensus">The half map that fills the rest.</param>
    /// <param name="maps">The half map of each patch, of the same half.</param>
    /// <param name="masks">The mask of each patch, 0 to 1.</param>
    /// <returns>The composite half map.</returns>
    /// <exception cref="InvalidInputException">Maps or masks of different box or pixel size, or a map of the other half.</exception>
    /// <exception cref="ArgumentException">Not one mask for each map.</exception>
    public static HalfMap Merge(HalfMap consensus, IReadOnlyList<HalfMap> maps, IReadOnlyList<SolventMask> masks)
    {
        for (var k = 0; k < maps.Count; k++)
        {
            if (maps[k].Half != consensus.Half)
            {
                throw new InvalidInputException(
                    $"The map of patch {k + 1} is of half {maps[k].Half}, the consensus of half {consensus.Half}: halves are merged separately.");
            }
        }

        return new HalfMap(consensus.Size, consensus.PixelSize, MergeVoxels(consensus, maps, masks), consensus.Half);
    }

    /// <summary>Merges maps of any kind.</summary>
    /// <param name="consensus">The map that fills the rest.</param>
    /// <param name="maps">The map of each patch.</param>
    /// <param name="masks">The mask of each patch, 0 to 1.</param>
    /// <returns>The composite map.</returns>
    /// <exception cref="InvalidInputException">Maps or masks of different box or pixel size.</exception>
    /// <exception cref="ArgumentException">Not one mask for each map.</exception>
    public static DensityMap Merge(DensityMap consensus, IReadOnlyList<DensityMap> maps, IReadOnlyList<SolventMask> masks) =>
        new(consensus.Size, consensus.PixelSize, MergeVoxels(consensus, maps, masks));

    /// <summary>How much of the map each voxel takes from the consensus, 0 to 1; the patches share what is left in proportion to their masks.</summary>
    /// <param name="masks">The mask of each patch, one at least.</param>
    /// <returns>max(0, 1 - sum m_i) / max(1, sum m_i), that is max(0, 1 - sum m_i).</returns>
    /// <exception cref="InvalidInputException">Masks of different box or pixel size.</exception>
    public static DensityMap ConsensusShare(IReadOnlyList<SolventMask> masks)
    {
        var share = new float[masks[0].Voxels.Length];
        foreach (var mask in masks)
        {
            MapChecks.SameGrid(masks[0], mask, "The masks");
        }

        for (var i = 0; i < share.Length; i++)
        {
            share[i] = (float)Math.Max(0, 1 - masks.Sum(m => (double)m.Voxels[i]));
        }

        return new DensityMap(masks[0].Size, masks[0].PixelSize, share);
    }

    /// <summary>
    /// The mean of two composite half maps, sharpened and filtered as <see cref="PostProcessor"/> does; filtered alone where too few shells agree for
    /// a B factor to be fitted, and as it is where none does. What could not be done is said and is no error, because the half maps are there all the
    /// same.
    /// </summary>
    /// <param name="half1">Composite half map 1.</param>
    /// <param name="half2">Composite half map 2.</param>
    /// <param name="mask">The solvent mask.</param>
    /// <param name="curves">Their curves in this mask.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>The map, the B factor that sharpened it (null where none did), and what is doubtful.</returns>
    /// <exception cref="InvalidInputException">Two maps of the same half, or maps or a mask of different box or pixel size.</exception>
    public static PostProcessResult Sharpen(HalfMap half1, HalfMap half2, SolventMask mask, CorrectedFsc curves, ComputeOptions compute)
    {
        MapChecks.SameGrid(half1, half2, "The half maps");
        MapChecks.SameGrid(half1, mask, "The map and its mask");
        if (half1.Half == half2.Half)
        {
            throw new InvalidInputException($"Composite half maps 1 and 2 are needed; both given are of half {half1.Half}.");
        }

        return PostProcessor.Run(half1, half2, mask, curves, new PostProcessOptions(), compute);
    }

    private static float[] MergeVoxels(DensityMap consensus, IReadOnlyList<DensityMap> maps, IReadOnlyList<SolventMask> masks)
    {
        if (maps.Count != masks.Count)
        {
            throw new ArgumentException($"There are {maps.Count} maps and {masks.Count} masks.", nameof(masks));
        }

        for (var k = 0; k < maps.Count; k++)
        {
            MapChecks.SameGrid(consensus, maps[k], "The consensus and the map of a patch");
            MapChecks.SameGrid(consensus, masks[k], "The consensus and the mask of a patch");
        }

        var merged = new float[consensus.Voxels.Length];
        for (var i = 0; i < merged.Length; i++)
        {
            double v0 = consensus.Voxels[i], sum = 0, difference = 0;
            for (var k = 0; k < maps.Count; k++)
            {
                double m = masks[k].Voxels[i];
                sum += m;
                difference += m * (maps[k].Voxels[i] - v0);
            }

            merged[i] = (float)(v0 + (difference / Math.Max(1, sum)));
        }

        return merged;
    }
}
