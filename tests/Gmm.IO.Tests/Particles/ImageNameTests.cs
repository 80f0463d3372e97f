using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>How rlnImageName may name an image, and when two names are one image.</summary>
public sealed class ImageNameTests : IDisposable
{
    private const string Header = "data_\n\nloop_\n_rlnImageName\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnImagePixelSize\n"
        + "_rlnDefocusU\n_rlnDefocusV\n_rlnDefocusAngle\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n_rlnOriginX\n_rlnOriginY\n_rlnRandomSubset\n";
    private readonly TestFolder _folder = new();

    public ImageNameTests()
    {
        _folder.Stack("s.mrcs", 4);
        Directory.CreateDirectory(_folder["J5/extract"]);
        _folder.Stack("J5/extract/x.mrc", 3);
    }

    [Theory]
    [InlineData("000002@J5/extract/x.mrc:mrcs")]
    [InlineData("000002@J5/extract/x.mrc:MRCS")]
    [InlineData("000002@>J5/extract/x.mrc")]
    [InlineData("2@>J5/extract/x.mrc:mrcs")]
    [InlineData("000002@./J5/../J5/extract/x.mrc")]
    public void What_programs_put_around_a_path_is_taken_off(string name)
    {
        using var p = Open((name, 1), ("1@s.mrcs", 2));
        var image = new float[64];
        p.ReadImage(0, image);
        Assert.Equal(1000, image[0]);
        Assert.Empty(p.Warnings);

        // The name is the user's: it is written as it was.
        p.WriteStar(_folder["out.star"], [.. p.Particles.Select(q => q.Pose)]);
        Assert.Equal(name, StarFile.Read(_folder["out.star"]).Blocks[0].Table!.GetText(0, "rlnImageName"));
    }

    [Fact]
    public void A_name_without_a_number_is_an_image_only_where_there_is_one()
    {
        _folder.Stack("one.mrc", 1);
        using var p = Open(("one.mrc", 1), ("1@s.mrcs", 2));
        p.ReadImage(0, new float[64]);
        TestFolder.Fails(
            () => Open(("1@s.mrcs", 1), ("s.mrcs", 2)).Dispose(), "p.star, row 19, rlnImageName: s.mrcs has 4 sections", "000001@s.mrcs is the first",
            "ubtomograms");
    }

    [Theory]
    [InlineData("1@./J5/../s.mrcs")]
    [InlineData("000001@link.mrcs")]
    [InlineData("1@far/s.mrcs")]
    [InlineData("1@>s.mrcs:mrcs")]
    public void One_image_in_both_halves_is_told_however_it_is_spelled(string other)
    {
        File.CreateSymbolicLink(_folder["hop.mrcs"], "s.mrcs");
        File.CreateSymbolicLink(_folder["link.mrcs"], _folder["hop.mrcs"]);
        Directory.CreateSymbolicLink(_folder["far"], "J5/..");
        using var p = Open(("1@s.mrcs", 1), ("2@s.mrcs", 2), (other, 2), ("2@link.mrcs", 2));
        var warning = Assert.Single(p.Warnings, w => w.Contains("both half sets", StringComparison.Ordinal));
        Assert.Contains("p.star, row 20, rlnImageName", warning, StringComparison.Ordinal);
        Assert.Contains("at row 18), as are 1 in all", warning, StringComparison.Ordinal);
        Assert.Single(p.Warnings, w => w.Contains("earlier row has too: 1, the first at row 21, rlnImageName: they count twice", StringComparison.Ordinal)
            && w.Contains("--remove_duplicates", StringComparison.Ordinal));
        TestFolder.Fails(p.RequireIndependentHalves, "p.star, row 20, rlnImageName: the image is in both half sets", "rlnRandomSubset");

        using var expanded = p.ExpandSymmetry(SymmetryGroup.Parse("C3"));
        TestFolder.Fails(expanded.RequireIndependentHalves, "both half sets");
    }

    [Fact]
    public void Copies_in_one_half_and_images_of_one_number_in_two_stacks_are_independent()
    {
        using var p = Open(("1@s.mrcs", 1), ("1@J5/extract/x.mrc", 2), ("1@./s.mrcs", 1));
        p.RequireIndependentHalves();
        using var expanded = p.ExpandSymmetry(SymmetryGroup.Parse("C2"));
        expanded.RequireIndependentHalves();
    }

    [Fact]
    public void Links_that_run_in_a_circle_end()
    {
        File.CreateSymbolicLink(_folder["a"], "b");
        File.CreateSymbolicLink(_folder["b"], "a");
        Assert.False(FilePaths.AreSame(_folder["a"], _folder["s.mrcs"]));
        Assert.True(FilePaths.AreSame(_folder["none/../s.mrcs"], _folder["s.mrcs"]));
    }

    public void Dispose() => _folder.Dispose();

    private StarParticles Open(params (string Name, int Half)[] rows)
    {
        var text = Header + string.Concat(
            rows.Select((r, i) => FormattableString.Invariant($"{r.Name} 300 2.7 0.1 2 15000 14500 10 {20 * i} 60 {100 - i} 0 0 {r.Half}\n")));
        return StarParticles.Open(_folder.Text("p.star", text), new StarParticlesOptions { Root = _folder.Root });
    }
}
