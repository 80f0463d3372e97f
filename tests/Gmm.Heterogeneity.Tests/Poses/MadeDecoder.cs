using Gmm.Core;

namespace Gmm.Heterogeneity.Tests;

/// <summary>
/// A decoder given by a formula in place of a trained network: latent point and Gaussian to displacement. Derivatives are central differences.
/// </summary>
internal sealed class MadeDecoder(GaussianModel model, int dimension, Func<float[], int, (double X, double Y, double Z)> displacement) : IDeformationDecoder
{
    private const float Step = 1e-2f;

    public int LatentDimension => dimension;

    public int GaussianCount => model.Count;

    public void Decode(ReadOnlySpan<float> latent, ModelDeformation result)
    {
        var z = latent.ToArray();
        for (var j = 0; j < model.Count; j++)
        {
            var (x, y, w) = displacement(z, j);
            (result.X[j], result.Y[j], result.Z[j]) = ((float)x, (float)y, (float)w);
        }
    }

    public void PullBack(ReadOnlySpan<float> latent, ModelGradient<float> gradient, Span<float> result) => throw new NotSupportedException();

    public void Velocities(ReadOnlySpan<float> latent, IReadOnlyList<ModelDeformation> columns)
    {
        for (var k = 0; k < dimension; k++)
        {
            float[] up = latent.ToArray(), down = latent.ToArray();
            up[k] += Step;
            down[k] -= Step;
            for (var j = 0; j < model.Count; j++)
            {
                var (a, b) = (displacement(up, j), displacement(down, j));
                (columns[k].X[j], columns[k].Y[j], columns[k].Z[j]) =
                    ((float)((a.X - b.X) / (2 * Step)), (float)((a.Y - b.Y) / (2 * Step)), (float)((a.Z - b.Z) / (2 * Step)));
            }
        }
    }

    /// <summary>A ball of Gaussians of random places and amplitudes, of a given radius about a place.</summary>
    public static GaussianModel Ball(int count, double radius, (double X, double Y, double Z) centre, double boxLength, int seed)
    {
        var random = new SeededGenerator(seed, 0, 0);
        float[] x = new float[count], y = new float[count], z = new float[count], a = new float[count], s = new float[count];
        for (var j = 0; j < count; j++)
        {
            double u, v, w;
            do
            {
                (u, v, w) = ((2 * random.Uniform()) - 1, (2 * random.Uniform()) - 1, (2 * random.Uniform()) - 1);
            }
            while ((u * u) + (v * v) + (w * w) > 1);

            (x[j], y[j], z[j]) = ((float)(centre.X + (radius * u)), (float)(centre.Y + (radius * v)), (float)(centre.Z + (radius * w)));
            (a[j], s[j]) = ((float)(0.5 + random.Uniform()), 2);
        }

        return new GaussianModel(x, y, z, a, s, 215, boxLength / 215);
    }
}
