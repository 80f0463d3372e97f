using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>Inner products of complex images over a disc, as the scorers need them.</summary>
internal static class InnerProducts
{
    /// <summary>Re(sum conj(a) b).</summary>
    public static double Dot(ReadOnlySpan<float> aRe, ReadOnlySpan<float> aIm, ReadOnlySpan<float> bRe, ReadOnlySpan<float> bIm) =>
        (double)TensorPrimitives.Dot(aRe, bRe) + TensorPrimitives.Dot(aIm, bIm);
}
