using Gmm.Refinement;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>Says what was found of the optics.</summary>
internal static class OpticsText
{
    /// <summary>Standard deviations over which a term is said to differ from the one given.</summary>
    private const int Distinct = 3;

    /// <summary>One line for an iteration.</summary>
    public static string Iteration(OpticsRecord optics)
    {
        var defoci = optics is { DefocusMoved: { } moved, DefocusChange: { } change, DefocusSigma: { } sigma }
            ? Texts.Line($"{optics.Defoci} defoci {moved:F0} A from those given ({change:F0} A in this iteration), uncertainty {sigma:F0} A; ")
            : string.Empty;
        OpticsTermRecord[] terms = [.. optics.Groups.SelectMany(g => g.Terms)], determined = [.. terms.Where(t => t.FoundSigma is not null)];
        var differ = determined.Count(t => Math.Abs(t.Value - t.Given) > Distinct * t.Sigma!.Value);
        return $"optics: {defoci}" + Texts.Line($"{determined.Length} of {terms.Length} terms determined in {optics.Groups.Count} halves of groups, ")
            + Texts.Line($"{differ} of them over {Distinct} standard deviations from what was given")
            + (optics.HalvesDifference is { } difference
                ? Texts.Line($"; the halves differ by {Math.Sqrt(difference):F1} of their uncertainties")
                : string.Empty);
    }

    /// <summary>The groups' terms, a line for each half of a group.</summary>
    public static IEnumerable<string> Describe(OpticsRecord optics)
    {
        yield return Iteration(optics);
        foreach (var group in optics.Groups.OrderBy(g => g.Name, StringComparer.Ordinal).ThenBy(g => g.Half))
        {
            var found = group.Terms.Where(t => t.FoundSigma is not null).Select(Text);
            var kept = group.Terms.Where(t => t.IsKept).Select(t => t.Name).ToArray();
            yield return Texts.Line($"  {group.Name}, half {group.Half}, {group.Particles} particles: {string.Join(", ", found)}")
                + (kept.Length > 0 ? $"; kept: {string.Join(", ", kept)}" : string.Empty);
        }
    }

    private static string Text(OpticsTermRecord term) =>
        Texts.Line($"{term.Name} {ReportText.Decimals(term.Value, term.Sigma!.Value)} +- {ReportText.Decimals(term.Sigma.Value, term.Sigma.Value)}")
            + (term.Unit.Length > 0 ? " " + term.Unit : string.Empty);
}
