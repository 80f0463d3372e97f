using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Makes half maps of sums that come from images or from files.</summary>
internal static class HalfMapMaker
{
    /// <summary>Makes the half maps, and the filtered map of both halves' sums if an SSNR is asked for.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="symmetry">The group whose cosets <paramref name="fill"/> inserts.</param>
    /// <param name="fill">Adds the sums of half 0 or 1 to an accumulator that is empty.</param>
    /// <param name="counts">Particles of the halves.</param>
    /// <param name="maskCorners">Whether the maps fade outside the sphere in their box.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="ssnr">SSNR of the full map; null makes none, and needs the sums of one half at a time only.</param>
    /// <exception cref="InvalidInputException">A map has values that are not finite.</exception>
    public static (HalfMapPair Halves, DensityMap? Filtered) Make(
        ReconstructionGrid grid,
        GridSymmetry symmetry,
        Action<int, FourierAccumulator> fill,
        (int First, int Second) counts,
        bool maskCorners,
        ComputeOptions compute,
        Func<HalfMapPair, IReadOnlyList<double>>? ssnr)
    {
        var first = new FourierAccumulator(grid);
        fill(0, first);
        var half1 = new HalfMap(grid.BoxSize, grid.PixelSize, Finite(first.Finish(compute, symmetry, null, maskCorners), "half map 1"), 1);
        var second = first;
        if (ssnr is null)
        {
            first.Clear();
        }
        else
        {
            second = new FourierAccumulator(grid);
        }

        fill(1, second);
        var half2 = new HalfMap(grid.BoxSize, grid.PixelSize, Finite(second.Finish(compute, symmetry, null, maskCorners), "half map 2"), 2);
        var halves = new HalfMapPair(half1, half2, counts.First, counts.Second);
        if (ssnr is null)
        {
            return (halves, null);
        }

        first.Add(second);
        return (halves, new DensityMap(grid.BoxSize, grid.PixelSize, Finite(first.Finish(compute, symmetry, ssnr(halves), maskCorners), "the filtered map")));
    }

    /// <summary>Images or sums of finite but monstrous values give voxels that float32 cannot hold.</summary>
    public static float[] Finite(float[] voxels, string what) => System.Numerics.Tensors.TensorPrimitives.IsFiniteAll<float>(voxels)
        ? voxels
        : throw new InvalidInputException($"{what} has values that are not finite: the images it is made of have values beyond any image");
}
