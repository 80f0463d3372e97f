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
        var parts = new List<string>();
        if (optics is { DefocusMoved: { } moved, DefocusChange: { } change, DefocusSigma: { } sigma })
        {
            parts.Add(Texts.Line($"{optics.Defoci} defoci {moved:F0} A from those given ({change:F0} A in this iteration), uncertainty {sigma:F0} A"));
        }

        if (optics.UnlikeText() is { } unlike)
        {
            parts.Add(unlike);
        }

        OpticsTermRecord[] terms = [.. optics.Groups.SelectMany(g => g.Terms)], determined = [.. terms.Where(t => t.FoundSigma is not null)];
        if (terms.Length > 0)
        {
            var differ = determined.Count(t => Math.Abs(t.Value - t.Given) > Distinct * t.Sigma!.Value);
            parts.Add(Texts.Line($"{determined.Length} of {terms.Length} terms determined in {optics.Groups.Count} halves of groups")
                + (determined.Length == 0 ? string.Empty
                    : Texts.Line($", {differ} of them over {Distinct} standard deviations from what was given")));
        }

        if (optics.HalvesDifference is { } difference)
        {
            parts.Add(Texts.Line($"the halves differ by {Math.Sqrt(difference):F1} of their uncertainties"));
        }

        return "optics: " + (parts.Count > 0 ? string.Join("; ", parts) : "no image says anything of them");
    }

    /// <summary>The groups' terms, a line for each half of a group.</summary>
    public static IEnumerable<string> Describe(OpticsRecord optics)
    {
        yield return Iteration(optics);
        foreach (var group in optics.Groups.Where(g => g.Terms.Count > 0).OrderBy(g => g.Name, StringComparer.Ordinal).ThenBy(g => g.Half))
        {
            string[] found = [.. group.Terms.Where(t => t.FoundSigma is not null).Select(Text)];
            string[] kept = [.. group.Terms.Where(t => t.IsKept).Select(t => t.Name)];
            string[] said =
            [
                .. found.Length > 0 ? [string.Join(", ", found)] : Array.Empty<string>(),
                .. kept.Length > 0 ? [$"kept: {string.Join(", ", kept)}"] : Array.Empty<string>(),
            ];
            yield return Texts.Line($"  {group.Name}, half {group.Half}, {group.Particles} {(group.Particles == 1 ? "particle" : "particles")}: ")
                + string.Join("; ", said);
        }
    }

    private static string Text(OpticsTermRecord term) =>
        Texts.Line($"{term.Name} {ReportText.Decimals(term.Value, term.Sigma!.Value)} +- {ReportText.Decimals(term.Sigma.Value, term.Sigma.Value)}")
            + (term.Unit.Length > 0 ? " " + term.Unit : string.Empty);
}
