using Gmm.Maps;

namespace Gmm.Reports;

/// <summary>Makes the chart of Q-scores along the chains of a model, for one map or several over each other.</summary>
public static class QScoreChart
{
    private const int LabelsPerAxis = 16;

    /// <summary>Makes the chart: the running average of every map; for a single map also the residues' own scores.</summary>
    /// <param name="maps">A name for the legend and the scores of the same model in each map.</param>
    /// <param name="title">The heading; none if empty.</param>
    /// <returns>The chart. The axis has residue numbers; several chains lie side by side, each under its name.</returns>
    /// <exception cref="ArgumentException">No map, different models, or no residue of a polymer that has a score.</exception>
    public static LineChart Create(IReadOnlyList<(string Name, QScoreResult Scores)> maps, string title = "Q-score")
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.Count == 0 || maps.Any(m => m.Scores.Residues.Count != maps[0].Scores.Residues.Count))
        {
            throw new ArgumentException("A Q-score chart needs scores of one model in at least one map.", nameof(maps));
        }

        var places = Places(maps[0].Scores, out var axis, out var names);
        var series = new List<ChartSeries>();
        foreach (var (name, scores) in maps)
        {
            series.Add(Series(name, scores, places, r => r.WindowQ));
        }

        if (maps.Count == 1)
        {
            series[0] = Series("running average", maps[0].Scores, places, r => r.WindowQ);
            series.Add(Series("residue", maps[0].Scores, places, r => r.Q) with { Pale = true });
        }

        var lowest = series.SelectMany(s => s.Y).Where(double.IsFinite).DefaultIfEmpty(0).Min();
        var y = new ChartAxis("Q-score") { Minimum = lowest < 0 ? Math.Floor(lowest / 0.2) * 0.2 : 0, Maximum = 1 };
        return new LineChart(title, axis, y, series, 900, 400) { PartNames = names };
    }

    private static ChartSeries Series(string name, QScoreResult scores, double[] places, Func<ResidueQScore, double> value)
    {
        var (x, y) = (new List<double>(), new List<double>());
        ResidueQScore? last = null;
        for (var i = 0; i < places.Length; i++)
        {
            var residue = scores.Residues[i];
            if (double.IsNaN(places[i]))
            {
                continue;
            }

            // A new chain, or residues that the model lacks, break the line.
            if (last is not null && (last.Chain != residue.Chain || residue.Number - last.Number > 1))
            {
                x.Add(double.NaN);
                y.Add(double.NaN);
            }

            x.Add(places[i]);
            y.Add(value(residue));
            last = residue;
        }

        return new ChartSeries(name, [.. x], [.. y]);
    }

    /// <summary>Where each residue lies along the axis; NaN for residues that are no part of a polymer.</summary>
    private static double[] Places(QScoreResult scores, out ChartAxis axis, out IReadOnlyList<(double Position, string Label)> names)
    {
        var places = new double[scores.Residues.Count];
        Array.Fill(places, double.NaN);
        var chains = Enumerable.Range(0, places.Length)
            .Where(i => scores.Residues[i].IsPolymer)
            .GroupBy(i => scores.Residues[i].Chain)
            .Select(g => g.ToArray())
            .ToArray();
        if (chains.Length == 1)
        {
            foreach (var i in chains[0])
            {
                places[i] = scores.Residues[i].Number;
            }

            axis = new ChartAxis($"Residue of chain {scores.Residues[chains[0][0]].Chain}")
            {
                Minimum = chains[0].Min(i => scores.Residues[i].Number) - 1,
                Maximum = chains[0].Max(i => scores.Residues[i].Number) + 1,
                WholeNumbers = true,
            };
            names = [];
            return places;
        }

        var total = chains.Sum(c => c.Length);
        var gap = Math.Max(1, total / 100);
        var step = Math.Max(1, (int)RoundNumbers.Step(total, LabelsPerAxis));
        var (at, numbers, above) = (0, new List<(double, string)>(), new List<(double, string)>());
        foreach (var chain in chains)
        {
            // The first residue of each chain, and every round number.
            foreach (var i in chain)
            {
                var number = scores.Residues[i].Number;
                if (i == chain[0] || (number % step == 0 && number != scores.Residues[i - 1].Number))
                {
                    numbers.Add((at, PictureText.Number(number)));
                }

                places[i] = at++;
            }

            above.Add((at - ((chain.Length + 1) / 2.0), scores.Residues[chain[0]].Chain));
            at += gap;
        }

        axis = new ChartAxis("Residue, chain by chain") { Minimum = -gap, Maximum = Math.Max(at, 1), Ticks = Thinned(numbers, at) };
        names = Thinned(above, at);
        return places;
    }

    /// <summary>Leaves out names that would be written over each other.</summary>
    private static List<(double, string)> Thinned(List<(double Position, string Label)> ticks, int length)
    {
        // A digit is as wide as an average letter; no picture is drawn here, so no font is asked.
        const double LetterWidth = 0.56 * ChartTheme.LabelSize, AxisWidth = 800;
        var kept = new List<(double, string)>();
        var free = double.NegativeInfinity;
        foreach (var (position, label) in ticks)
        {
            var width = ((label.Length * LetterWidth) + 6) * length / AxisWidth;
            if (position - (width / 2) >= free)
            {
                kept.Add((position, label));
                free = position + (width / 2);
            }
        }

        return kept;
    }
}
