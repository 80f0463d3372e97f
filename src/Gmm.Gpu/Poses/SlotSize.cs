namespace Gmm.Gpu;

/// <summary>How much a slot needs: what decides whether buffers can be used again for another reference.</summary>
/// <param name="GridSize">Side of a grid, cells.</param>
/// <param name="Radius">Last ring of the disc.</param>
/// <param name="Coefficients">Its coefficients.</param>
/// <param name="ImageSize">Side of an image, pixels; 0 where coefficients come from the host.</param>
internal readonly record struct SlotSize(int GridSize, int Radius, int Coefficients, int ImageSize)
{
    /// <summary>Side of the band of a transform that is kept.</summary>
    public int Side => (2 * Radius) + 1;

    /// <summary>Cells of a grid.</summary>
    public long Cells => (long)GridSize * GridSize;

    /// <summary>Floats of an image as it comes from the host: pixels, or coefficients and transfers.</summary>
    public long Input => ImageSize > 0 ? (long)ImageSize * ImageSize : 3L * Coefficients;

    /// <summary>Floats of lines between the two halves of a transform.</summary>
    public long Lines => 2 * Math.Max(2L * Side * GridSize, (Radius + 1L) * ImageSize);

    /// <summary>Floats of a transform's band.</summary>
    public long Band => Math.Max(4L * Side * Side, 3L * Coefficients);

    /// <summary>Bytes on the device.</summary>
    public long Bytes => (4 * sizeof(long) * Cells) + (sizeof(float) * (Input + Lines + Band + (3L * Coefficients) + (ScoreKernels.Products * ScoreKernels.Lanes)))
        + (sizeof(double) * (ClimbState.Length + ScoreKernels.Products + ClimbState.PoseLength));

    /// <summary>The size that a reference asks for.</summary>
    public static SlotSize Of(DeviceReference reference) => new(
        reference.GridPlan.Length, reference.Disc.Radius, reference.Disc.Count, reference.TransformsImages ? reference.ImagePlan.Length : 0);
}
