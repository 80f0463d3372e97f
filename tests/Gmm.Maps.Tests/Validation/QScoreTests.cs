using System.Globalization;
using System.IO.Compression;
using Gmm.Core;
using Gmm.IO;
using Gmm.TestData;

namespace Gmm.Maps.Tests;

public sealed class QScoreTests
{
    private static readonly ComputeOptions Two = new() { Threads = 2 };
    private static readonly string Data = Path.Combine(AppContext.BaseDirectory, "Data");
    private static readonly string ModelPath = Path.Combine(Data, "7cec_A_mapq.cif.gz");

    [Fact]
    public void Scores_of_7CEC_are_those_of_MapQ()
    {
        var result = QScore.Calculate(MrcFile.ReadVolume(Path.Combine(Data, "emd_30342_A_zone4.mrc.gz")), AtomicModelFile.Read(ModelPath), compute: Two);
        var mapq = File.ReadLines(Path.Combine(Data, "7cec_A_mapq_residues.csv")).Skip(1).Select(l => l.Split(',')).ToArray();
        Assert.Equal(mapq.Select(r => $"{r[0]} {r[1]}"), result.Residues.Select(r => $"{r.Number} {r.Name}"));
        double[] Column(int c) => [.. mapq.Select(r => double.Parse(r[c], CultureInfo.InvariantCulture))];

        // MapQ's runs differ from each other by 0.031 rms in atoms; one of them we repeat to its last digit but one.
        Compare(Column(2), [.. result.Residues.Select(r => r.Q)], 0.9999, 0.001);
        Compare(Column(3), [.. result.Residues.Select(r => r.WindowQ)], 0.9999, 0.001);
        Compare(AtomScoresOfMapQ(), [.. result.AtomScores], 0.9998, 0.002);
        Compare(Column(4), [.. result.Residues.Select(r => r.Q)], 0.99, 0.015);
        Compare(Column(5), [.. result.Residues.Select(r => r.WindowQ)], 0.99, 0.01);
        Assert.Equal(0.4570, result.Mean, 2e-4);
        Assert.Equal((4308, 0), (result.ScoredAtoms, result.AtomsOutside));
        var chain = Assert.Single(result.Chains);
        Assert.Equal(("A", 4308), (chain.Chain, chain.ScoredAtoms));
        Assert.Equal(result.Mean, chain.Q);
    }

    [Fact]
    public void The_window_of_MapQ_is_ours()
    {
        // With MapQ's own atom scores the means must agree to the digits that it writes.
        var model = AtomicModelFile.Read(ModelPath);
        var summary = QScoreSummary.Create(model, AtomScoresOfMapQ(), 0, 11);
        var mapq = File.ReadLines(Path.Combine(Data, "7cec_A_mapq_residues.csv")).Skip(1).Select(l => l.Split(',')).ToArray();
        for (var i = 0; i < mapq.Length; i++)
        {
            Assert.Equal(double.Parse(mapq[i][2], CultureInfo.InvariantCulture), summary.Residues[i].Q, 6e-4);
            Assert.Equal(double.Parse(mapq[i][3], CultureInfo.InvariantCulture), summary.Residues[i].WindowQ, 6e-4);
        }
    }

    [Fact]
    public void An_atom_that_looks_like_the_reference_scores_1_and_its_negative_minus_1()
    {
        // A finely sampled Gaussian of the reference's width in a box that is no cube and starts at (-7, 20, 3).
        var map = GaussianMap((40, 44, 36), (0.2, 0.2, 0.25), (-7, 20, 3), (-3, 24.5, 7.25), 0.6);
        var model = Model((-3, 24.5, 7.25));
        Assert.InRange(QScore.Calculate(map, model).Mean, 0.9995, 1);
        Assert.InRange(QScore.Calculate(map with { Voxels = [.. map.Voxels.Select(v => 5 - v)] }, model).Mean, -1, -0.9995);

        // The closed form for another width: correlation of two Gaussians over the spheres, each with as many points.
        var wide = GaussianMap((40, 44, 36), (0.2, 0.2, 0.25), (-7, 20, 3), (-3, 24.5, 7.25), 1);
        var radii = Enumerable.Range(0, 21).Select(i => 0.1 * i).ToArray();
        Assert.Equal(
            Correlation([.. radii.Select(r => Math.Exp(-r * r / 0.72))], [.. radii.Select(r => Math.Exp(-r * r / 2))]),
            QScore.Calculate(wide, model).Mean, 2e-3);
    }

    [Fact]
    public void The_frame_is_origin_or_else_nxstart()
    {
        var map = GaussianMap((40, 40, 40), (0.25, 0.25, 0.25), (-2.5, 5, 10), (2.1, 10.2, 14.9), 0.6);
        var model = Model((2.1, 10.2, 14.9));
        var expected = QScore.Calculate(map, model).Mean;
        Assert.Equal(expected, QScore.Calculate(map with { Origin = default, Start = (-10, 20, 40) }, model).Mean);
        Assert.Equal(expected, QScore.Calculate(map with { Start = (-10, 20, 40) }, model).Mean);
    }

    [Fact]
    public void Neighbours_take_the_points_that_are_nearer_to_them()
    {
        // Two atoms 1.2 A apart in a map of both: with each other known, both look like atoms; without, the density of the other costs score.
        var a = GaussianMap((48, 48, 48), (0.2, 0.2, 0.2), default, (4.6, 4.6, 4.6), 0.6);
        var b = GaussianMap((48, 48, 48), (0.2, 0.2, 0.2), default, (5.8, 4.6, 4.6), 0.6);
        var both = a with { Voxels = [.. a.Voxels.Zip(b.Voxels, Math.Max)] };
        var alone = QScore.Calculate(both, Model((4.6, 4.6, 4.6))).Mean;
        var together = QScore.Calculate(both, Model((4.6, 4.6, 4.6), (5.8, 4.6, 4.6)));
        Assert.True(together.AtomScores[0] > 0.999 && alone < 0.97, $"{together.AtomScores[0]} {alone}");
        Assert.Equal(together.AtomScores[0], together.AtomScores[1], 0.02);
    }

