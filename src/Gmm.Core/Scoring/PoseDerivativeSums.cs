using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>Inner products of complex images over a disc, Re(sum conj(a) b), as the scorers need them.</summary>
internal static class PoseDerivativeSums
{
    public static double Dot(ReadOnlySpan<float> aRe, ReadOnlySpan<float> aIm, ReadOnlySpan<float> bRe, ReadOnlySpan<float> bIm) =>
        (double)TensorPrimitives.Dot(aRe, bRe) + TensorPrimitives.Dot(aIm, bIm);

    /// <summary>Gradient_p = scale &lt;residual, d_p&gt; for the five derivative images.</summary>
    public static void Project(ReadOnlySpan<float> re, ReadOnlySpan<float> im, PoseJacobian<float> jacobian, Span<double> products)
    {
        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            products[p] = Dot(re, im, jacobian.DerivativeRe(p), jacobian.DerivativeIm(p));
        }
    }

    /// <summary>The Gram matrix of the five derivative images.</summary>
    public static void Gram(PoseJacobian<float> jacobian, Span<double> gram)
    {
        const int n = Pose.ParameterCount;
        for (var p = 0; p < n; p++)
        {
            for (var q = p; q < n; q++)
            {
                var v = Dot(jacobian.DerivativeRe(p), jacobian.DerivativeIm(p), jacobian.DerivativeRe(q), jacobian.DerivativeIm(q));
                gram[(p * n) + q] = v;
                gram[(q * n) + p] = v;
            }
        }
    }
}
