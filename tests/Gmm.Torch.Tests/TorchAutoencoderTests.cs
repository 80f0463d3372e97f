using Gmm.Core;
using Gmm.Heterogeneity;

namespace Gmm.Torch.Tests;

public sealed class TorchAutoencoderTests : IDisposable
{
    private const int Latent = 3;
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-torch").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [TorchTheory]
    [InlineData("anchors", false, true)]
    [InlineData("anchors", true, false)]
    [InlineData("mlp", false, true)]
    [InlineData("rigid", false, true)]
    public void The_forward_pass_equals_the_managed_checkpoints(string kind, bool amplitudes, bool networks)
    {
        using var scope = NewDisposeScope();
        var model = Samples.Model(60);
        var path = Path.Combine(_folder, "half1.gmmae");
        var managed = Managed(model, kind, amplitudes, networks);
        AutoencoderFile.Write(path, managed);
        using var tensors = TorchAutoencoder.Read(path, model);

        var random = new Random(9);
        var features = new float[5 * managed.Encoder.FeatureCount];
        Fill(random, features, 2);
        var encoded = managed.Encoder.CreatePass().Forward(features, 5);
        var found = tensors.Encoder.call(tensor(features).reshape(5, -1));
        Assert.InRange(Samples.RelativeError(Samples.Reals(found), Array.ConvertAll(encoded, v => (double)v)), 0, 1e-5);

        var latent = new float[4 * Latent];
        Fill(random, latent.AsSpan(Latent), 1.5f);
        var decoded = tensors.Decoder.call(tensor(latent).reshape(4, -1));
        Assert.Equal([4, 4, 60], decoded.shape);
        // Latent 0 is the neutral model, to the rounding of a product's rows.
        Assert.InRange(decoded[0].abs().max().item<float>(), 0, 1e-6);
        for (var b = 1; b < 4; b++)
        {
            var expected = new ModelDeformation(model.Count);
            managed.Decoder.Decode(latent.AsSpan(b * Latent, Latent), expected);
            double[] values = [.. Doubles(expected.X), .. Doubles(expected.Y), .. Doubles(expected.Z), .. Doubles(expected.Amplitudes)];
            Assert.InRange(Samples.RelativeError(Samples.Reals(decoded[b]), values), 0, 1e-5);
        }

        // Back to the managed format, and through torch's own.
        var again = Path.Combine(_folder, "again.gmmae");
        tensors.Write(again);
        if (networks)
        {
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
        }

        var own = Path.Combine(_folder, "own.dat");
        tensors.save(own);
        using var other = new TorchAutoencoder(Managed(model, kind, amplitudes, networks, 77));
        Assert.NotEqual(Samples.Reals(decoded), Samples.Reals(other.Decoder.call(tensor(latent).reshape(4, -1))));
        other.load(own);
        Assert.Equal(Samples.Reals(decoded), Samples.Reals(other.Decoder.call(tensor(latent).reshape(4, -1))));
    }

    [TorchFact]
    public void Deformed_models_project_as_the_managed_conformers_do()
    {
        using var scope = NewDisposeScope();
        var model = Samples.Model(60);
        var managed = Managed(model, "anchors", true, true);
        using var tensors = new TorchAutoencoder(managed);
        using var gaussians = GaussianTensors.From(model);
        var disc = new FourierDisc(Samples.BoxLength, 18);
        using var projector = new TorchProjector(disc, new TorchProjectorOptions { MemoryBytes = 1 << 20 });
        var poses = Samples.Poses(3);
        var latent = tensor(new[] { 1f, 0, 0, 0, -1, 0.5f, 0.3f, 0.2f, -2 }).reshape(3, 3);
        Tensor rotations = TorchRotations.Rotations(poses, dtype: ScalarType.Float32), shifts = TorchRotations.Shifts(poses, dtype: ScalarType.Float32);
        var deformations = tensors.Decoder.call(latent);
        var discs = projector.ProjectDeformed(gaussians, deformations, rotations, shifts);
        using var no = no_grad();
        var inPieces = projector.ProjectDeformed(gaussians, deformations, rotations, shifts);
        for (var b = 0; b < 3; b++)
        {
            var deformation = new ModelDeformation(model.Count);
            managed.Decoder.Decode(TensorMemory.Read<float>(latent[b]), deformation);
            var expected = Samples.Exact(deformation.Apply(model), disc, poses[b]);
            Assert.InRange(Samples.RingError(disc, Samples.Values(discs[b]), expected), 0, 1e-5);
            Assert.InRange(Samples.RingError(disc, Samples.Values(inPieces[b]), expected), 0, 1e-5);
        }
    }

