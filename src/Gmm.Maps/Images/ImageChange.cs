namespace Gmm.Maps;

/// <summary>What is done to one image: (pixel - plane) x factor, and what the image then weighs.</summary>
internal readonly record struct ImageChange(float Mean, float SlopeX, float SlopeY, float Factor, float Weight)
{
    /// <summary>An image left as it is.</summary>
    public static ImageChange None => new(0, 0, 0, 1, 1);

    public bool TakesBackground => Mean != 0 || SlopeX != 0 || SlopeY != 0;

    public bool IsAny => TakesBackground || Factor != 1;
}
