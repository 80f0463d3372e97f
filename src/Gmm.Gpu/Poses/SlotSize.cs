namespace Gmm.Gpu;

/// <summary>How much a slot needs: what decides whether buffers can be used again for another reference.</summary>
/// <param name="GridSize">Side of a grid, cells.</param>
/// <param name="Radius">Last ring of the disc.</param>
/// <param name="Coefficients">Its coefficients.</param>
/// <param name="Input">Floats of an image as it comes from the host.</param>
/// <param name="Lines">Floats of lines between the two halves of a transform.</param>
/// <param name="Band">Floats of a transform's band.</param>
internal readonly record struct SlotSize(int GridSize, int Radius, int Coefficients, long Input, long Lines, long Band)
{
    /// <summary>Side of the band of a grid's transform that is kept.</summary>
    public int Side => (2 * Radius) + 1;

    /// <summary>Cells of a grid.</summary>
    public long Cells => (long)GridSize * GridSize;

    /// <summary>Bytes on the device.</summary>
    public long Bytes => (4 * sizeof(long) * Cells)
        + (sizeof(float) * (Input + Lines + Band + (3L * Coefficients) + (ScoreKernels.Products * ScoreKernels.Lanes)))
        + (sizeof(double) * (ClimbState.Length + ScoreKernels.Products + ClimbState.PoseLength));

    /// <summary>The size that a reference asks for: lines and bands of its images, then of its grids.</summary>
    public static SlotSize Of(DeviceReference reference)
    {
        long grid = reference.GridPlan.Length, side = (2 * reference.Disc.Radius) + 1;
        return new SlotSize(
            reference.GridPlan.Length,
            reference.Disc.Radius,
            reference.Disc.Count,
            ImageSlots.InputOf(reference.Images),
            Math.Max(4 * side * grid, ImageSlots.LinesOf(reference.Images)),
            Math.Max(4 * side * side, ImageSlots.BandOf(reference.Images)));
    }
}
