using Gmm.Core;

namespace Gmm.Maps;

/// <summary>The local resolution of two half maps and their mean filtered to it.</summary>
/// <param name="Resolution">Angstrom at each voxel; the length of the box where nothing was found.</param>
/// <param name="Filtered">The mean of the half maps, each band weighted by 2c / (1 + c) of its local correlation c; not sharpened.</param>
public sealed record LocalResolutionResult(DensityMap Resolution, DensityMap Filtered)
{
    /// <summary>
    /// The finest resolution that could be found, angstrom: that of the last band, or of the last shell in which the half maps hold something.
    /// </summary>
    public double Finest { get; init; }

    /// <summary>Quantiles of the local resolution over the voxels where a mask is at least one half.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="levels">Levels from 0 to 1; 0.5 is the median.</param>
    /// <returns>Angstrom, one for each level; infinity where nothing was found at so large a part of the voxels.</returns>
    /// <exception cref="InvalidInputException">A mask of another box or pixel size, or nowhere one half.</exception>
    public double[] Quantiles(SolventMask mask, params IReadOnlyList<double> levels)
    {
        var values = Inside(mask);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = values[i] < (1 - 1e-6) * Resolution.BoxLength ? values[i] : double.PositiveInfinity;
        }

        Array.Sort(values);
        return [.. levels.Select(l => values[(int)Math.Round(Math.Clamp(l, 0, 1) * (values.Length - 1))])];
    }

    /// <summary>The local resolution at the voxels where a mask is at least one half.</summary>
    /// <param name="mask">The mask.</param>
    /// <returns>Angstrom, in the order of the voxels; the length of the box where nothing was found.</returns>
    /// <exception cref="InvalidInputException">A mask of another box or pixel size, or nowhere one half.</exception>
    public double[] Inside(SolventMask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        MapChecks.SameGrid(Resolution, mask, "Map and mask");
        var values = Resolution.Voxels.Where((_, i) => mask.Voxels[i] >= 0.5f).Select(v => (double)v).ToArray();
        return values.Length > 0 ? values : throw new InvalidInputException("The mask is nowhere one half or more: there are no voxels to take quantiles of.");
    }
}
