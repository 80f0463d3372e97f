using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// The linear model of the motion in closed form, from the gradients at the anchors alone. Without motion their covariance is the mean
/// Fisher information H; with displacements of covariance C it is about H + H C H. So the eigenvectors of H^-1/2 Cov H^-1/2 - 1 are the principal
/// components of the motion in units of what the images can tell: the baseline of every network, and where its training starts.
/// </summary>
internal sealed class LinearStart
{
    /// <summary>Keeps a component alive that the gradients alone do not show.</summary>
    private const double LeastSignal = 0.02;

    /// <summary>Least information that counts, of the greatest: directions that no image shows.</summary>
    private const double LeastInformation = 1e-4;

    private readonly double[] _information;

    private LinearStart(double[] signals, float[][] motions, float[][] encoders, double[] information) =>
        (Signals, Motions, Encoders, _information) = (signals, motions, encoders, information);

    /// <summary>Variance of the motion along each component in units of its uncertainty in one image, from the largest down.</summary>
    public double[] Signals { get; }

    /// <summary>Displacement of the anchors per unit of each latent coordinate.</summary>
    public float[][] Motions { get; }

    /// <summary>What the gradient's difference from its mean is multiplied by to give each latent coordinate.</summary>
    public float[][] Encoders { get; }

    /// <summary>Finds the components.</summary>
    /// <param name="statistics">Of the half's particles.</param>
    /// <param name="latent">How many.</param>
    /// <returns>The linear model.</returns>
    public static LinearStart Find(FeatureStatistics statistics, int latent)
    {
        var n = statistics.Controls;
        var information = statistics.Information();
        var root = InverseRoot(information, n);
        var (signals, axes) = SymmetricEigen.Decompose(SmallMatrix.Multiply(SmallMatrix.Multiply(root, statistics.Covariance(), n, n, n), root, n, n, n), n);
        // Both covariances are of samples.
        var spread = (n / (double)statistics.Count) + (n / (double)statistics.NoiseCount);
        return Of(information, root, axes, [.. signals.Take(latent).Select(s => WithoutSampling(s, spread))]);
    }

    /// <summary>
    /// Finds the components of a motion whose coordinates are given: with gradients g = H M z + noise and z of unit covariance, Cov(g, z) = H M. Of the
    /// coordinates' space those directions are taken along which the motion tells most in an image, the eigenvectors of Cov(z, g) H^-1 Cov(g, z).
    /// </summary>
    /// <param name="statistics">Of the half's particles.</param>
    /// <param name="given">The coordinates of the half's particles, and their covariance with the full-band gradients.</param>
    /// <param name="latent">How many components; at most as many as there are coordinates.</param>
    /// <returns>The linear model.</returns>
    public static LinearStart Find(FeatureStatistics statistics, GivenCoordinates given, int latent)
    {
        int n = statistics.Controls, r = given.Dimension;
        var information = statistics.Information();
        var root = InverseRoot(information, n);
        var seen = SmallMatrix.Multiply(root, given.Covariance(), n, n, r);
        var (squares, directions) = SymmetricEigen.Decompose(SmallMatrix.Multiply(SmallMatrix.Transpose(seen, n, r), seen, r, n, r), r);
        double[] axes = new double[latent * n], signals = new double[latent];
        for (var k = 0; k < latent; k++)
        {
            // Coordinates that say nothing would have n / count: the covariance is of a sample.
            signals[k] = squares[k] - (n / (double)statistics.Count);
            var length = Math.Sqrt(squares[k]);
            Array.ConvertAll(SmallMatrix.Multiply(seen, directions.AsSpan(k * r, r), n, r, 1), v => v / length).CopyTo(axes, k * n);
        }

        return Of(information, root, axes, signals);
    }

    /// <summary>The linear model whose components are along axes of unit length in H^1/2 times displacements.</summary>
    private static LinearStart Of(double[] information, double[] root, double[] axes, double[] found)
    {
        var n = (int)Math.Sqrt(root.Length);
        double[] signals = [.. found.Select(s => Math.Max(s, LeastSignal))];
        float[][] motions = new float[signals.Length][], encoders = new float[signals.Length][];
        for (var k = 0; k < signals.Length; k++)
        {
            var deviation = Math.Sqrt(signals[k]);
            var unit = SmallMatrix.Multiply(root, axes.AsSpan(k * n, n), n, n, 1);
            motions[k] = Array.ConvertAll(unit, v => (float)(v * deviation));
            encoders[k] = Array.ConvertAll(unit, v => (float)(v * deviation / (1 + (deviation * deviation))));
        }

        return new LinearStart(signals, motions, encoders, information);
    }

