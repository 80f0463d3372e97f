using Gmm.Maps;
using Gmm.TestData;

namespace Gmm.Reports.Tests;

public class QScoreChartTests
{
    [Fact]
    public void One_chain_has_residue_numbers_and_gaps_break_the_line()
    {
        var scores = Scores(("A", 5), ("A", 6), ("A", 9), ("A", 10));
        var chart = QScoreChart.Create([("m", scores)]);
        Assert.Equal(["running average", "residue"], chart.Series.Select(s => s.Name));
        Assert.Equal([5, 6, double.NaN, 9, 10], chart.Series[1].X);
        Assert.Equal([0.1, 0.2, double.NaN, 0.3, 0.4], chart.Series[1].Y.Select(v => Math.Round(v, 9)));
        Assert.Equal(0.25, chart.Series[0].Y[0], 12);
        Assert.Contains("Residue of chain A", chart.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_chains_lie_side_by_side_and_several_maps_over_each_other()
    {
        var scores = Scores(("A", 1), ("A", 2), ("B", 1), ("B", 2));
        var chart = QScoreChart.Create([("first", scores), ("second", scores)]);
        Assert.Equal(["first", "second"], chart.Series.Select(s => s.Name));
        Assert.Equal([0, 1, double.NaN, 3, 4], chart.Series[0].X);
        Assert.Equal([(0.5, "A"), (3.5, "B")], chart.PartNames);
        Assert.Equal([(0, "1"), (1, "2"), (3, "1"), (4, "2")], chart.XAxis.Ticks!);
        Assert.Superset(new HashSet<string> { "A", "B", "Residue, chain by chain" }, new SvgPicture(chart).Texts.ToHashSet());
        Assert.Throws<ArgumentException>(() => QScoreChart.Create([("first", scores), ("other", Scores(("A", 1)))]));
        Assert.Throws<ArgumentException>(() => QScoreChart.Create([]));
    }

    [Fact]
    public void Long_chains_have_round_residue_numbers_that_do_not_overlap()
    {
        var scores = Scores([.. Enumerable.Range(1, 240).Select(i => ("A", i + 6)), .. Enumerable.Range(1, 300).Select(i => ("B", i))]);
        var chart = QScoreChart.Create([("m", scores)]);
        Assert.Equal(["7", "50", "100", "150", "200", "1", "50", "100", "150", "200", "250", "300"], chart.XAxis.Ticks!.Select(t => t.Label));
        Assert.Equal(43, chart.XAxis.Ticks![1].Position);
        Assert.Equal(["A", "B"], chart.PartNames.Select(p => p.Label));
    }

    [Fact]
    public void Waters_and_ligands_are_not_in_the_windows()
    {
        string[] rows =
        [
            "ATOM 1 C CA ALA A 1 0 0 0 1 1", "ATOM 2 C CA ALA A 2 0 0 0 1 1", "HETATM 3 CA CA CA A 3 0 0 0 1 1", "HETATM 4 O O HOH A 4 0 0 0 1 1",
            "HETATM 5 C C4' ATP A 5 0 0 0 1 1",
        ];
        var summary = QScoreSummary.Create(TestAtoms.Model(rows), [0.2, 0.4, 0.9, 0.8, 0.7], 0, 11);
        Assert.Equal([true, true, false, false, false], summary.Residues.Select(r => r.IsPolymer));
        Assert.Equal([0.3, 0.3, 0.9, 0.8, 0.7], summary.Residues.Select(r => Math.Round(r.WindowQ, 9)));
        Assert.Equal(0.6, summary.Mean, 12);
    }

    private static QScoreResult Scores(params (string Chain, int Number)[] residues) => QScoreSummary.Create(
        TestAtoms.Model(residues.Select((r, i) => $"ATOM {i + 1} C CA ALA {r.Chain} {r.Number} 0 0 0 1 1")),
        [.. residues.Select((_, i) => (i + 1) / 10.0)], 0, 11);
}
