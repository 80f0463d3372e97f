using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Reports;

/// <summary>What was found of the optics: each group's terms in both halves, and how far these differ (docs/optics.md).</summary>
internal static class OpticsSection
{
    /// <summary>Makes the section.</summary>
    public static ReportSection Of(OpticsRecord optics)
    {
        var blocks = new List<ReportBlock>();
        var hasTerms = optics.Groups.Any(g => g.Terms.Count > 0);
        if (hasTerms)
        {
            blocks.Add(new TableBlock(
                ["Optics group", "Term", "Unit", "Given", "Half 1", "Half 2", "Difference (σ)", "Last change (σ)"],
                optics.Groups.Where(g => g.Half == 1).SelectMany(g => Rows(g, optics.Groups.FirstOrDefault(o => o.Half == 2 && o.Name == g.Name))),
                texts: 3));
        }

        if (optics.Defoci > 0 || optics.Unlike > 0)
        {
            blocks.Add(new FactsBlock(
            [
                ("Defoci estimated", ReportText.Count(optics.Defoci)),
                ("Particles unlike the reference, whose defocus stays", ReportText.Count(optics.Unlike)),
                ("Of the estimated held at their micrograph's mean", ReportText.Count(optics.Held)),
                ("Distance from the defoci given, median", Angstrom(optics.DefocusMoved)),
                ("Over 1000 Å from those given", ReportText.Count(optics.Far)),
                ("Moved in the last iteration, median", Angstrom(optics.DefocusChange)),
                ("Uncertainty of a defocus, median", Angstrom(optics.DefocusSigma)),
                ("Uncertainty of the astigmatism, median", Angstrom(optics.AstigmatismSigma)),
                ("Uncertainty of a phase shift, median", optics.PhaseShiftSigma is { } p ? ReportText.Number(p) + "°" : "–"),
                ("Spread about their micrographs, halves 1 and 2", string.Join(", ", optics.PriorSigma.Select(s => Angstrom(s)))),
            ]));
        }

        return new ReportSection(
            "optics", "Optics",
            (hasTerms ? "Each half's own estimates with their standard deviations; in brackets what the data do not determine, which stayed as it was."
                : "Each half's own estimates; no terms of the optics groups were asked for.")
                + (optics.HalvesDifference is { } d
                    ? Invariant($" The halves differ by {Math.Sqrt(d):F1} of their uncertainties: about 1 where these are right.")
                    : string.Empty),
            blocks);
    }

    private static IEnumerable<string[]> Rows(OpticsGroupRecord one, OpticsGroupRecord? two)
    {
        foreach (var term in one.Terms)
        {
            var other = two?.Terms.FirstOrDefault(t => t.Name == term.Name);
            yield return
            [
                one.Name, term.Name.Replace('_', ' '), term.Unit.Length == 0 ? "–" : term.Unit.Replace(" A", " Å", StringComparison.Ordinal)
                    .Replace("^2", "²", StringComparison.Ordinal).Replace("^3", "³", StringComparison.Ordinal).Replace("^4", "⁴", StringComparison.Ordinal),
                // Adding zero takes the sign off a zero.
                Invariant($"{Math.Round(term.Given, 4) + 0.0:0.####}"), Value(term), other is null ? "–" : Value(other),
                other?.FoundSigma is { } b && term.FoundSigma is { } a
                    ? Invariant($"{(term.Value - other.Value) / Math.Sqrt((a * a) + (b * b)):F1}")
                    : "–",
                // The larger of the halves' changes.
                new[] { term.RelativeChange, other?.RelativeChange }.Max() is { } most ? Invariant($"{most:F1}") : "–",
            ];
        }
    }

    private static string Value(OpticsTermRecord term) => term.FoundSigma is not { } sigma
        ? Invariant($"({term.Value:0.####})")
        : ReportText.Decimals(term.Value, sigma) + " ± " + ReportText.Decimals(sigma, sigma);

    private static string Angstrom(double? value) => value is { } v ? Invariant($"{v:F0} Å") : "–";
}
