using Gmm.Core;
using Gmm.IO;

namespace Gmm.Heterogeneity.Tests;

/// <summary>Atoms that follow Gaussians, and how far residues go.</summary>
public class MorphTests
{
    private static readonly GaussianModel Body = MadeDecoder.Ball(600, 25, (5, 0, 0), 215, 31);

    [Fact]
    public void A_shift_is_carried_over_exactly_and_a_turn_nearly()
    {
        var atoms = MadeDecoder.Ball(100, 22, (5, 0, 0), 215, 32);
        var morph = new ModelMorph(Body, Doubles(atoms.X), Doubles(atoms.Y), Doubles(atoms.Z));
        Assert.Equal(0, morph.FarCount);
        var (x, y, z) = morph.Apply(Move((px, py, pz) => (1, -2, 3)));
        for (var i = 0; i < atoms.Count; i++)
        {
            Assert.Equal((1, -2, 3), (Math.Round(x[i], 5), Math.Round(y[i], 5), Math.Round(z[i], 5)));
        }

        // A turn of 10 degrees moves the border by 4 A; the mean over neighbours may miss that by little.
        var turn = Rotation.FromRotationVector(0, 0, Math.PI / 18);
        (x, y, z) = morph.Apply(Move((px, py, pz) =>
        {
            var (u, v, w) = turn.Apply(px, py, pz);
            return (u - px, v - py, w - pz);
        }));
        double sum = 0;
        for (var i = 0; i < atoms.Count; i++)
        {
            var (u, v, w) = turn.Apply(atoms.X[i], atoms.Y[i], atoms.Z[i]);
            sum += Math.Pow(atoms.X[i] + x[i] - u, 2) + Math.Pow(atoms.Y[i] + y[i] - v, 2) + Math.Pow(atoms.Z[i] + z[i] - w, 2);
        }

        Assert.InRange(Math.Sqrt(sum / atoms.Count), 0, 0.4);
    }

    [Fact]
    public void An_atom_far_from_all_Gaussians_moves_as_the_nearest_and_is_counted()
    {
        var morph = new ModelMorph(Body, [5, 100], [0, 0], [0, 0], reach: 3);
        Assert.Equal(1, morph.FarCount);
        Assert.True(morph.IsFar(1) && !morph.IsFar(0));
        var nearest = Enumerable.Range(0, Body.Count).MinBy(j => Math.Pow(Body.X[j] - 100, 2) + Math.Pow(Body.Y[j], 2) + Math.Pow(Body.Z[j], 2));
        var moves = Move((x, y, z) => (x, 0, 0));
        Assert.Equal(moves.X[nearest], morph.Apply(moves).X[1], 1e-6);
    }

    [Fact]
    public void The_way_of_a_residue_is_measured_at_its_alpha_carbon()
    {
        var model = TestModel(
            "ATOM      1  N   LYS H 205      10.000   0.000   0.000  1.00 20.00           N",
            "ATOM      2  CA  LYS H 205      11.000   0.000   0.000  1.00 20.00           C",
            "ATOM      3  N   ALA H 206      12.000   0.000   0.000  1.00 20.00           N");
        (double[] X, double[] Y, double[] Z) At(double x, double y) => ([0, x, 1], [0, y, 0], [0, 0, 0]);
        var all = ResidueMovement.Measure(model, [At(0, 0), At(3, 4), At(3, 0)]);
        Assert.Equal(2, all.Count);
        var lysine = ResidueMovement.Find(all, "H", "205")!;
        Assert.Equal(("LYS", 9.0, 3.0, 5.0), (lysine.Name, lysine.PathAngstrom, lysine.EndToEndAngstrom, lysine.MostAngstrom));
        Assert.Equal(0, all[1].PathAngstrom);
        Assert.Null(ResidueMovement.Find(all, "A", "205"));
        var moved = model.WithCoordinates([1, 2, 3], [4, 5, 6], [7, 8, 9]);
        Assert.Equal((2.0, 5.0, 8.0, "CA"), (moved.X[1], moved.Y[1], moved.Z[1], moved.AtomNames[1]));
        Assert.Throws<ArgumentException>(() => model.WithCoordinates([1], [1], [1]));
    }

    private static ModelDeformation Move(Func<double, double, double, (double X, double Y, double Z)> displacement)
    {
        var result = new ModelDeformation(Body.Count);
        for (var j = 0; j < Body.Count; j++)
        {
            var (x, y, z) = displacement(Body.X[j], Body.Y[j], Body.Z[j]);
            (result.X[j], result.Y[j], result.Z[j]) = ((float)x, (float)y, (float)z);
        }

        return result;
    }

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = values[i];
        }

        return result;
    }

    private static AtomicModel TestModel(params string[] lines)
    {
        var file = Path.ChangeExtension(Path.GetTempFileName(), ".pdb");
        try
        {
            File.WriteAllLines(file, [.. lines, "END"]);
            return AtomicModelFile.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
