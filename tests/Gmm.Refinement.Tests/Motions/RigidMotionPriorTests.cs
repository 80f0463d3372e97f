using Gmm.Core;
using Gmm.Maps;
using Gmm.Testing;

namespace Gmm.Refinement.Tests;

public class RigidMotionPriorTests
{
    private const double Degree = Math.PI / 180;
    private static readonly (double X, double Y, double Z) Centre = (15, -20, 30);

    /// <summary>A hinge of 6 degrees about an axis that also moves the centre by 2 angstrom, and little else.</summary>
    private static readonly double[] Hinge = [6 * Degree * 0.6, 6 * Degree * 0.8, 0, 1.2, 0, 1.6];

    [Fact]
    public void It_learns_the_covariance_that_made_linear_observations()
    {
        // The model that learning assumes, exactly: y = B x, a normal x, an observation with a known covariance. The optimizer's answer
        // under a prior is then in closed form: total information I + L, best value (I + L)^-1 I z.
        var random = new Random(3);
        var prior = RigidMotionPrior.Start(Centre);
        var seen = new List<(Pose, PoseEstimate)>();
        for (var i = 0; i < 3000; i++)
        {
            var h = Draw.Normal(random);
            var x = Hinge.Select((v, k) => (v * h) + ((k < 3 ? 0.5 * Degree : 0.2) * Draw.Normal(random))).ToArray();
            seen.Add(Observed(prior, x, 5 * Degree, 0.9, random));
        }

        var learnt = prior.Learn(seen);
        for (var i = 0; i < 6; i++)
        {
            for (var j = 0; j < 6; j++)
            {
                var truth = (Hinge[i] * Hinge[j]) + (i != j ? 0 : i < 3 ? Math.Pow(0.5 * Degree, 2) : 0.04);
                var unit = (i < 3 ? 6 * Degree : 2) * (j < 3 ? 6 * Degree : 2);
                Assert.Equal(truth / unit, learnt.Covariance[(i * 6) + j] / unit, 0.06);
            }
        }

        var modes = MotionMode.Of(learnt, new FocusRegion(SolventMasks.Sphere(64, 2.5, 20, 6)));
        Assert.InRange(modes[0].RotationDegrees, 5.4, 6.6);
        Assert.InRange(modes[0].ShiftAngstrom, 1.8, 2.2);
        Assert.InRange(Math.Abs((0.6 * modes[0].Axis[0]) + (0.8 * modes[0].Axis[1])), 0.98, 1.0001);
        Assert.True(modes[1].RmsAngstrom < 0.3 * modes[0].RmsAngstrom, $"{modes[1].RmsAngstrom}");
    }

    [Fact]
    public void Without_motion_or_without_information_the_covariance_shrinks()
    {
        var random = new Random(4);
        var prior = RigidMotionPrior.Start(Centre);
        var still = prior.Learn(Enumerable.Range(0, 1000).Select(_ => Observed(prior, new double[6], 2 * Degree, 0.5, random)));
        var blind = prior.Learn(Enumerable.Range(0, 1000).Select(_ => Observed(prior, new double[6], 4000 * Degree, 900, random)));
        for (var i = 0; i < 6; i++)
        {
            Assert.True(still.Covariance[i * 7] < 0.04 * prior.Covariance[i * 7], $"{i}: {still.Covariance[i * 7] / prior.Covariance[i * 7]}");
            Assert.True(blind.Covariance[i * 7] < 0.1 * prior.Covariance[i * 7], $"{i}: {blind.Covariance[i * 7] / prior.Covariance[i * 7]}");
        }
    }

