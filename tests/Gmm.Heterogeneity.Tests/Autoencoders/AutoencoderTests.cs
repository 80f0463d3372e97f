using Gmm.Core;
using Xunit;

namespace Gmm.Heterogeneity.Tests;

public class AutoencoderTests
{
    private static readonly AutoencoderDesign s_design = new()
    {
        Half = 1,
        LatentDimension = 2,
        Resolution = 7,
        Decoder = Decoders.Anchors(hidden: [4]),
        Encoder = Encoders.Dense([5]),
    };

    [Fact]
    public void A_new_autoencoder_is_at_rest_and_a_copy_has_weights_of_its_own()
    {
        var model = TiltData.Neutral;
        var made = Autoencoder.Create(model, s_design, anchors: 6);
        Assert.Equal(new float[model.Count], made.Decode([1, 0.5f]).X.ToArray());
        Assert.Equal((2 * 3 * 6) + 3, made.FeatureCount);
        made.UsesNetworks = true;
        foreach (var block in made.Decoder.Weights.Concat(made.Encoder.Weights))
        {
            Array.Fill(block.Values, 0.3f);
        }

        var copy = made.Copy();
        var features = new float[made.FeatureCount];
        Array.Fill(features, 0.1f);
        Assert.True(copy.UsesNetworks);
        Assert.Equal(made.Decode([1, 0.5f]).X.ToArray(), copy.Decode([1, 0.5f]).X.ToArray());
        Assert.Equal(made.Encode(features).Mean, copy.Encode(features).Mean);
        var before = made.Decode([1, 0.5f]).X.ToArray();
        Array.Clear(copy.Decoder.Weights[0].Values);
        Assert.Equal(before, made.Decode([1, 0.5f]).X.ToArray());
        Assert.NotEqual(before, copy.Decode([1, 0.5f]).X.ToArray());
    }

    [Fact]
    public void Blocks_hold_the_matrices_and_biases_of_their_widths()
    {
        var made = Autoencoder.Create(TiltData.Neutral, s_design, anchors: 6);
        var features = made.FeatureCount;
        Assert.Equal([features, 4], made.Encoder.Weights[0].Widths);
        Assert.Equal([features, 5, 4], made.Encoder.Weights[1].Widths);
        Assert.Equal([2, 18], made.Decoder.Weights[0].Widths);
        Assert.Equal([2, 4, 18], made.Decoder.Weights[1].Widths);
        // The linear part by its layout: controls = S z, and the encoder's means are rows of its matrix times the features, plus the biases.
        var (matrix, z) = (made.Decoder.Weights[0].Values, new float[] { 0.5f, -2 });
        Assert.Equal(2 * 18, matrix.Length);
        var encoder = made.Encoder.Weights[0].Values;
        Assert.Equal((4 * features) + 4, encoder.Length);
        for (var i = 0; i < encoder.Length; i++)
        {
            encoder[i] = 0.01f * (i % 17);
        }

        var seen = Enumerable.Range(0, features).Select(i => 0.1f * (i % 5)).ToArray();
        var expected = Enumerable.Range(0, 2).Select(
            o => encoder[(4 * features) + o] + Enumerable.Range(0, features).Sum(i => encoder[(o * features) + i] * seen[i])).ToArray();
        Assert.Equal(expected, made.Encode(seen).Mean, (a, b) => Math.Abs(a - b) < 1e-4);
        for (var i = 0; i < matrix.Length; i++)
        {
            matrix[i] = i % 7;
        }

        var controls = Enumerable.Range(0, 18).Select(c => (matrix[2 * c] * z[0]) + (matrix[(2 * c) + 1] * z[1])).ToArray();
        var moved = new ModelDeformation(made.Model.Count);
        made.Decoder.Deformer.Apply(controls, moved);
        Assert.Equal(moved.Y.ToArray(), made.Decode(z).Y.ToArray(), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public void Features_of_another_number_are_refused() =>
        Assert.Contains(
            "39 features, not 4",
            Assert.Throws<ArgumentException>(() => Autoencoder.Create(TiltData.Neutral, s_design, 6, featureMean: new float[4])).Message,
            StringComparison.Ordinal);
}
