namespace Gmm.Core;

/// <content>
/// Projections of the model deformed: what the order of the deposit and the footprints cost to find is kept, as deformed Gaussians keep their widths.
/// </content>
public sealed partial class GriddingProjector
{
    // The kernels count cells in 32 bits and write where they are told to.
    private const float FarthestCell = 1 << 20;

    /// <summary>The projection of the deformed model.</summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="deformation">How it differs from <see cref="Model"/>.</param>
    /// <param name="re">Real parts, Disc.Count values.</param>
    /// <param name="im">Imaginary parts, Disc.Count values.</param>
    /// <param name="scratch">This thread's scratch.</param>
    /// <exception cref="ArgumentException">A displacement that is not finite, or of more than a million grid cells.</exception>
    public void Project(in Pose pose, ModelDeformation deformation, Span<float> re, Span<float> im, IProjectorScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(deformation);
        ArgumentNullException.ThrowIfNull(scratch);
        var s = (Scratch)scratch;
        Place(pose, deformation, s);
        Array.Clear(s.Grid0);
        GriddingKernels.Deposit(s.Splats(this), s.Deformed.AsSpan(0, Model.Count), GridSize, s.Grid0);
        Transform(s.Grid0, re, im, s);
    }

    /// <summary>The directional derivative of the deformed model's projection: its rate of change when the deformation changes at a given rate.</summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="deformation">How it differs from <see cref="Model"/>.</param>
    /// <param name="velocity">The deformation's rate of change.</param>
    /// <param name="re">Real parts, Disc.Count values.</param>
    /// <param name="im">Imaginary parts, Disc.Count values.</param>
    /// <param name="scratch">This thread's scratch.</param>
    /// <exception cref="ArgumentException">A displacement that is not finite, or of more than a million grid cells.</exception>
    public void ProjectVelocity(
        in Pose pose, ModelDeformation deformation, ModelDeformation velocity, Span<float> re, Span<float> im, IProjectorScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(deformation);
        ArgumentNullException.ThrowIfNull(velocity);
        ArgumentNullException.ThrowIfNull(scratch);
        var s = (Scratch)scratch;
        Place(pose, deformation, s);
        var n = Model.Count;
        Span<float> amplitudes = s.Deformed.AsSpan(0, n), rates = s.Deformed.AsSpan(n, n), vx = s.Deformed.AsSpan(2 * n, n), vy = s.Deformed.AsSpan(3 * n, n);
        var (x, y) = InPlane(pose);
        ReadOnlySpan<float> dx = velocity.X, dy = velocity.Y, dz = velocity.Z, da = velocity.Amplitudes;
        for (var j = 0; j < n; j++)
        {
            var o = _order[j];
            vx[j] = (x.X * dx[o]) + (x.Y * dy[o]) + (x.Z * dz[o]);
            vy[j] = (y.X * dx[o]) + (y.Y * dy[o]) + (y.Z * dz[o]);
            rates[j] = _amplitude[j] * da[o];
        }

        Array.Clear(s.Grid0);
        GriddingKernels.DepositVelocity(s.Splats(this), amplitudes, rates, vx, vy, GridSize, s.Grid0);
        Transform(s.Grid0, re, im, s);
    }

    /// <summary>
    /// The vector-Jacobian product of the deformed model's projection, as
    /// <see cref="VectorJacobianProduct(in Pose, ReadOnlySpan{float}, ReadOnlySpan{float}, ModelGradient{float}?, Span{float}, IProjectorScratch)"/>.
    /// </summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="deformation">How it differs from <see cref="Model"/>.</param>
    /// <param name="gradientRe">dLoss/dRe P, Disc.Count values.</param>
    /// <param name="gradientIm">dLoss/dIm P, Disc.Count values.</param>
    /// <param name="modelGradient">The derivatives with respect to the deformed model's Gaussians are added to these columns.</param>
    /// <param name="poseGradient">Five values to which the pose step's derivatives are added: three per radian, two per angstrom.</param>
    /// <param name="scratch">This thread's scratch.</param>
    /// <exception cref="ArgumentException">A displacement that is not finite, or of more than a million grid cells.</exception>
    public void VectorJacobianProduct(
        in Pose pose,
        ModelDeformation deformation,
        ReadOnlySpan<float> gradientRe,
        ReadOnlySpan<float> gradientIm,
        ModelGradient<float>? modelGradient,
        Span<float> poseGradient,
        IProjectorScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(deformation);
        ArgumentNullException.ThrowIfNull(scratch);
        var s = (Scratch)scratch;
        Place(pose, deformation, s);
        PullBack(pose, gradientRe, gradientIm, s.Deformed.AsSpan(0, Model.Count), modelGradient, poseGradient, s);
    }

    /// <summary>The rows of the rotation that lead to the grid's axes, in cells.</summary>
    private ((float X, float Y, float Z) Row0, (float X, float Y, float Z) Row1) InPlane(in Pose pose)
    {
        var (a, cells) = (pose.Rotation, _cellsPerAngstrom);
        return (
            ((float)(a.M00 * cells), (float)(a.M01 * cells), (float)(a.M02 * cells)), ((float)(a.M10 * cells), (float)(a.M11 * cells), (float)(a.M12 * cells)));
    }

    /// <summary>Places every deformed Gaussian on the grid.</summary>
    private void Place(in Pose pose, ModelDeformation deformation, Scratch s)
    {
        Place(pose, s);
        s.AllocateDeformed();
        var (x, y) = InPlane(pose);
        float zx = (float)pose.Rotation.M20, zy = (float)pose.Rotation.M21, zz = (float)pose.Rotation.M22;
        ReadOnlySpan<float> dx = deformation.X, dy = deformation.Y, dz = deformation.Z, da = deformation.Amplitudes;
        Span<float> amplitudes = s.Deformed.AsSpan(0, Model.Count);
        float farthest = 0;
        for (var j = 0; j < amplitudes.Length; j++)
        {
            var o = _order[j];
            float px = dx[o], py = dy[o], pz = dz[o];
            float u = (x.X * px) + (x.Y * py) + (x.Z * pz), v = (y.X * px) + (y.Y * py) + (y.Z * pz);
            s.ArmX[j] += u;
            s.CellX[j] += u;
            s.ArmY[j] += v;
            s.CellY[j] += v;
            s.Depth[j] += (zx * px) + (zy * py) + (zz * pz);
            amplitudes[j] = _amplitude[j] * (1 + da[o]);
            // Max hands a NaN on.
            farthest = MathF.Max(farthest, MathF.Abs(u) + MathF.Abs(v));
        }

        if (!(farthest < FarthestCell))
        {
            throw new ArgumentException("A Gaussian is displaced by a value that is not finite, or by thousands of boxes.", nameof(deformation));
        }
    }
}