    [TorchFact]
    public void Torchs_Adam_raises_the_gain_and_tensors_stay_flat()
    {
        var set = new SimulatedImages(24, noise: 20, wrongDegrees: 0);
        manual_seed(3);
        using var reference = TorchPoseReference.From(set.Reference(set.Whitened), CPU, new TorchProjectorOptions { Form = ProjectionForm.Direct });
        using var autoencoder = new TorchAutoencoder(Managed(set.Model, "anchors", false, true));
        var low = new FourierDisc(Samples.BoxLength, 11);
        using var lowScorer = new TorchRingCorrelationScorer(low);
        using var whole = NewDisposeScope();
        Tensor rotations = TorchRotations.Rotations(set.True, dtype: ScalarType.Float32), shifts = TorchRotations.Shifts(set.True, dtype: ScalarType.Float32);
        var (discs, transfers) = set.Tensors();
        using var images = reference.Scorer.Prepare(discs, transfers);
        using var lowImages = lowScorer.Prepare(discs.narrow(1, 0, low.Count), transfers.narrow(1, 0, low.Count));
        var features = autoencoder.Features(reference, images, lowScorer, lowImages, rotations, shifts);
        Assert.Equal([24, autoencoder.Encoder.FeatureCount], features.shape);
        features = features / features.abs().mean();
        using var adam = optim.Adam(autoencoder.parameters(), 3e-3);
        var noise = zeros(24, Latent);
        var gains = new List<double>();
        var live = new List<long>();
        for (var step = 0; step < 25; step++)
        {
            using (var scope = NewDisposeScope())
            {
                adam.zero_grad();
                var gain = autoencoder.Gain(reference, images, features, rotations, shifts, noise).mean();
                (-gain).backward();
                adam.step();
                gains.Add(gain.item<float>());
            }

            live.Add(Tensor.TotalCount);
        }

        // Random weights deform images that hold no motion: training must undo it, and the best there is, is about 0.
        Assert.InRange(gains[^1], 0.5 * gains[0], 5);
        Assert.Single(live.Skip(5).Distinct());
    }

    [TorchFact]
    public void A_decoder_that_has_no_form_on_tensors_is_named()
    {
        var model = Samples.Model(20);
        var design = new AutoencoderDesign
        {
            Half = 1,
            LatentDimension = 2,
            Resolution = 5,
            Decoder = Decoders.OfDeformer("mine", _ => Managed(model, "rigid", false, true).Decoder.Deformer),
            Encoder = Encoders.Dense(),
        };
        var error = Assert.Throws<NotSupportedException>(() => new TorchAutoencoder(Autoencoder.Create(model, design)));
        Assert.Contains("The decoder mine", error.Message, StringComparison.Ordinal);
    }

    [TorchFact]
    public void Features_equal_the_managed_gradients_at_the_anchors()
    {
        using var scope = NewDisposeScope();
        var set = new SimulatedImages(3);
        using var reference = TorchPoseReference.From(set.Reference(set.Whitened), CPU, new TorchProjectorOptions { Form = ProjectionForm.Direct });
        var managed = Managed(set.Model, "anchors", false, true);
        using var autoencoder = new TorchAutoencoder(managed);
        var (discs, transfers) = set.Tensors();
        using var images = reference.Scorer.Prepare(discs, transfers);
        Tensor rotations = TorchRotations.Rotations(set.True, dtype: ScalarType.Float32), shifts = TorchRotations.Shifts(set.True, dtype: ScalarType.Float32);
        // The same scorer twice: both halves of the features are its gradient.
        var features = autoencoder.Features(reference, images, reference.Scorer, images, rotations, shifts);
        var projector = new GriddingProjector(set.Model, set.Disc, 1e-6);
        var n = managed.Features.ControlCount;
        for (var b = 0; b < 3; b++)
        {
            float[] re = new float[set.Disc.Count], im = new float[set.Disc.Count], expected = new float[n];
            projector.Project(set.True[b], re, im, projector.CreateScratch());
            ((WhitenedImage)set.Prepared(set.Whitened, b)).Differentiate(re, im);
            var gradient = new ModelGradient<float>(set.Model.Count);
            projector.VectorJacobianProduct(set.True[b], re, im, gradient, new float[5], projector.CreateScratch());
            managed.Features.PullToControls([], gradient, expected);
            var row = Samples.Reals(features[b]);
            Assert.InRange(Samples.RelativeError(row.AsSpan(0, n), Doubles(expected)), 0, 1e-3);
            Assert.InRange(Samples.RelativeError(row.AsSpan(n, n), Doubles(expected)), 0, 1e-3);
            Assert.Equal(set.True[b].Rotation.M21, row[(2 * n) + 1], 1e-6);
        }
    }

    private static double[] Doubles(ReadOnlySpan<float> values) => Array.ConvertAll(values.ToArray(), v => (double)v);

    private static void Fill(Random random, Span<float> values, float scale)
    {
        foreach (ref var v in values)
        {
            v = scale * (float)((2 * random.NextDouble()) - 1);
        }
    }

    private static Autoencoder Managed(GaussianModel model, string kind, bool amplitudes, bool networks, int seed = 5)
    {
        var random = new Random(seed);
        var features = (2 * (amplitudes ? 4 : 3) * 8) + 3;
        float[] mean = new float[features], sd = new float[features];
        Fill(random, mean, 1);
        Array.Fill(sd, 0.7f);
        var design = new AutoencoderDesign
        {
            Half = 1,
            LatentDimension = Latent,
            Resolution = 5,
            Decoder = kind switch { "anchors" => Decoders.Anchors(amplitudes, [8, 12]), "rigid" => Decoders.Rigid([8, 12]), _ => Decoders.Free([8, 12]) },
            Encoder = Encoders.Dense([16, 8]),
        };
        // What lies at x below 0 moves less.
        const int size = 60;
        var voxels = Enumerable.Range(0, size * size * size).Select(i => i % size < size / 2 ? 0.3f : 1f).ToArray();
        var result = Autoencoder.Create(model, design, 8, new SolventMask(size, 1.5, voxels), mean, sd, 1);
        Assert.InRange(result.FocusWeights.ToArray().Count(w => w < 1), 1, model.Count - 1);
        result.UsesNetworks = networks;
        foreach (var part in result.Encoder.Weights.Concat(result.Decoder.Weights))
        {
            Fill(random, part.Values, 0.3f);
        }

        return result;
    }
}
