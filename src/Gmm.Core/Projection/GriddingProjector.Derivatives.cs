using System.Numerics.Tensors;

namespace Gmm.Core;

/// <content>The projection with its five derivative images.</content>
public sealed partial class GriddingProjector
{
    /// <inheritdoc/>
    public void ProjectWithPoseDerivatives(in Pose pose, PoseJacobian<float> result, IProjectorScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(scratch);
        var s = (Scratch)scratch;
        Place(pose, s);
        s.AllocateDerivatives();
        Array.Clear(s.Grid0);
        Array.Clear(s.Grid1);
        var isWrapped = GriddingKernels.DepositInside(s.Splats(this), _amplitude, s.Depth, GridSize, s.Grid0, s.Grid1);
        Turn(pose, result, s);
        if (isWrapped)
        {
            GriddingKernels.DepositOutside(s.Splats(this), _amplitude, s.Depth, GridSize, s.Grid0, s.Grid1);
            AddTurnOfWrapped(result, s);
        }

        Transform(s.Grid0, result.Re, result.Im, s);
        Transform(s.Grid1, s.DepthRe, s.DepthIm, s);
        result.FillFromDepth(s.DepthRe, s.DepthIm);
    }

    /// <summary>
    /// The derivative for an in-plane rotation. Gaussians on the grid are round, so turning their centres turns the density f on it: the derivative is
    /// (y - o_y) df/dx - (x - o_x) df/dy, o the axis, and needs no deposit of its own but the transforms of x f and y f.
    /// </summary>
    private void Turn(in Pose pose, PoseJacobian<float> result, Scratch s)
    {
        var (ox, oy) = Axis(pose);
        for (var column = 0; column < GridSize; column++)
        {
            s.Row[column] = column - ox;
        }

        for (var cell = 0; cell < s.Grid0.Length; cell += GridSize)
        {
            TensorPrimitives.Multiply(s.Grid0.AsSpan(cell, GridSize), s.Row, s.Grid2.AsSpan(cell, GridSize));
        }

        Span<float> re = result.DerivativeRe(2), im = result.DerivativeIm(2);
        Transform(s.Grid2, re, im, s);
        for (var row = 0; row < GridSize; row++)
        {
            TensorPrimitives.Multiply(s.Grid0.AsSpan(row * GridSize, GridSize), row - oy, s.Grid2.AsSpan(row * GridSize, GridSize));
        }

        Transform(s.Grid2, s.DepthRe, s.DepthIm, s);
        result.FillInPlane(re, im, s.DepthRe, s.DepthIm, 1 / _cellsPerAngstrom);
    }

    /// <summary>
    /// Adds what <see cref="Turn"/> has not seen: Gaussians that reach over the grid's edge, where x and y jump, each with its own velocity.
    /// </summary>
    private void AddTurnOfWrapped(PoseJacobian<float> result, Scratch s)
    {
        s.AllocateDeformed();
        var n = Model.Count;
        Span<float> rates = s.Deformed.AsSpan(n, n), vx = s.Deformed.AsSpan(2 * n, n), vy = s.Deformed.AsSpan(3 * n, n);
        s.Deformed.AsSpan(n).Clear();
        var splats = s.Splats(this);
        foreach (var run in _runs)
        {
            for (var j = run.First; j < run.End; j++)
            {
                if (!GriddingKernels.IsInside(splats, j, run.Footprint, GridSize))
                {
                    (vx[j], vy[j]) = (-s.ArmY[j], s.ArmX[j]);
                }
            }
        }

        Array.Clear(s.Grid2);
        GriddingKernels.DepositVelocity(splats, _amplitude, rates, vx, vy, GridSize, s.Grid2);
        Transform(s.Grid2, s.DepthRe, s.DepthIm, s);
        Span<float> re = result.DerivativeRe(2), im = result.DerivativeIm(2);
        TensorPrimitives.Add(re, s.DepthRe, re);
        TensorPrimitives.Add(im, s.DepthIm, im);
    }
}