    /// <summary>The root of the inverse of the information, in the directions that images show.</summary>
    private static double[] InverseRoot(double[] information, int n)
    {
        var (values, vectors) = SymmetricEigen.Decompose(information, n);
        var root = new double[n * n];
        for (var k = 0; k < n && values[k] > LeastInformation * values[0]; k++)
        {
            for (var i = 0; i < n * n; i++)
            {
                root[i] += vectors[(k * n) + (i / n)] * vectors[(k * n) + (i % n)] / Math.Sqrt(values[k]);
            }
        }

        return root;
    }

    /// <summary>
    /// Puts the linear model into an autoencoder; where its decoder cannot start from it, the encoder is started to fit the decoder's own motions at
    /// rest.
    /// </summary>
    /// <param name="target">The autoencoder.</param>
    public void Apply(Autoencoder target)
    {
        if (StartDecoder(target))
        {
            target.Encoder.TryStart(Encoders, [.. Enumerable.Range(0, target.LatentDimension).Select(k => -0.5 * Math.Log(1 + Signals[k]))]);
        }
        else
        {
            var (encoders, logSd) = EncodersOf(target);
            target.Encoder.TryStart(encoders, logSd);
        }
    }

    private bool StartDecoder(Autoencoder target)
    {
        if (target.Decoder is DeformationDecoder { Deformer: AnchorDeformer } anchors)
        {
            // The motion was found at the same anchors.
            for (var k = 0; k < Motions.Length; k++)
            {
                anchors.Start(k, Motions[k]);
            }

            return true;
        }

        return target.Decoder.TryStart([.. Motions.Select(m =>
        {
            var deformation = new ModelDeformation(target.Model.Count);
            target.Features.Apply(m, deformation);
            return deformation;
        })]);
    }

    /// <summary>
    /// What gives each coordinate of a decoder that moves in its own way: with its motions at rest M (a column each, at the anchors), gradients g = H
    /// M z + noise of covariance H and z standard normal, the posterior of z has the covariance C = (1 + M^T H M)^-1 and the mean C M^T g.
    /// </summary>
    private (float[][] Encoders, double[] LogSd) EncodersOf(Autoencoder target)
    {
        int d = target.LatentDimension, n = target.Features.ControlCount;
        ModelDeformation[] columns = [.. Enumerable.Range(0, d).Select(_ => new ModelDeformation(target.Model.Count))];
        target.Decoder.Velocities(new float[d], columns);
        var motions = new double[d * n];
        for (var k = 0; k < d; k++)
        {
            var controls = new float[n];
            target.Features.Fit(columns[k], controls);
            Array.ConvertAll(controls, v => (double)v).CopyTo(motions, k * n);
        }

        double[] precision = SmallMatrix.Sandwich(motions, _information, d, n), covariance = new double[d * d];
        for (var k = 0; k < d; k++)
        {
            precision[(k * d) + k] += 1;
        }

        Cholesky.TryInvert(d, precision, covariance);
        var encoders = SmallMatrix.Multiply(covariance, motions, d, d, n);
        return (
            [.. Enumerable.Range(0, d).Select(k => Array.ConvertAll(encoders[(k * n)..((k + 1) * n)], v => (float)v))],
            [.. Enumerable.Range(0, d).Select(k => 0.5 * Math.Log(covariance[(k * d) + k]))]);
    }

    /// <summary>
    /// A component's variance from its eigenvalue, without what a finite sample adds: the spiked model (Baik and Silverstein 2006), in
    /// which eigenvalue = (1 + s)(1 + spread / s). Below the edge of pure noise, (1 + sqrt spread)^2, there is nothing to be seen.
    /// </summary>
    private static double WithoutSampling(double eigenvalue, double spread)
    {
        var sum = eigenvalue - 1 - spread;
        return eigenvalue > Math.Pow(1 + Math.Sqrt(spread), 2) ? 0.5 * (sum + Math.Sqrt((sum * sum) - (4 * spread))) : 0;
    }
}
