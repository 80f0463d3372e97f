using System.Numerics.Tensors;

namespace Gmm.IO;

/// <summary>Checks of the values of an image.</summary>
public static class ImageChecks
{
    /// <summary>Where the first NaN or infinity is.</summary>
    /// <param name="pixels">The values.</param>
    /// <returns>Its index, or -1 if all are finite.</returns>
    public static int FirstNonFinite(ReadOnlySpan<float> pixels)
    {
        if (!TensorPrimitives.IsFiniteAll(pixels))
        {
            for (var i = 0; i < pixels.Length; i++)
            {
                if (!float.IsFinite(pixels[i]))
                {
                    return i;
                }
            }
        }

        return -1;
    }

    /// <summary>Whether all pixels have one value, so that the image says nothing.</summary>
    /// <param name="pixels">The values.</param>
    /// <returns>True if there is no difference between them.</returns>
    public static bool IsConstant(ReadOnlySpan<float> pixels) => pixels.IsEmpty || !pixels.ContainsAnyExcept(pixels[0]);
}
