using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Turns a trained latent space so that its first coordinate is the largest motion, its second the largest of the rest, and so on.</summary>
internal static class PrincipalMotion
{
    /// <summary>Turns it: K = mean J^T J with J the displacement per latent unit at sampled points, diagonalised.</summary>
    /// <param name="autoencoder">The autoencoder, changed.</param>
    /// <param name="points">Latent points at which the motion is measured.</param>
    public static void Align(Autoencoder autoencoder, IReadOnlyList<float[]> points)
    {
        var d = autoencoder.LatentDimension;
        var columns = Enumerable.Range(0, d).Select(_ => new ModelDeformation(autoencoder.Model.Count)).ToArray();
        var sum = new double[d * d];
        foreach (var point in points)
        {
            autoencoder.Decoder.Velocities(point, columns);
            for (var k = 0; k < d; k++)
            {
                for (var l = 0; l < d; l++)
                {
                    sum[(k * d) + l] += Dot(columns[k], columns[l]);
                }
            }
        }

        var (_, rotation) = SymmetricEigen.Decompose(sum, d);
        autoencoder.Decoder.Velocities(new float[d], columns);
        for (var k = 0; k < d; k++)
        {
            Orient(rotation.AsSpan(k * d, d), columns);
        }

        autoencoder.Decoder.Transform(rotation);
        autoencoder.Encoder.Transform(rotation, []);
    }

    /// <summary>Gives an axis a sign by a rule, so that two halves that found the same motion mostly agree on it.</summary>
    private static void Orient(Span<double> axis, ModelDeformation[] columns)
    {
        // The sum of the cubes of the displacements' components: odd in the sign, and the same for models alike.
        double cubes = 0;
        for (var j = 0; j < columns[0].Count; j++)
        {
            double x = 0, y = 0, z = 0;
            for (var k = 0; k < axis.Length; k++)
            {
                x += axis[k] * columns[k].X[j];
                y += axis[k] * columns[k].Y[j];
                z += axis[k] * columns[k].Z[j];
            }

            cubes += (x * x * x) + (y * y * y) + (z * z * z);
        }

        if (cubes < 0)
        {
            foreach (ref var a in axis)
            {
                a = -a;
            }
        }
    }

    private static double Dot(ModelDeformation a, ModelDeformation b)
    {
        double sum = 0;
        for (var j = 0; j < a.Count; j++)
        {
            sum += ((double)a.X[j] * b.X[j]) + ((double)a.Y[j] * b.Y[j]) + ((double)a.Z[j] * b.Z[j])
                + (100 * (double)a.Amplitudes[j] * b.Amplitudes[j]);
        }

        return sum;
    }
}