    [Fact]
    public void The_prior_of_an_image_is_the_motion_seen_there()
    {
        // Drawn motions, applied to the pose exactly, have the displacement's covariance.
        var random = new Random(5);
        var prior = RigidMotionPrior.Start(Centre, 2, 1);
        var pose = Draw.Pose(random, 3);
        var at = prior.At(pose);
        var sum = new double[25];
        const int count = 20000;
        for (var n = 0; n < count; n++)
        {
            var w = Enumerable.Range(0, 3).Select(_ => 2 * Degree * Draw.Normal(random)).ToArray();
            var s = Enumerable.Range(0, 3).Select(_ => Draw.Normal(random)).ToArray();
            var y = at.Displacement(Moved(pose, [.. w, .. s]));
            for (var i = 0; i < 25; i++)
            {
                sum[i] += y[i / 5] * y[i % 5] / count;
            }
        }

        var product = SmallMatrix.Multiply(sum, at.Information, 5, 5, 5);
        for (var i = 0; i < 25; i++)
        {
            Assert.Equal(i % 6 == 0 ? 1 : 0, product[i], Math.Abs(product[i]) > 10 ? 0 : (i / 5 < 3) == (i % 5 < 3) ? 0.06 : 2);
        }
    }

    [Fact]
    public void Eigenvectors_diagonalise()
    {
        var random = new Random(6);
        var a = new double[36];
        for (var i = 0; i < 6; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                a[(i * 6) + j] = a[(j * 6) + i] = Draw.Normal(random);
            }
        }

        var (values, vectors) = SymmetricEigen.Decompose(a, 6);
        for (var i = 0; i < 6; i++)
        {
            var av = SmallMatrix.Multiply(a, vectors.AsSpan(i * 6, 6), 6, 6, 1);
            for (var k = 0; k < 6; k++)
            {
                Assert.Equal(values[i] * vectors[(i * 6) + k], av[k], 1e-10);
            }

            Assert.True(i == 0 || values[i] <= values[i - 1]);
        }
    }

    [Fact]
    public void A_covariance_that_is_none_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => new RigidMotionPrior(Centre, new double[35]));
        Assert.Throws<ArgumentException>(() => new RigidMotionPrior(Centre, new double[36]));
    }

    /// <summary>A pose moved by a rigid motion of the region in the molecule's frame, exactly.</summary>
    private static Pose Moved(in Pose pose, double[] x)
    {
        var rotation = pose.Rotation * Rotation.FromRotationVector(x[0], x[1], x[2]);
        var (ax, ay, _) = pose.Rotation.Apply(Centre.X + x[3], Centre.Y + x[4], Centre.Z + x[5]);
        var (bx, by, _) = rotation.Apply(Centre.X, Centre.Y, Centre.Z);
        return new Pose(rotation, pose.ShiftX + ax - bx, pose.ShiftY + ay - by);
    }

    private static (Pose Consensus, PoseEstimate Estimate) Observed(RigidMotionPrior prior, double[] x, double rotationNoise, double shiftNoise, Random random)
    {
        var consensus = Draw.Pose(random, 3);
        var at = prior.At(consensus);
        var truth = at.Displacement(Moved(consensus, x));
        double[] z = [.. truth.Select((v, i) => v + ((i < 3 ? rotationNoise : shiftNoise) * Draw.Normal(random)))];
        var total = at.Information.ToArray();
        var right = new double[5];
        for (var i = 0; i < 5; i++)
        {
            var information = 1 / Math.Pow(i < 3 ? rotationNoise : shiftNoise, 2);
            total[i * 6] += information;
            right[i] = information * z[i];
        }

        SmallMatrix.Solve((double[])total.Clone(), right, 5, 1);

        // The pose whose displacement that is, and the covariance in its tangent space.
        var rotation = Rotation.FromRotationVector(right[0], right[1], right[2]) * consensus.Rotation;
        var (ax, ay, _) = consensus.Rotation.Apply(Centre.X, Centre.Y, Centre.Z);
        var (bx, by, _) = rotation.Apply(Centre.X, Centre.Y, Centre.Z);
        var pose = new Pose(rotation, consensus.ShiftX + right[3] + ax - bx, consensus.ShiftY + right[4] + ay - by);
        var inStep = SmallMatrix.Sandwich(SmallMatrix.Transpose(at.Jacobian(pose), 5, 5), total, 5, 5);
        var covariance = new double[25];
        Assert.True(Cholesky.TryInvert(5, inStep, covariance));
        return (consensus, new PoseEstimate(pose, default, default, covariance, 3, PoseStatus.Refined));
    }
}
