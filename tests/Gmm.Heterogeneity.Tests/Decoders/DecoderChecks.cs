using Gmm.Core;
using Gmm.Testing;

namespace Gmm.Heterogeneity.Tests;

/// <summary>What every trainable decoder must do, whoever wrote it, against finite differences of what it decodes. Only the public API is used.</summary>
internal static class DecoderChecks
{
    private const int Rows = 3;
    private const int WeightsTried = 6;
    private const float Step = 1e-2f;

    /// <summary>
    /// Checks a decoder with the weights it has: the neutral point, velocities, the way
    /// back to latent points and weights, other models and changes of the latent space.
    /// </summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="model">Its model.</param>
    /// <param name="focus">The focus mask at each Gaussian.</param>
    /// <param name="seed">Draws latent points and directions.</param>
    /// <param name="hasOthers">Whether the motion can be carried over to another model.</param>
    public static void All(ITrainableDecoder decoder, GaussianModel model, ReadOnlyMemory<float> focus, int seed, bool hasOthers = true)
    {
        var random = new Random(seed);
        Assert.Equal(model.Count, decoder.GaussianCount);
        Assert.All(Values(decoder, new float[decoder.LatentDimension]), v => Assert.Equal(0, v, 1e-5));
        BackwardIsTheDerivative(decoder, random);
        VelocitiesAreTheDerivative(decoder, random);
        if (hasOthers)
        {
            AnotherModelFollowsTheWeights(decoder, model, focus, random);
        }

        TheLatentSpaceIsChanged(decoder, random);
    }

    private static void BackwardIsTheDerivative(ITrainableDecoder decoder, Random random)
    {
        int d = decoder.LatentDimension, n = decoder.Deformer.ControlCount;
        var points = Draw(random, Rows * d, 1.5f);
        ModelGradient<float>[] gradients = [.. Enumerable.Range(0, Rows).Select(_ => Gradient(random, decoder.GaussianCount))];
        var pass = decoder.CreatePass();
        var controls = pass.Forward(points, Rows);
        var derivatives = new float[controls.Length];
        for (var r = 0; r < Rows; r++)
        {
            decoder.Deformer.PullToControls(controls.AsSpan(r * n, n), gradients[r], derivatives.AsSpan(r * n, n));
        }

        float[][] weights = [.. decoder.Weights.Select(w => new float[w.Values.Length])];
        var latent = pass.Backward(derivatives, weights);
        double[] Decoded() => [.. Enumerable.Range(0, Rows).SelectMany(r => Values(decoder, points.AsSpan(r * d, d)))];
        for (var i = 0; i < points.Length; i++)
        {
            Agrees(latent[i], gradients, Decoded, points, i);
            var pulled = new float[d];
            decoder.PullBack(points.AsSpan(i / d * d, d), gradients[i / d], pulled);
            Assert.Equal(latent[i], pulled[i % d], 1e-3 * (1 + Math.Abs(latent[i])));
        }

        for (var b = 0; b < weights.Length; b++)
        {
            for (var t = 0; t < WeightsTried && weights[b].Length > 0; t++)
            {
                var w = random.Next(weights[b].Length);
                if (decoder.UsesNetworks || !decoder.Weights[b].IsNetwork)
                {
                    Agrees(weights[b][w], gradients, Decoded, decoder.Weights[b].Values, w);
                }
            }
        }
    }

    /// <summary>A derivative of sum_r gradient_r . deformation_r, and the central difference over one number.</summary>
    private static void Agrees(double derivative, ModelGradient<float>[] gradients, Func<double[]> decoded, float[] numbers, int index)
    {
        var kept = numbers[index];
        var slopes = FiniteDifference.Slopes(
            h =>
            {
                numbers[index] = kept + (float)h;
                return decoded();
            }, Step);
        numbers[index] = kept;
        double[] weights = [.. gradients.SelectMany(Values)], here = decoded();
        double expected = 0, change = 0, size = 0, length = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            (expected, change) = (expected + (slopes[i] * weights[i]), change + (slopes[i] * slopes[i]));
            (size, length) = (size + (here[i] * here[i]), length + (weights[i] * weights[i]));
        }

