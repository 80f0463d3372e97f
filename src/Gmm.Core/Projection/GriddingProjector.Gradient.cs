using System.Numerics.Tensors;

namespace Gmm.Core;

/// <content>The projection with its gradient by the frequency.</content>
public sealed partial class GriddingProjector : IGradientProjector
{
    /// <summary>
    /// Of the density f on the grid, whose Gaussians are wider by the common variance c, the transform T of x f is i / (2 pi) times the derivative of
    /// P exp(-2 pi^2 c k^2), so that dP/dk_x = -2 pi i T exp(2 pi^2 c k^2) + 4 pi^2 c k_x P: two more transforms, and no deposit.
    /// </summary>
    void IGradientProjector.ProjectWithGradient(in Pose pose, PoseJacobian<float> projection, Span<float> gradient, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        Place(pose, s);
        s.AllocateDerivatives();
        Array.Clear(s.Grid0);
        var splats = s.Splats(this);
        GriddingKernels.Deposit(splats, _amplitude, GridSize, s.Grid0);
        Transform(s.Grid0, projection.Re, projection.Im, s);

        float centre = GridSize / 2;
        for (var column = 0; column < GridSize; column++)
        {
            s.Row[column] = column - centre;
        }

        for (var row = 0; row < GridSize; row++)
        {
            var line = s.Grid0.AsSpan(row * GridSize, GridSize);
            TensorPrimitives.Multiply(line, s.Row, s.Grid1.AsSpan(row * GridSize, GridSize));
            TensorPrimitives.Multiply(line, row - centre, s.Grid2.AsSpan(row * GridSize, GridSize));
        }

        GriddingKernels.AddWrappedMoments(splats, _amplitude, GridSize, s.Grid1, s.Grid2);
        Slope(s.Grid1, Disc.Kx, projection, gradient, s);
        Slope(s.Grid2, Disc.Ky, projection, gradient[(2 * Disc.Count)..], s);
    }

    private void Slope(ReadOnlySpan<float> moment, ReadOnlySpan<short> k, PoseJacobian<float> projection, Span<float> slope, Scratch s)
    {
        var n = Disc.Count;
        Span<float> re = slope[..n], im = slope.Slice(n, n);
        Transform(moment, s.DepthRe, s.DepthIm, s);
        float turn = (float)(2 * Math.PI / _cellsPerAngstrom), widening = (float)(4 * Math.PI * Math.PI * _commonVariance / Disc.BoxLength);
        ReadOnlySpan<float> pr = projection.Re, pi = projection.Im, tr = s.DepthRe.AsSpan(0, n), ti = s.DepthIm.AsSpan(0, n);
        for (var i = 0; i < n; i++)
        {
            var w = widening * k[i];
            re[i] = (turn * ti[i]) + (w * pr[i]);
            im[i] = (w * pi[i]) - (turn * tr[i]);
        }
    }
}
