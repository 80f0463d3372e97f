using System.Numerics;
using Gmm.Core;

namespace Gmm.Testing;

/// <summary>What every projector must do, as numbers that are small if it does: bounds are the caller's.</summary>
public static class ProjectorChecks
{
    /// <summary>How far a projection is from that of <see cref="DirectProjector{T}"/> in float64, the exact sum over all Gaussians.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="projector">The projector, of the plain model that it says (<see cref="IProjector{T}.Model"/>).</param>
    /// <param name="pose">The pose.</param>
    /// <returns>The relative error of the worst ring (<see cref="WorstRing"/>).</returns>
    public static double DirectMismatch<T>(IProjector<T> projector, Pose pose)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(projector);
        return WorstRing(projector.Disc, Project(new DirectProjector<double>(projector.Model, projector.Disc), pose), Project(projector, pose));
    }

    /// <summary>How far the five derivative images are from finite differences of the projector's own projections.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="projector">The projector.</param>
    /// <param name="pose">The pose.</param>
    /// <param name="radians">The step of the three rotations: small for a projector in float64, not so for one in float32.</param>
    /// <param name="angstrom">The step of the two shifts.</param>
    /// <returns>The norm of the difference over that of the derivative, for the worst of the five.</returns>
    public static double DerivativeMismatch<T>(IProjector<T> projector, Pose pose, double radians = 2e-3, double angstrom = 2e-2)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(projector);
        var jacobian = Jacobian(projector, pose);
        return Enumerable.Range(0, Pose.ParameterCount).Max(p =>
        {
            double[] Both(double h)
            {
                var (re, im) = Project(projector, FiniteDifference.Along(pose, p, h));
                return [.. re, .. im];
            }

            var expected = FiniteDifference.Slopes(Both, FiniteDifference.StepOf(p, radians, angstrom));
            double error = 0, norm = 0;
            for (var i = 0; i < projector.Disc.Count; i++)
            {
                double re = expected[i], im = expected[projector.Disc.Count + i];
                error += Square(re - double.CreateChecked(jacobian.DerivativeRe(p)[i]));
                error += Square(im - double.CreateChecked(jacobian.DerivativeIm(p)[i]));
                norm += Square(re) + Square(im);
            }

            return Math.Sqrt(error / norm);
        });
    }

    /// <summary>
    /// The dot product test of <see cref="IProjector{T}.VectorJacobianProduct"/> with random weights w: &lt;P, w&gt; = &lt;a, dP/da' w&gt;, because a
    /// projection is linear in the amplitudes a, and &lt;dP/dp, w&gt; is the derivative for each of the five pose parameters p.
    /// </summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="projector">The projector.</param>
    /// <param name="pose">The pose.</param>
    /// <param name="random">What the weights are drawn from.</param>
    /// <returns>The worst of the six mismatches (<see cref="DotProductTest"/>).</returns>
    public static double AdjointMismatch<T>(IProjector<T> projector, Pose pose, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(projector);
        var (disc, model) = (projector.Disc, projector.Model);
        var jacobian = Jacobian(projector, pose);
        T[] weights = Array.ConvertAll(Draw.Normals(random, 2 * disc.Count), T.CreateChecked), pulled = new T[Pose.ParameterCount];
        var gradient = new ModelGradient<T>(model.Count);
        projector.VectorJacobianProduct(pose, weights.AsSpan(0, disc.Count), weights.AsSpan(disc.Count), gradient, pulled, projector.CreateScratch());
        var amplitudes = Array.ConvertAll(model.Amplitudes.ToArray(), T.CreateChecked);
        var worst = DotProductTest.Mismatch<T>(amplitudes, [.. jacobian.Re, .. jacobian.Im], weights, gradient.Amplitudes);
        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            worst = Math.Max(
                worst, DotProductTest.Mismatch<T>([T.One], [.. jacobian.DerivativeRe(p), .. jacobian.DerivativeIm(p)], weights, pulled.AsSpan(p, 1)));
        }

        return worst;
    }

    /// <summary>The relative error of the worst ring: for each ring the norm of the difference over the norm of what is expected.</summary>
    /// <param name="disc">The coefficients.</param>
    /// <param name="expected">What is expected, Disc.Count values each.</param>
    /// <param name="actual">What came out.</param>
    /// <returns>The error; rings in which nothing is expected do not count.</returns>
    public static double WorstRing(FourierDisc disc, (double[] Re, double[] Im) expected, (double[] Re, double[] Im) actual)
    {
        ArgumentNullException.ThrowIfNull(disc);
        double worst = 0;
        for (var q = 0; q <= disc.Radius; q++)
        {
            double error = 0, norm = 0;
            for (var i = disc.RingStart(q); i < disc.RingStart(q + 1); i++)
            {
                error += Square(expected.Re[i] - actual.Re[i]) + Square(expected.Im[i] - actual.Im[i]);
                norm += Square(expected.Re[i]) + Square(expected.Im[i]);
            }

            if (norm > 0)
            {
                worst = Math.Max(worst, Math.Sqrt(error / norm));
            }
        }

        return worst;
    }

    /// <summary>A projection in float64.</summary>
    /// <typeparam name="T">float or double.</typeparam>
    /// <param name="projector">The projector.</param>
    /// <param name="pose">The pose.</param>
    /// <returns>Disc.Count values each.</returns>
    public static (double[] Re, double[] Im) Project<T>(IProjector<T> projector, Pose pose)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(projector);
        T[] re = new T[projector.Disc.Count], im = new T[projector.Disc.Count];
        projector.Project(pose, re, im, projector.CreateScratch());
        return (Array.ConvertAll(re, double.CreateChecked), Array.ConvertAll(im, double.CreateChecked));
    }

    private static PoseJacobian<T> Jacobian<T>(IProjector<T> projector, Pose pose)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var jacobian = new PoseJacobian<T>(projector.Disc);
        projector.ProjectWithPoseDerivatives(pose, jacobian, projector.CreateScratch());
        return jacobian;
    }

    private static double Square(double v) => v * v;
}