        Assert.Equal(expected, derivative, Math.Sqrt(length) * ((2e-3 * Math.Sqrt(change)) + (1e-6 / Step * Math.Sqrt(size))));
    }

    private static void VelocitiesAreTheDerivative(ITrainableDecoder decoder, Random random)
    {
        var d = decoder.LatentDimension;
        var point = Draw(random, d, 1.5f);
        ModelDeformation[] columns = [.. Enumerable.Range(0, d).Select(_ => new ModelDeformation(decoder.GaussianCount))];
        decoder.Velocities(point, columns);
        for (var k = 0; k < d; k++)
        {
            float[] at = [.. point];
            var slopes = FiniteDifference.Slopes(
                h =>
                {
                    at[k] = point[k] + (float)h;
                    return Values(decoder, at);
                }, Step);
            Near(slopes, Values(columns[k]), 0.02, 2e-6 / Step * Math.Sqrt(Values(decoder, at).Sum(v => v * v)));
        }
    }

    private static void AnotherModelFollowsTheWeights(ITrainableDecoder decoder, GaussianModel model, ReadOnlyMemory<float> focus, Random random)
    {
        // The same Gaussians as another object, after the weights were changed.
        var copy = new GaussianModel(model.X, model.Y, model.Z, model.Amplitudes, model.Widths, model.BoxSize, model.PixelSize);
        var other = decoder.On(copy, focus);
        decoder.Weights[0].Values[0] += 0.1f;
        var point = Draw(random, decoder.LatentDimension, 1.5f);
        Near(Values(decoder, point), Values(other, point), 1e-4, 1e-4);
    }

    private static void TheLatentSpaceIsChanged(ITrainableDecoder decoder, Random random)
    {
        var d = decoder.LatentDimension;
        double[] matrix = [.. Enumerable.Range(0, d * d).Select(i => (i / d == i % d ? 1 : 0) + (0.4 * (random.NextDouble() - 0.5)))];
        var point = Draw(random, d, 1);
        float[] moved = [.. Enumerable.Range(0, d).Select(l => (float)Enumerable.Range(0, d).Sum(k => matrix[(k * d) + l] * point[k]))];
        var before = Values(decoder, moved);
        decoder.Transform(matrix);
        Near(before, Values(decoder, point), 1e-3, 1e-4);
    }

    private static void Near(double[] expected, double[] found, double relative, double absolute)
    {
        var difference = Math.Sqrt(expected.Zip(found, (a, b) => (a - b) * (a - b)).Sum());
        Assert.InRange(difference, 0, (relative * Math.Sqrt(expected.Sum(v => v * v))) + absolute);
    }

    private static double[] Values(ITrainableDecoder decoder, ReadOnlySpan<float> latent)
    {
        var result = new ModelDeformation(decoder.GaussianCount);
        decoder.Decode(latent, result);
        return Values(result);
    }

    private static double[] Values(ModelDeformation d) =>
        [.. new[] { d.X.ToArray(), d.Y.ToArray(), d.Z.ToArray(), d.Amplitudes.ToArray() }.SelectMany(v => v).Select(v => (double)v)];

    private static double[] Values(ModelGradient<float> g) =>
        [.. new[] { g.X.ToArray(), g.Y.ToArray(), g.Z.ToArray(), g.Amplitudes.ToArray() }.SelectMany(v => v).Select(v => (double)v)];

    private static ModelGradient<float> Gradient(Random random, int count)
    {
        var result = new ModelGradient<float>(count);
        Draw(random, count, 1).CopyTo(result.X);
        Draw(random, count, 1).CopyTo(result.Y);
        Draw(random, count, 1).CopyTo(result.Z);
        Draw(random, count, 1).CopyTo(result.Amplitudes);
        return result;
    }

    private static float[] Draw(Random random, int count, float most) =>
        [.. Enumerable.Range(0, count).Select(_ => most * (float)((2 * random.NextDouble()) - 1))];
}
