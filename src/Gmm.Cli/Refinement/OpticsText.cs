using Gmm.Refinement;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>Says what was found of the optics.</summary>
internal static class OpticsText
{
    /// <summary>One line for an iteration.</summary>
    public static string Iteration(OpticsRecord optics)
    {
        var defoci = optics is { DefocusChange: { } change, DefocusSigma: { } sigma }
            ? Texts.Line($"{optics.Defoci} defoci moved by {change:F0} A, uncertainty {sigma:F0} A; ")
            : string.Empty;
        var terms = optics.Groups.Sum(g => g.Terms.Count(t => !t.IsKept));
        return $"optics: {defoci}" + Texts.Line($"{terms} of {optics.Groups.Sum(g => g.Terms.Count)} terms of {optics.Groups.Count} groups found")
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
            var found = group.Terms.Where(t => !t.IsKept && t.Sigma is not null).Select(Text);
            var kept = group.Terms.Where(t => t.IsKept).Select(t => t.Name).ToArray();
            yield return Texts.Line($"  {group.Name}, half {group.Half}, {group.Particles} particles: {string.Join(", ", found)}")
                + (kept.Length > 0 ? $"; kept: {string.Join(", ", kept)}" : string.Empty);
        }
    }

    private static string Text(OpticsTermRecord term) =>
        Texts.Line($"{term.Name} {ReportText.Decimals(term.Value, term.Sigma!.Value)} +- {ReportText.Decimals(term.Sigma.Value, term.Sigma.Value)}")
            + (term.Unit.Length > 0 ? " " + term.Unit : string.Empty);
}