    [Fact]
    public void Threads_do_not_change_a_bit_and_noise_scores_nothing()
    {
        var random = new Random(5);
        var map = new MrcVolume
        {
            Size = (30, 32, 34),
            PixelSize = (1, 1, 1),
            Voxels = [.. Enumerable.Range(0, 30 * 32 * 34).Select(_ => random.NextSingle())],
        };
        var model = Model([.. Enumerable.Range(0, 900)
            .Select(_ => (3 + (23 * random.NextDouble()), 3 + (25 * random.NextDouble()), 3 + (27 * random.NextDouble())))]);
        var one = QScore.Calculate(map, model, compute: new ComputeOptions { Threads = 1 });
        var four = QScore.Calculate(map, model, compute: new ComputeOptions { Threads = 4 });
        Assert.Equal(one.AtomScores, four.AtomScores);
        Assert.InRange(one.Mean, -0.05, 0.05);
    }

    [Fact]
    public void Bad_input_is_an_error_and_never_a_number()
    {
        var map = GaussianMap((20, 20, 20), (0.5, 0.5, 0.5), default, (5, 5, 5), 0.6);
        string Fails(MrcVolume m, AtomicModel a, QScoreOptions? o = null) => Assert.Throws<InvalidInputException>(() => QScore.Calculate(m, a, o)).Message;
        var inside = Model((5, 5, 5));
        Assert.Contains("2 of 3 atoms lie outside the map", Fails(map, Model((5, 5, 5), (50, 5, 5), (5, -1, 5))), StringComparison.Ordinal);
        Assert.Contains(
            "constant",
            Fails(map with { Voxels = new float[8000] }, inside).Replace("every voxel has the value 0", "constant", StringComparison.Ordinal),
            StringComparison.Ordinal);
        var bad = map.Voxels.ToArray();
        bad[(3 * 400) + (2 * 20) + 1] = float.NaN;
        Assert.Contains("m.mrc, data: voxel (1, 2, 3) is NaN", Fails(map with { Voxels = bad, Source = "m.mrc" }, inside), StringComparison.Ordinal);
        Assert.Contains("voxel size", Fails(map with { PixelSize = default }, inside), StringComparison.Ordinal);
        Assert.Contains("hydrogens", Fails(map, Model("H", (5, 5, 5))), StringComparison.Ordinal);
        Assert.Contains("Sigma", Fails(map, inside, new QScoreOptions { Sigma = 0 }), StringComparison.Ordinal);
        Assert.Contains("Window", Fails(map, inside, new QScoreOptions { Window = 4 }), StringComparison.Ordinal);

        // A minority outside has no score and is counted.
        var result = QScore.Calculate(map, Model((5, 5, 5), (4, 5, 5), (5, -1, 5)));
        Assert.Equal((2, 1), (result.ScoredAtoms, result.AtomsOutside));
        Assert.True(double.IsNaN(result.AtomScores[2]) && double.IsNaN(result.Residues[2].Q) && double.IsFinite(result.Mean));
    }

    private static AtomicModel Model(params (double X, double Y, double Z)[] atoms) => Model("C", atoms);

    private static AtomicModel Model(string element, params (double X, double Y, double Z)[] atoms) => TestAtoms.Model(
        atoms.Select((a, i) => FormattableString.Invariant($"ATOM {i + 1} {element} {element} ALA A {i + 1} {a.X} {a.Y} {a.Z} 1 20")));

    private static MrcVolume GaussianMap(
        (int X, int Y, int Z) size, (double X, double Y, double Z) pixel, (double X, double Y, double Z) origin, (double X, double Y, double Z) atom,
        double sigma)
    {
        var voxels = new float[size.X * size.Y * size.Z];
        for (var i = 0; i < voxels.Length; i++)
        {
            double x = origin.X + (i % size.X * pixel.X) - atom.X, y = origin.Y + (i / size.X % size.Y * pixel.Y) - atom.Y,
                z = origin.Z + (i / size.X / size.Y * pixel.Z) - atom.Z;
            voxels[i] = (float)Math.Exp(-0.5 * ((x * x) + (y * y) + (z * z)) / (sigma * sigma));
        }

        return new MrcVolume { Size = size, PixelSize = pixel, Origin = origin, Voxels = voxels };
    }

    private static double[] AtomScoresOfMapQ()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(ModelPath), CompressionMode.Decompress));
        return [.. reader.ReadToEnd().Split('\n').Where(l => l.StartsWith("ATOM", StringComparison.Ordinal))
            .Select(l => double.Parse(l.Split(' ', StringSplitOptions.RemoveEmptyEntries)[15], CultureInfo.InvariantCulture))];
    }

    private static void Compare(double[] expected, double[] actual, double leastCorrelation, double mostRms)
    {
        Assert.Equal(expected.Length, actual.Length);
        var correlation = Correlation(expected, actual);
        var rms = Math.Sqrt(expected.Zip(actual, (e, c) => (e - c) * (e - c)).Average());
        Assert.True(correlation >= leastCorrelation && rms <= mostRms, FormattableString.Invariant($"correlation {correlation:F4}, rms {rms:F4}"));
    }

    private static double Correlation(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        var (ab, aa, bb) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }

        return ab / Math.Sqrt(aa * bb);
    }
}
