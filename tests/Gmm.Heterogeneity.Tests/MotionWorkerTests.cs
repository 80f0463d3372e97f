using Gmm.Core;
using Gmm.Maps;
using Gmm.Testing;
using Xunit;

namespace Gmm.Heterogeneity.Tests;

/// <summary>The score of a deformed model along the whole way from a latent point to an image, against finite differences.</summary>
public class MotionWorkerTests
{
    [Fact]
    public void Both_ways_to_the_latent_gradient_are_the_finite_difference_of_the_score()
    {
        var (source, _) = TiltData.Make(120, 0.3, TiltData.Reach, 11);
        int[] half = [.. Enumerable.Range(0, 120).Where(i => source.Particles[i].Half == 1)];
        var options = new HeterogeneityOptions { Resolution = 9, LatentDimension = 2 };
        var references = MotionReference.Make(source, half, TiltData.Neutral, options, CancellationToken.None);
        var worker = new MotionWorker(references, TiltData.Neutral);
        var images = new ParticleImages(source, options.Resolution);
        images.Read(half[3], worker.Re(0), worker.Im(0), worker.Transfer(0));
        worker.Load(source.Particles[half[3]]);
        var decoder = MakeDecoder();
        float[] z = [0.5f, -0.8f];
        double Objective(float[] point) => worker.Score(decoder.Deformer, decoder.CreatePass().Forward(point, 1));

        double[] gradient = new double[2], information = new double[4];
        var objective = worker.Score(decoder, z, gradient, information);
        Assert.Equal(Objective(z), objective, 1e-3);
        Assert.True(information[0] > 0 && information[3] > 0 && Math.Abs(information[1] - information[2]) < 1e-9);

        var pass = decoder.CreatePass();
        var controls = pass.Forward(z, 1);
        var derivatives = new float[controls.Length];
        worker.Score(decoder.Deformer, controls, derivatives);
        var pulled = pass.Backward(derivatives, []);
        for (var k = 0; k < 2; k++)
        {
            float[] at = [.. z];
            var expected = FiniteDifference.Slope(
                h =>
                {
                    at[k] = z[k] + (float)h;
                    return Objective(at);
                }, 0.02);
            var scale = Math.Sqrt(information[3 * k]);
            Assert.Equal(expected, gradient[k], 0.01 * (scale + Math.Abs(expected)));
            Assert.Equal(expected, pulled[k], 0.01 * (scale + Math.Abs(expected)));
        }

        // Weights that throw a Gaussian out of the box are found out before they are projected.
        Assert.True(double.IsNaN(worker.Score(decoder.Deformer, Array.ConvertAll(controls, c => 1e9f * c))));
    }

    private static ITrainableDecoder MakeDecoder()
    {
        var ones = Enumerable.Repeat(1f, TiltData.Neutral.Count).ToArray();
        var context = new DecoderContext
        {
            Model = TiltData.Neutral,
            FocusWeights = ones,
            LatentDimension = 2,
            Anchors = AnchorSet.Place(TiltData.Neutral, 12, ones, 1),
        };
        var decoder = Decoders.Anchors(hidden: [8]).Create(context);
        decoder.UsesNetworks = true;
        var random = new Random(4);
        foreach (var part in decoder.Weights)
        {
            for (var i = 0; i < part.Values.Length; i++)
            {
                part.Values[i] = (float)((2 * random.NextDouble()) - 1);
            }
        }

        return decoder;
    }
}
