namespace Gmm.Gpu;

/// <summary>How much a slot needs: what decides whether buffers can be used again for another reference.</summary>
/// <param name="Cells">Cells of the largest grid.</param>
/// <param name="Radius">Last ring of the disc.</param>
/// <param name="Coefficients">Its coefficients.</param>
/// <param name="Input">Floats of an image as it comes from the host.</param>
/// <param name="Lines">Floats of lines between the two halves of a transform.</param>
/// <param name="Band">Floats of a transform's band.</param>
/// <param name="Layers">Floats of what is kept of a layer for the others; 0 where there is one.</param>
/// <param name="Rest">Floats of what is kept of a part that stays; 0 where there is none.</param>
internal readonly record struct SlotSize(long Cells, int Radius, int Coefficients, long Input, long Lines, long Band, long Layers, long Rest)
{
    /// <summary>Bytes on the card. What comes from the host is there twice: one is filled while the card works on the other.</summary>
    public long Bytes => GridSlots.BytesOf(Cells) + (2 * PoseInput.BytesOf(Input))
        + (sizeof(float) * (Lines + Band + (3L * Coefficients) + Layers + Rest + (ScoreKernels.Products * ScoreKernels.Lanes)))
        + (sizeof(double) * (ClimbState.Length + ScoreKernels.Products));

    /// <summary>The size that a reference asks for: lines and bands of its images, then of its grids.</summary>
    public static SlotSize Of(DeviceReference reference)
    {
        long grid = reference.Layers.Concat(reference.Rest).Max(l => l.GridSize), side = (2 * reference.Disc.Radius) + 1, count = reference.Disc.Count;
        return new SlotSize(
            grid * grid,
            reference.Disc.Radius,
            reference.Disc.Count,
            ImageSlots.InputOf(reference.Images),
            Math.Max(4 * side * grid, ImageSlots.LinesOf(reference.Images)),
            Math.Max(4 * side * side, ImageSlots.BandOf(reference.Images)),
            reference.Layers.Count > 1 ? GatherKernel.AllPlanes * count : 0,
            reference.Rest.Count > 0 ? GatherKernel.ValuePlanes * count : 0);
    }
}
