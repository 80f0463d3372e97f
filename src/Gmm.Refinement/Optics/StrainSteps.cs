namespace Gmm.Refinement;

/// <summary>
/// The Gauss-Newton steps of a half's strains in one pass, in standard deviations, by group, and by what they were multiplied: what a strain moves most, detail
/// far from the centre, leaves the box first, so that steps are too short by a share that hardly changes (<see cref="StepGain"/>).
/// </summary>
internal sealed record StrainSteps(SortedDictionary<int, double[]> Steps, double Gain)
{
    /// <summary>The place of the first of the strain's three terms; null where there is none.</summary>
    public static int? First(OpticsSystem system)
    {
        var first = system.Terms.ToList().FindIndex(t => t.Kind == OpticsTermKind.Magnification);
        return first < 0 ? null : first;
    }

    /// <summary>The steps of a pass, and what to multiply them by.</summary>
    /// <param name="systems">The groups' equations, solved.</param>
    /// <param name="before">Those of the pass before; null for none.</param>
    public static StrainSteps Of(SortedDictionary<int, OpticsSystem> systems, StrainSteps? before)
    {
        var steps = new SortedDictionary<int, double[]>();
        foreach (var (g, s) in systems)
        {
            if (First(s) is { } first && s.IsDetermined[first])
            {
                steps.Add(g, [.. Enumerable.Range(first, 3).Select(j => s.Step[j] * s.Units[j] / s.Sigma(j))]);
            }
        }

        return new StrainSteps(steps, before is null ? 1 : StepGain.Of(
            before.Gain, [.. steps.Where(s => before.Steps.ContainsKey(s.Key)).SelectMany(s => before.Steps[s.Key].Zip(s.Value))]));
    }
}
