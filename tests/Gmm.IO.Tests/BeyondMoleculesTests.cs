using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Numbers that a file can hold and no molecule has: refused when they are read, with row and field.</summary>
public sealed class BeyondMoleculesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-beyond").FullName;

    public static TheoryData<string> Models => Files("oob_model_*.star");

    public static TheoryData<string> Particles => Files("oob_origin*.star");

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [MemberData(nameof(Models))]
    public void Centres_of_many_boxes_are_refused(string path)
    {
        var e = Assert.Throws<InvalidInputException>(() => GaussianModelFile.Read(path));
        // Line 15 has the Gaussian; its first column that is beyond is named.
        Assert.Equal((path, 15L), (e.File, e.Row));
        Assert.StartsWith("gmmCentre", e.Field, StringComparison.Ordinal);
        Assert.Contains("beyond any molecule", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Particles))]
    public void Origins_of_many_boxes_are_refused(string path)
    {
        var e = Assert.Throws<InvalidInputException>(() => StarParticles.Open(path, new StarParticlesOptions { RequireImages = false }));
        Assert.Equal((path, 43L), (e.File, e.Row));
        Assert.Equal(path.Contains("origin12", StringComparison.Ordinal) ? "rlnOriginXAngst" : "rlnOriginYAngst", e.Field);
        Assert.Contains("no place in an image", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 0 0 1 231", "gmmWidth")]
    [InlineData("0 0 0 1 1e30", "gmmWidth")]
    [InlineData("0 0 0 1e16 6", "gmmAmplitude")]
    [InlineData("0 0 0 -1e38 6", "gmmAmplitude")]
    [InlineData("0 0 -23041 1 6", "gmmCentreZ")]
    [InlineData("0 0 0 1 1e-50", "gmmWidth")]
    [InlineData("nan 0 0 1 1", "gmmCentreX")]
    public void Gaussians_beyond_any_molecule_are_refused(string row, string field)
    {
        var e = Assert.Throws<InvalidInputException>(() => GaussianModelFile.Read(Model("32", "7.2", row)));
        Assert.Equal((13L, field), (e.Row, e.Field));
    }

    [Theory]
    [InlineData("32", "1e5", "gmmPixelSize")]
    [InlineData("32", "1e-9", "gmmPixelSize")]
    [InlineData("2147483647", "1", "gmmBoxSize")]
    public void Boxes_beyond_any_map_are_refused(string box, string pixel, string field)
    {
        var e = Assert.Throws<InvalidInputException>(() => GaussianModelFile.Read(Model(box, pixel, "0 0 0 1 1")));
        Assert.Equal(field, e.Field);
    }

    [Fact]
    public void What_is_just_within_is_read()
    {
        var model = GaussianModelFile.Read(Model("32", "7.2", "23039 -23039 23039 1e15 230"));
        Assert.Equal((23039f, -23039f, 1e15f, 230f), (model.X[0], model.Y[0], model.Amplitudes[0], model.Widths[0]));
    }

    private static TheoryData<string> Files(string pattern)
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Data", "hostile"), pattern).Order(StringComparer.Ordinal).ToArray();
        Assert.True(files.Length >= 13);
        return new TheoryData<string>(files);
    }

    private string Model(string box, string pixel, string row)
    {
        var path = Path.Combine(_folder, "model.star");
        File.WriteAllText(path, $"data_gmm_general\n_gmmFormatVersion 1\n_gmmBoxSize {box}\n_gmmPixelSize {pixel}\n\ndata_gmm_gaussians\nloop_\n"
            + $"_gmmCentreX\n_gmmCentreY\n_gmmCentreZ\n_gmmAmplitude\n_gmmWidth\n{row}\n");
        return path;
    }
}
