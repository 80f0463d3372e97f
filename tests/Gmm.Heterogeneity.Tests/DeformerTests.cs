using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;
using Xunit;

namespace Gmm.Heterogeneity.Tests;

/// <summary>From controls and latent points to Gaussians and back, against finite differences and exact motions.</summary>
public class DeformerTests
{
    private static readonly GaussianModel Model = PoseTestData.Ball(300, 45, 4, 64, 2.5);
    private static readonly float[] Mask = [.. Enumerable.Range(0, Model.Count).Select(j => Math.Clamp((Model.X[j] + 30) / 40, 0, 1))];

    [Theory]
    [InlineData("anchors", false)]
    [InlineData("anchors", true)]
    [InlineData("mlp", false)]
    [InlineData("rigid", false)]
    public void Pull_backs_and_velocities_are_finite_differences(string kind, bool amplitudes)
    {
        var autoencoder = Make(kind, amplitudes, seed: 3);
        var decoder = autoencoder.Decoder;
        float[] z = [0.7f, -1.1f, 0.4f];
        var random = new Random(8);
        var weights = new ModelGradient<float>(Model.Count);
        for (var j = 0; j < Model.Count; j++)
        {
            (weights.X[j], weights.Y[j], weights.Z[j]) = (Uniform(random), Uniform(random), Uniform(random));
            weights.Amplitudes[j] = amplitudes ? Uniform(random) : 0;
        }

        float[] pulled = new float[3];
        decoder.PullBack(z, weights, pulled);
        ModelDeformation[] columns = [new(Model.Count), new(Model.Count), new(Model.Count)];
        decoder.Velocities(z, columns);
        for (var k = 0; k < 3; k++)
        {
            var n = Model.Count;
            var slopes = FiniteDifference.Slopes(
                h =>
                {
                    var d = At(decoder, z, k, (float)h);
                    return [.. new[] { d.X.ToArray(), d.Y.ToArray(), d.Z.ToArray(), d.Amplitudes.ToArray() }.SelectMany(v => v).Select(v => (double)v)];
                }, 5e-3);
            double expected = 0, scale = 0;
            for (var j = 0; j < n; j++)
            {
                double dx = slopes[j], dy = slopes[n + j], dz = slopes[(2 * n) + j], da = slopes[(3 * n) + j];
                Assert.Equal(dx, columns[k].X[j], 2e-2);
                Assert.Equal(dy, columns[k].Y[j], 2e-2);
                Assert.Equal(dz, columns[k].Z[j], 2e-2);
                Assert.Equal(da, columns[k].Amplitudes[j], 1e-2);
                expected += (dx * weights.X[j]) + (dy * weights.Y[j]) + (dz * weights.Z[j]) + (da * weights.Amplitudes[j]);
                scale += Math.Abs(dx) + Math.Abs(dy) + Math.Abs(dz);
            }

            Assert.Equal(expected, pulled[k], 2e-3 * scale);
        }
    }

    [Theory]
    [InlineData("anchors")]
    [InlineData("mlp")]
    [InlineData("rigid")]
    public void The_latent_point_zero_is_the_neutral_model(string kind)
    {
        var deformation = new ModelDeformation(Model.Count);
        Make(kind, false, seed: 5).Decoder.Decode([0, 0, 0], deformation);
        Assert.All(deformation.X.ToArray().Concat(deformation.Y.ToArray()).Concat(deformation.Z.ToArray()), v => Assert.Equal(0, v));
        Assert.NotEqual(0, At(Make(kind, false, seed: 5).Decoder, [0, 0, 0], 0, 1).X.ToArray().Max());
    }

    [Theory]
    [InlineData("anchors")]
    [InlineData("mlp")]
    [InlineData("rigid")]
    public void What_the_mask_leaves_out_does_not_move(string kind)
    {
        var deformation = At(Make(kind, false, seed: 6).Decoder, [0, 0, 0], 1, 2);
        for (var j = 0; j < Model.Count; j++)
        {
            if (Mask[j] == 0)
            {
                Assert.Equal((0, 0, 0), (deformation.X[j], deformation.Y[j], deformation.Z[j]));
            }
        }

        Assert.Contains(Mask, m => m == 0);
    }

    [Fact]
    public void Anchors_carry_a_shift_exactly_and_a_rotation_nearly()
    {
        var ones = Enumerable.Repeat(1f, Model.Count).ToArray();
        var anchors = AnchorSet.Place(Model, 24, ones, 1);
        var deformer = new AnchorDeformer(Model, anchors, ones, false);
        var controls = new float[72];
        var deformation = new ModelDeformation(Model.Count);
        Array.Fill(controls, 2.5f, 24, 24);
        deformer.Apply(controls, deformation);
        Assert.All(deformation.Y.ToArray(), v => Assert.Equal(2.5, v, 1e-4));

        // A rotation by 0.1 about z moves the outermost Gaussian by 4.5 A.
        for (var a = 0; a < 24; a++)
        {
            (controls[a], controls[24 + a], controls[48 + a]) = (-0.1f * anchors.Y[a], 0.1f * anchors.X[a], 0);
        }

        deformer.Apply(controls, deformation);
        double error = 0, size = 0;
        for (var j = 0; j < Model.Count; j++)
        {
            error += Math.Pow(deformation.X[j] + (0.1 * Model.Y[j]), 2) + Math.Pow(deformation.Y[j] - (0.1 * Model.X[j]), 2) + Math.Pow(deformation.Z[j], 2);
            size += 0.01 * ((Model.X[j] * Model.X[j]) + (Model.Y[j] * Model.Y[j]));
        }

        Assert.True(Math.Sqrt(error / size) < 0.1, $"{Math.Sqrt(error / size)}");
    }

