using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.TestData;
using Xunit;
using Xunit.Abstractions;

namespace Gmm.Heterogeneity.Tests;

/// <summary>Neutral models of which no particle is compared with one that it was made into.</summary>
public class CrossFittingTests(ITestOutputHelper output)
{
    private static readonly ComputeOptions Two = new() { Threads = 2 };

    [Property]
    public Property Folds_are_even_and_keep_copies_of_an_image_together() => Prop.ForAll(
        Gen.Choose(1, 8).SelectMany(folds => Gen.Choose(0, 60).ArrayOf(120).Select(images => (folds, images))).ToArbitrary(),
        c =>
        {
            int[] indices = [.. Enumerable.Range(0, c.images.Length)];
            var distinct = c.images.Distinct().Count();
            if (distinct < c.folds)
            {
                Assert.Throws<InvalidInputException>(() => CrossFitting.Assign(indices, i => $"{c.images[i]}", c.folds, 5));
                return;
            }

            var fold = CrossFitting.Assign(indices, i => $"{c.images[i]}", c.folds, 5);
            Assert.Equal(fold, CrossFitting.Assign(indices, i => $"{c.images[i]}", c.folds, 5));
            Assert.All(indices.GroupBy(i => c.images[i]), copies => Assert.Single(copies.Select(i => fold[i]).Distinct()));
            int[] sizes = [.. Enumerable.Range(0, c.folds).Select(f => indices.Where(i => fold[i] == f).Select(i => c.images[i]).Distinct().Count())];
            Assert.True(sizes.Max() - sizes.Min() <= 1);
        });

    [Fact]
    public void A_folds_model_does_not_change_with_its_own_particles_images()
    {
        var (source, _) = TiltData.Make(160, 0.5, TiltData.Reach, 21);
        var other = new MemorySource([TiltData.Group]);
        int[] indices = [.. Enumerable.Range(0, 160).Where(i => source.Particles[i].Half == 1)];
        var folds = CrossFitting.Assign(indices, i => $"{i}", 3, 1);
        var pixels = new float[TiltData.Box * TiltData.Box];
        for (var i = 0; i < 160; i++)
        {
            source.ReadImage(i, pixels);
            var n = Array.IndexOf(indices, i);
            // Fold 1 gets other images, and so does the other half.
            var changed = source.Particles[i].Half == 2 || folds[n] == 1;
            other.Add(source.Particles[i], changed ? [.. pixels.Select(p => 1 - (2 * p))] : [.. pixels]);
        }

        var (whole, models) = Make(source, indices, folds);
        var (otherWhole, others) = Make(other, indices, folds);
        Assert.Equal(3, models.Length);
        Assert.Equal(models[1].X.ToArray(), others[1].X.ToArray());
        Assert.Equal(models[1].Amplitudes.ToArray(), others[1].Amplitudes.ToArray());
        Assert.NotEqual(models[0].X.ToArray(), others[0].X.ToArray());
        Assert.NotEqual(whole.X.ToArray(), otherWhole.X.ToArray());
    }

    [Theory]
    [InlineData("anchors")]
    [InlineData("rigid")]
    public void The_motion_on_a_folds_model_is_the_motion_of_the_autoencoder(string kind)
    {
        // The same model in another order of its Gaussians must move as the first does.
        var model = TiltData.Neutral;
        float[] Turned(ReadOnlySpan<float> values)
        {
            var copy = values.ToArray();
            Array.Reverse(copy);
            return copy;
        }

        var reversed = new GaussianModel(
            Turned(model.X), Turned(model.Y), Turned(model.Z), Turned(model.Amplitudes), Turned(model.Widths), model.BoxSize, model.PixelSize);
        float[] mask = [.. model.X.ToArray().Select(x => Math.Clamp((x - 10) / 10, 0, 1))];
        var design = new AutoencoderDesign
        {
            Half = 1,
            LatentDimension = 2,
            Resolution = 9,
            Decoder = DeformerTests.Factory(kind, hidden: [5]),
            Encoder = Encoders.Dense([4]),
        };
        var autoencoder = Autoencoder.Create(model, design, AnchorSet.Place(model, 9, mask, 1), mask, new float[57], new float[57]);
        autoencoder.UsesNetworks = true;
        var random = new Random(8);
        foreach (var part in autoencoder.Weights)
        {
            for (var i = 0; i < part.Values.Length; i++)
            {
                part.Values[i] = (float)((2 * random.NextDouble()) - 1);
            }
        }

        var decoder = autoencoder.Decoder.On(reversed, Turned(mask));
        ModelDeformation expected = new(model.Count), found = new(model.Count);
        autoencoder.Decoder.Decode([0.7f, -0.4f], expected);
        decoder.Decode([0.7f, -0.4f], found);
        Assert.True(expected.X.ToArray().Max(Math.Abs) > 0.5);
        for (var j = 0; j < model.Count; j++)
        {
            Assert.Equal(expected.X[j], found.X[^(j + 1)], 2e-4);
            Assert.Equal(expected.Y[j], found.Y[^(j + 1)], 2e-4);
            Assert.Equal(expected.Z[j], found.Z[^(j + 1)], 2e-4);
        }
    }

