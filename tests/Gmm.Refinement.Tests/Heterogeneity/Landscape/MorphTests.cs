using System.Buffers.Binary;
using System.Text;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Refinement.Tests;

/// <summary>Atoms that follow Gaussians, how far residues go, and the files that show it.</summary>
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
        var model = TestModel("ATOM      1  N   LYS H 205      10.000   0.000   0.000  1.00 20.00           N", "ATOM      2  CA  LYS H 205      11.000   0.000   0.000  1.00 20.00           C", "ATOM      3  N   ALA H 206      12.000   0.000   0.000  1.00 20.00           N");
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

    [Fact]
    public void An_animation_is_a_PNG_with_all_frames_there_and_back()
    {
        static ImageGrid Frame(float value) => new(string.Empty, [new ImagePanel("view", [0, value, 0, 1], 2, 2) { Limits = (0, 1) }], 1, 40);
        var bytes = AnimatedPng.Encode([Frame(0), Frame(0.5f), Frame(1)], 120, thereAndBack: true, 1);
        var first = new PngReader(bytes);
        Assert.Equal((64, 78), (first.Width, first.Height));
        var controls = new List<(int Sequence, int Width, int Delay)>();
        var (frames, data) = (0, 0);
        for (var at = 8; at < bytes.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            var body = bytes.AsSpan(at + 8, length);
            switch (Encoding.ASCII.GetString(bytes, at + 4, 4))
            {
                case "acTL":
                    frames = BinaryPrimitives.ReadInt32BigEndian(body);
                    break;
                case "fcTL":
                    controls.Add((BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]), BinaryPrimitives.ReadUInt16BigEndian(body[20..])));
                    break;
                case "fdAT":
                    Assert.Equal(controls[^1].Sequence + 1, BinaryPrimitives.ReadInt32BigEndian(body));
                    data++;
                    break;
            }

            at += 12 + length;
        }

        // 1 2 3 2: sequence numbers of controls and data together run without a gap.
        Assert.Equal((4, 3), (frames, data));
        Assert.Equal([(0, 64, 120), (1, 64, 120), (3, 64, 120), (5, 64, 120)], controls);
        Assert.Throws<ArgumentException>(() => AnimatedPng.Encode([], 100, true, 1));
    }

    [Fact]
    public void A_movie_shows_the_views_by_the_projector_in_one_range_of_grey()
    {
        var moved = Move((x, y, z) => (10, 0, 0)).Apply(Body);
        var movie = MotionMovie.Create("motion", [("1 of 2", Body), ("2 of 2", moved)], 10, 64);
        Assert.Equal(2, movie.Count);
        Assert.Equal(3, movie[0].Panels.Count);
        Assert.Equal(movie[0].Panels[0].Limits, movie[1].Panels[0].Limits);

        // The centre of mass moves by 10 A along x in the views along z and y, and not in that along x, whose horizontal axis is y.
        for (var v = 0; v < 3; v++)
        {
            var shift = CentreX(movie[1].Panels[v]) - CentreX(movie[0].Panels[v]);
            Assert.Equal(v == 2 ? 0 : 10, shift * Body.PixelSize, 0.3);
        }
    }

    [Fact]
    public void Density_has_every_point_in_one_cell_and_scripts_name_files_beside_them()
    {
        double[] x = [0, 0.1, 5, double.NaN], y = [0, 0.1, 5, 1];
        var chart = new DensityChart("density", new ChartAxis("x"), new ChartAxis("y"), x, y, [new ChartSeries("row", [0, 5], [0, 5]) { Markers = true }]) { Cells = 10 };
        var counts = chart.Counts([(0, 0), (0.1, 0.1), (5, 5)], AxisScale.Create(new ChartAxis("x"), 0, 5), AxisScale.Create(new ChartAxis("y"), 0, 5));
        Assert.Equal((2, 1, 3), (counts[0], counts[99], counts.Sum()));
        Assert.Contains("row", chart.ToSvg(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new DensityChart("none", new ChartAxis("x"), new ChartAxis("y"), [double.NaN], [1]));

        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            MotionScript.WriteModels(Path.Combine(folder, "m.cxc"), [Path.Combine(folder, "a.cif"), Path.Combine(folder, "b.cif")], "what moves");
            var text = File.ReadAllText(Path.Combine(folder, "m.cxc"));
            Assert.StartsWith("# what moves\n", text, StringComparison.Ordinal);
            Assert.Contains("open \"a.cif\"\nopen \"b.cif\"\n", text, StringComparison.Ordinal);
            Assert.Contains("morph #1-2 ", text, StringComparison.Ordinal);
            Assert.Contains("coordset #3 1,", text, StringComparison.Ordinal);
            MotionScript.WriteMaps(Path.Combine(folder, "v.cxc"), [Path.Combine(folder, "a.mrc"), Path.Combine(folder, "b.mrc")]);
            Assert.Contains("open \"a.mrc\" \"b.mrc\" vseries true", File.ReadAllText(Path.Combine(folder, "v.cxc")), StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => MotionScript.WriteMaps(Path.Combine(folder, "w.cxc"), []));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double CentreX(ImagePanel panel)
    {
        double sum = 0, total = 0;
        for (var i = 0; i < panel.Pixels.Length; i++)
        {
            (sum, total) = (sum + (panel.Pixels[i] * (i % panel.Columns)), total + panel.Pixels[i]);
        }

        return sum / total;
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
