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

    private LinearStart(double[] signals, float[][] motions, float[][] encoders) => (Signals, Motions, Encoders) = (signals, motions, encoders);

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
        var (values, vectors) = SymmetricEigen.Decompose(statistics.Information(), n);
        var root = new double[n * n];
        for (var k = 0; k < n && values[k] > LeastInformation * values[0]; k++)
        {
            for (var i = 0; i < n * n; i++)
            {
                root[i] += vectors[(k * n) + (i / n)] * vectors[(k * n) + (i % n)] / Math.Sqrt(values[k]);
            }
        }

        var (signals, axes) = SymmetricEigen.Decompose(Product(Product(root, statistics.Covariance(), n), root, n), n);
        // Both covariances are of samples.
        var spread = (n / (double)statistics.Count) + (n / (double)statistics.NoiseCount);
        float[][] motions = new float[latent][], encoders = new float[latent][];
        for (var k = 0; k < latent; k++)
        {
            var signal = signals[k] = Math.Max(WithoutSampling(signals[k], spread), LeastSignal);
            motions[k] = new float[n];
            encoders[k] = new float[n];
            for (var i = 0; i < n; i++)
            {
                double sum = 0;
                for (var j = 0; j < n; j++)
                {
                    sum += root[(i * n) + j] * axes[(k * n) + j];
                }

                motions[k][i] = (float)(sum * Math.Sqrt(signal));
                encoders[k][i] = (float)(sum * Math.Sqrt(signal) / (1 + signal));
            }
        }

        return new LinearStart(signals[..latent], motions, encoders);
    }

    /// <summary>Puts the linear model into an autoencoder's linear parts, and draws the networks' hidden layers.</summary>
    /// <param name="target">The autoencoder.</param>
    /// <param name="seed">Seed of the networks.</param>
    public void Apply(Autoencoder target, int seed)
    {
        int d = target.LatentDimension, n = target.Features.ControlCount;
        var encoder = target.Encoder.Linear;
        var deformation = new Gmm.Core.ModelDeformation(target.Model.Count);
        var deformer = target.Trained.Deformer;
        var controls = new float[deformer.ControlCount];
        for (var k = 0; k < d; k++)
        {
            for (var i = 0; i < n; i++)
            {
                // The full band's gradient comes after the lower band's.
                var inverse = target.Encoder.InverseSd[n + i];
                encoder.Weights(0)[(k * encoder.Inputs) + n + i] = inverse > 0 ? Encoders[k][i] / inverse : 0;
            }

            encoder.Biases(0)[d + k] = (float)(-0.5 * Math.Log(1 + Signals[k]));
            if (deformer is AnchorDeformer)
            {
                Motions[k].CopyTo(controls, 0);
            }
            else
            {
                target.Features.Apply(Motions[k], deformation);
                deformer.Fit(deformation, controls);
            }

            for (var c = 0; c < controls.Length; c++)
            {
                target.Trained.Linear.Weights(0)[(c * d) + k] = controls[c];
            }
        }

        target.Encoder.Network.Initialise(seed, 81);
        target.Trained.Network.Initialise(seed, 82);
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

    private static double[] Product(double[] a, double[] b, int n)
    {
        var c = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < n; k++)
            {
                var v = a[(i * n) + k];
                for (var j = 0; j < n; j++)
                {
                    c[(i * n) + j] += v * b[(k * n) + j];
                }
            }
        }

        return c;
    }
}
