using FsCheck.Xunit;
using Gmm.Core;
using Gmm.TestData;

namespace Gmm.Heterogeneity.Tests;

/// <summary>Every decoder of the library, and others, put through <see cref="DecoderChecks"/> with random weights and points.</summary>
public class DecoderGradientTests
{
    private static readonly GaussianModel s_model = PoseTestData.Ball(90, 45, 4, 64, 2.5);
    private static readonly float[] s_focus = [.. Enumerable.Range(0, s_model.Count).Select(j => Math.Clamp((s_model.X[j] + 30) / 40, 0, 1))];

    [Property(MaxTest = 8)]
    public void Anchors(int seed) => Check(Decoders.Anchors(hidden: [6, 5]), seed);

    [Property(MaxTest = 8)]
    public void Anchors_with_amplitudes(int seed) => Check(Decoders.Anchors(amplitudes: true, hidden: [6, 5]), seed);

    [Property(MaxTest = 8)]
    public void Free_Gaussians(int seed) => Check(Decoders.Free([4]), seed);

    [Property(MaxTest = 8)]
    public void A_rigid_body(int seed) => Check(Decoders.Rigid([6]), seed);

    [Property(MaxTest = 8)]
    public void A_deformer_of_ones_own(int seed) => Check(
        Decoders.OfDeformer("two modes", c => new ModesDecoder(c.Model, c.FocusWeights, c.LatentDimension, new WeightBlock("none", [])), [5]), seed);

    [Property(MaxTest = 8)]
    public void A_decoder_of_ones_own(int seed) => Check(ModesDecoder.Factory(), seed);

    [Fact]
    public void A_wrong_derivative_is_found()
    {
        var decoder = new Broken(ModesDecoder.Factory().Create(Context()));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => DecoderChecks.All(decoder, s_model, s_focus, 1));
    }

    private static void Check(IDecoderFactory factory, int seed)
    {
        foreach (var networks in new[] { false, true })
        {
            var decoder = factory.Create(Context());
            decoder.UsesNetworks = networks;
            var random = new Random(seed);
            foreach (var block in decoder.Weights)
            {
                for (var i = 0; i < block.Values.Length; i++)
                {
                    block.Values[i] = (float)random.NextDouble() - 0.5f;
                }
            }

            DecoderChecks.All(decoder, s_model, s_focus, seed, factory.CarriesOver);
        }
    }

    private static DecoderContext Context() =>
        new() { Model = s_model, FocusWeights = s_focus, LatentDimension = 2, Anchors = AnchorSet.Place(s_model, 9, s_focus, 1) };

    /// <summary>A decoder whose way back is a tenth too long.</summary>
    private sealed class Broken(ITrainableDecoder inner) : ITrainableDecoder, IDeformer
    {
        public int LatentDimension => inner.LatentDimension;

        public int GaussianCount => inner.GaussianCount;

        public int ControlCount => inner.Deformer.ControlCount;

        public IReadOnlyList<WeightBlock> Weights => inner.Weights;

        public IDeformer Deformer => this;

        public IBatchPass CreatePass() => inner.CreatePass();

        public ITrainableDecoder On(GaussianModel model, ReadOnlyMemory<float> focus) => inner.On(model, focus);

        public void Transform(ReadOnlySpan<double> matrix) => inner.Transform(matrix);

        public void Velocities(ReadOnlySpan<float> latent, IReadOnlyList<ModelDeformation> columns) => inner.Velocities(latent, columns);

        public void Apply(ReadOnlySpan<float> controls, ModelDeformation result) => inner.Deformer.Apply(controls, result);

        public void Velocity(ReadOnlySpan<float> controls, ReadOnlySpan<float> rates, ModelDeformation result) =>
            inner.Deformer.Velocity(controls, rates, result);

        public void PullToControls(ReadOnlySpan<float> controls, ModelGradient<float> gradient, Span<float> result)
        {
            inner.Deformer.PullToControls(controls, gradient, result);
            foreach (ref var r in result)
            {
                r *= 1.1f;
            }
        }
    }
}
