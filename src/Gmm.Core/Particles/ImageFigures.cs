namespace Gmm.Core;

/// <summary>What the border of an image says of it; see <see cref="ImageBorder"/>. All in the image's own grey values.</summary>
/// <param name="Kind">What was found to measure.</param>
/// <param name="Mean">The background at the image's middle: the plane's constant.</param>
/// <param name="SlopeX">What the background gains from the middle to the edge along x, half a box away.</param>
/// <param name="SlopeY">The same along y.</param>
/// <param name="Deviation">Standard deviation of the border's pixels about the plane.</param>
/// <param name="InsideDeviation">Standard deviation of the pixels in the middle about the same plane.</param>
/// <param name="Fill">The value outside the mask of a masked image.</param>
internal readonly record struct ImageFigures(ImageKind Kind, float Mean, float SlopeX, float SlopeY, float Deviation, float InsideDeviation, float Fill = 0)
{
    /// <summary>The plane's gain from the middle to the edge, in its steepest direction.</summary>
    public double Slope => Math.Sqrt(((double)SlopeX * SlopeX) + ((double)SlopeY * SlopeY));
}
