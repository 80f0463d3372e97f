using System.Text;
using Gmm.Core;
using Gmm.TestData;
using Xunit;

namespace Gmm.Heterogeneity.Tests;

public sealed class AutoencoderFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmmae").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData("anchors", true)]
    [InlineData("mlp", false)]
    [InlineData("rigid", false)]
    public void What_is_written_is_read_to_the_bit(string kind, bool amplitudes)
    {
        var written = DeformerTests.Make(kind, amplitudes, 2);
        var path = Path.Combine(_folder, "a.gmmae");
        AutoencoderFile.Write(path, written);
        var read = AutoencoderFile.Read(path, written.Model);
        Assert.Equal(written.CopyWeights(), read.CopyWeights());
        ModelDeformation a = new(written.Model.Count), b = new(written.Model.Count);
        written.Decoder.Decode([1, -2, 0.5f], a);
        read.Decoder.Decode([1, -2, 0.5f], b);
        Assert.Equal(a.X.ToArray(), b.X.ToArray());
        Assert.Equal(a.Amplitudes.ToArray(), b.Amplitudes.ToArray());
        Assert.Equal(written.FocusWeights.ToArray(), read.FocusWeights.ToArray());
        Assert.Equal((written.DecoderName, written.EncoderName, 3, 1), (read.DecoderName, read.EncoderName, read.LatentDimension, read.Half));
    }

    [Theory]
    [InlineData("anchors", false, 1e12f)]
    [InlineData("anchors", true, 1e38f)]
    [InlineData("mlp", false, 1e6f)]
    [InlineData("rigid", false, 1e12f)]
    public void Weights_that_throw_Gaussians_out_of_any_measure_are_refused(string kind, bool amplitudes, float weight)
    {
        var written = DeformerTests.Make(kind, amplitudes, 2);
        Array.Fill(written.Decoder.Weights[0].Values, weight);
        var path = Path.Combine(_folder, "a.gmmae");
        AutoencoderFile.Write(path, written);
        var e = Assert.Throws<InvalidInputException>(() => AutoencoderFile.Read(path, written.Model));
        Assert.Equal((path, "weights"), (e.File, e.Field));
        Assert.Contains("beyond any molecule: at the latent point (3, 0, 0)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_latent_point_that_throws_Gaussians_out_of_any_measure_is_refused()
    {
        var trained = DeformerTests.Make("anchors", false, 2);
        var deformation = new ModelDeformation(trained.Model.Count);
        Assert.Throws<InvalidInputException>(() => trained.Decoder.Decode([1e9f, 0, 0], deformation));
        Assert.Throws<InvalidInputException>(() => trained.Decoder.Decode([0, float.NaN, 0], deformation));
    }

    [Fact]
    public void Files_of_another_model_or_version_or_damaged_ones_are_refused()
    {
        var written = DeformerTests.Make("anchors", false, 2);
        var path = Path.Combine(_folder, "a.gmmae");
        AutoencoderFile.Write(path, written);
        var other = PoseTestData.Ball(300, 45, 5, 64, 2.5);
        AssertRefused(path, other, "another model");
        var bytes = File.ReadAllBytes(path);
        AssertRefused(Save(Encoding.ASCII.GetBytes("GMMAE 3\n").Concat(bytes[8..])), written.Model, "another version");
        AssertRefused(Save(Encoding.ASCII.GetBytes("MRC").Concat(bytes[3..])), written.Model, "no autoencoder file");
        AssertRefused(Save(bytes[..^40]), written.Model, "weights: the header says");
        AssertRefused(Save(bytes.Concat(new byte[4])), written.Model, "weights: the header says");
        AssertRefused(Save(bytes[..20]), written.Model, "length of the header");
        AssertRefused(Save(bytes[..12].Concat(Encoding.ASCII.GetBytes("}}")).Concat(bytes[14..])), written.Model, "is not the header of an autoencoder");
        AssertRefused(Save(bytes[..^4].Concat(BitConverter.GetBytes(float.NaN))), written.Model, "not finite");
        AssertRefused(Path.Combine(_folder, "none"), written.Model, "does not exist");
    }

    [Fact]
    public void The_table_of_latent_points_is_read_as_written()
    {
        var table = new LatentTable(["1@a.mrcs", "2@a.mrcs"], [1, 2], [[0.5f, -1], [2, 0.25f]], [[0.1f, 0.2f], [0.3f, 0.4f]]);
        var path = Path.Combine(_folder, "latent.star");
        table.Write(path);
        var read = LatentTable.Read(path);
        Assert.Equal(table.ImageNames, read.ImageNames);
        Assert.Equal(table.Halves, read.Halves);
        Assert.Equal(table.Points, read.Points);
        Assert.Equal(table.Sigmas, read.Sigmas);
        Assert.Contains("_gmmLatentSigma2", File.ReadAllText(path), StringComparison.Ordinal);
        table.Write(path, true, ["/images/of"]);
        Assert.Contains("# gmm image root: /images/of", File.ReadAllText(path), StringComparison.Ordinal);
        File.WriteAllText(path, "data_particles\n\nloop_\n_rlnImageName #1\n1@a.mrcs\n");
        Assert.Throws<InvalidInputException>(() => LatentTable.Read(path));
    }

    private static void AssertRefused(string path, GaussianModel model, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidInputException>(() => AutoencoderFile.Read(path, model)).Message, StringComparison.Ordinal);

    private string Save(IEnumerable<byte> bytes)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, [.. bytes]);
        return path;
    }
}