    [Fact]
    public void Motion_does_not_depend_on_how_dense_anchors_are()
    {
        // Every anchor twice, all moving alike: twice the anchors, the same motion.
        var ones = Enumerable.Repeat(1f, Model.Count).ToArray();
        var once = AnchorSet.Place(Model, 12, ones, 1);
        var twice = new AnchorSet([.. once.X, .. once.X], [.. once.Y, .. once.Y], [.. once.Z, .. once.Z], once.Width);
        ModelDeformation a = new(Model.Count), b = new(Model.Count);
        float[] controls = [.. Enumerable.Range(0, 36).Select(i => MathF.Sin(i))];
        float[] doubled = [.. controls[..12], .. controls[..12], .. controls[12..24], .. controls[12..24], .. controls[24..], .. controls[24..]];
        new AnchorDeformer(Model, once, ones, false).Apply(controls, a);
        new AnchorDeformer(Model, twice, ones, false).Apply(doubled, b);
        for (var j = 0; j < Model.Count; j++)
        {
            Assert.Equal(a.X[j], b.X[j], 1e-4);
            Assert.Equal(a.Z[j], b.Z[j], 1e-4);
        }
    }

    [Fact]
    public void The_rigid_decoder_keeps_distances()
    {
        var ones = Enumerable.Repeat(1f, Model.Count).ToArray();
        var deformation = new ModelDeformation(Model.Count);
        new RigidDeformer(Model, ones).Apply([20, -10, 5, 3, 2, 1], deformation);
        var moved = deformation.Apply(Model);
        static double Distance(GaussianModel m, int i, int j) =>
            Math.Sqrt(Math.Pow(m.X[i] - m.X[j], 2) + Math.Pow(m.Y[i] - m.Y[j], 2) + Math.Pow(m.Z[i] - m.Z[j], 2));
        for (var j = 1; j < Model.Count; j++)
        {
            Assert.Equal(Distance(Model, 0, j), Distance(moved, 0, j), 1e-3);
        }

        Assert.True(Math.Abs(moved.X[0] - Model.X[0]) > 0.1);
    }

    [Fact]
    public void Small_rigid_motions_are_fitted()
    {
        IDeformer deformer = new RigidDeformer(Model, Mask);
        float[] controls = [0.02f, -0.01f, 0.03f, 0.2f, -0.1f, 0.3f], found = new float[6];
        var deformation = new ModelDeformation(Model.Count);
        deformer.Apply(controls, deformation);
        deformer.Fit(deformation, found);
        for (var k = 0; k < 6; k++)
        {
            Assert.Equal(controls[k], found[k], 1e-3);
        }
    }

    internal static IDecoderFactory Factory(string kind, bool amplitudes = false, int[]? hidden = null) => kind switch
    {
        "anchors" => Decoders.Anchors(amplitudes, hidden),
        "mlp" => Decoders.Free(hidden),
        "rigid" => Decoders.Rigid(hidden),
        _ => throw new ArgumentException(kind, nameof(kind)),
    };

    internal static Autoencoder Make(string kind, bool amplitudes, int seed)
    {
        var design = new AutoencoderDesign
        {
            Half = 1,
            LatentDimension = 3,
            Resolution = 7,
            Decoder = Factory(kind, amplitudes, [12, 10]),
            Encoder = Encoders.Dense([16, 8]),
        };
        var anchors = AnchorSet.Place(Model, 12, Mask, 1);
        var features = (2 * 12 * (amplitudes ? 4 : 3)) + 3;
        var result = Autoencoder.Create(Model, design, anchors, Mask, new float[features], Enumerable.Repeat(1f, features).ToArray());
        var random = new Random(seed);
        foreach (var part in result.Weights)
        {
            for (var i = 0; i < part.Values.Length; i++)
            {
                part.Values[i] = 0.5f * Uniform(random);
            }
        }

        result.UsesNetworks = true;
        return result;
    }

    private static ModelDeformation At(IDeformationDecoder decoder, float[] latent, int coordinate, float step)
    {
        var point = (float[])latent.Clone();
        point[coordinate] += step;
        var result = new ModelDeformation(Model.Count);
        decoder.Decode(point, result);
        return result;
    }

    private static float Uniform(Random random) => (float)((2 * random.NextDouble()) - 1);
}
