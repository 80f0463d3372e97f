using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>EMAN2's Gaussian models, in closed form, and models for viewers.</summary>
public sealed class EmanModelTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_five_columns_are_places_squared_weights_and_envelopes()
    {
        var model = EmanModelFile.Read(_folder.Text("m.txt", "# made\n0.1 -0.2 0.25 0.5 1.5\n-4.0e-01 0 0 1 1\n"), 100, 2);
        Assert.Equal((20f, 40f, -50f), (model.X[0], model.Y[0], model.Z[0]));
        Assert.Equal(0.25f, model.Amplitudes[0]);

        // exp(-0.001 w k^2) with k in Fourier pixels, 1 / 200 A apart, is the envelope exp(-2 pi^2 s^2 q^2) at q = k / 200 A.
        foreach (var k in new[] { 5.0, 20, 40 })
        {
            var q = k / 200;
            Assert.Equal(Math.Exp(-0.001 * 1.5 * k * k), Math.Exp(-2 * Math.PI * Math.PI * model.Widths[0] * model.Widths[0] * q * q), 1e-6);
        }

        // The source's own example: w = 1 in a box of 206 A is a standard deviation of 1.47 A and B 170.
        var one = EmanModelFile.Read(_folder.Text("w.txt", "0 0 0 1 1"), 206, 1);
        Assert.Equal(1.47, one.Widths[0], 5e-3);
        Assert.Equal(170, GaussianModel.BFactorOfWidth(one.Widths[0]), 0.5);
    }

    [Fact]
    public void A_model_is_the_same_after_it_was_emans()
    {
        var model = Model();
        EmanModelFile.Write(_folder["m.txt"], model, false);
        var again = EmanModelFile.Read(_folder["m.txt"], 48, 1.5);
        for (var j = 0; j < model.Count; j++)
        {
            Assert.Equal(model.X[j], again.X[j], 1e-5);
            Assert.Equal(model.Y[j], again.Y[j], 1e-5);
            Assert.Equal(model.Z[j], again.Z[j], 1e-5);
            Assert.Equal(model.Amplitudes[j] / 4, again.Amplitudes[j], 1e-6);
            Assert.Equal(model.Widths[j], again.Widths[j], 1e-6);
        }
    }

    [Theory]
    [InlineData("0 0 0 1", "4 values")]
    [InlineData("0 0 x 1 1", "z")]
    [InlineData("0 0 NaN 1 1", "z")]
    [InlineData("0 0 0 1 0", "width")]
    [InlineData("0 0 0 1 1e30", "width")]
    [InlineData("0 1e9 0 1 1", "box lengths")]
    [InlineData("0 0 0 1 1e-100", "width")]
    [InlineData("0 0 0 1e30 1", "amplitude")]
    [InlineData("# nothing", "no Gaussians")]
    public void Lines_that_cannot_be_are_told(string text, string mention) =>
        TestFolder.Fails(() => EmanModelFile.Read(_folder.Text("m.txt", text), 100, 1), "m.txt", mention);

    [Fact]
    public void Atoms_lie_where_the_map_has_the_gaussians()
    {
        foreach (var name in new[] { "m.cif", "m.pdb" })
        {
            GaussianDrawing.WriteAtoms(_folder[name], Model(), false);
            var atoms = AtomicModelFile.Read(_folder[name]);
            Assert.Equal(2, atoms.Count);
            Assert.Equal((36 + 3.5f, 36 - 2, 36 + 1.25f), (atoms.X[0], atoms.Y[0], atoms.Z[0]));
            Assert.Equal(GaussianModel.BFactorOfWidth(1.75), atoms.BFactors[0], 0.01);
            Assert.Equal(0.25, atoms.Occupancies[0], 1e-3);
        }

        GaussianDrawing.WriteBild(_folder["m.bild"], Model(), false);
        Assert.Contains(".sphere 39.500 34.000 37.250 1.750", File.ReadAllText(_folder["m.bild"]), StringComparison.Ordinal);
        TestFolder.Fails(() => GaussianDrawing.WriteAtoms(_folder["w.pdb"], new GaussianModel([0], [0], [0], [1], [4], 48, 1.5), false), ".cif");
        TestFolder.Fails(() => EmanModelFile.Write(_folder["n.txt"], new GaussianModel([0], [0], [0], [-1], [4], 48, 1.5), false), "negative");
    }

    private static GaussianModel Model() => new([3.5f, -10], [-2, 11], [1.25f, 0], [1, 4], [1.75f, 2], 48, 1.5);
}