    [Fact]
    public void Folds_give_back_the_movement_that_the_models_own_noise_takes()
    {
        var one = Learn(1.1, folds: 1, rounds: 1);
        var four = Learn(1.1, folds: 4, rounds: 1);
        Assert.True(four.Movement > 1.1 * one.Movement, $"{one.Movement} {four.Movement}");
        Assert.True(four.Gain > 1.3 * one.Gain, $"{one.Gain} {four.Gain}");
    }

    [Fact]
    public void A_second_round_orders_the_particles_better()
    {
        var first = Learn(0.7, folds: 4, rounds: 1);
        var second = Learn(0.7, folds: 4, rounds: 2);
        Assert.True(second.Ranks[0] > first.Ranks[0] + 0.005 && second.Ranks[1] > first.Ranks[1] + 0.005, $"{first} {second}");
        Assert.True(second.Gain > 1.2 * first.Gain, $"{first.Gain} {second.Gain}");
    }

    /// <summary>Learns a tilt from models of the halves' own maps; both halves' |Spearman|, and their mean movement and gain.</summary>
    private (double[] Ranks, double Movement, double Gain) Learn(double noise, int folds, int rounds)
    {
        var (source, truth) = TiltData.Make(400, noise, TiltData.Reach, 22);
        var options = new HeterogeneityOptions
        {
            LatentDimension = 1,
            Resolution = 9,
            Anchors = 12,
            LinearEpochs = 3,
            Epochs = 0,
            Folds = folds,
            Rounds = rounds,
            Focus = HeterogeneityAnalysisTests.Half(),
        };
        var result = new HeterogeneityAnalysis(source, ModelOf(source, 1), ModelOf(source, 2), options, Two).Run();
        var ranks = new double[2];
        double movement = 0;
        foreach (var autoencoder in new[] { result.Half1, result.Half2 })
        {
            int[] members = [.. Enumerable.Range(0, truth.Length).Where(i => source.Particles[i].Half == autoencoder.Half)];
            float[][] points = [.. members.Select(i => result.Latents.Points[i])];
            ranks[autoencoder.Half - 1] = Math.Abs(TiltData.Spearman([.. members.Select(i => truth[i])], [.. points.Select(p => (double)p[0])]));
            movement += 0.5 * MotionRange.Farthest(autoencoder.Decoder, points, 0);
        }

        output.WriteLine($"noise {noise}, folds {folds}, rounds {rounds}: |Spearman| {ranks[0]:F3} {ranks[1]:F3}, movement {movement:F2} A, "
            + $"gain {result.HeldOutGain:F3}");
        return (ranks, movement, result.HeldOutGain);
    }

    private static (GaussianModel Whole, GaussianModel[] Folds) Make(MemorySource source, int[] indices, int[] folds) =>
        new CrossFitting(
            source, 1, indices, folds, new HeterogeneityOptions { Folds = 3, Resolution = 12 }, Two, (_, _, _) => { }, CancellationToken.None)
            .Make(60, null);

    private static GaussianModel ModelOf(MemorySource source, int half)
    {
        var map = new FourierReconstructor().ReconstructHalf(new(source), half, new ReconstructionOptions(), Two);
        return new ModelBuilder().Build(map, null, new ModelBuildOptions { Resolution = 9, Gaussians = TiltData.Neutral.Count }, Two).Model;
    }
}
