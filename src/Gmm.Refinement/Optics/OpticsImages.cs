using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What images say of the optics once something was done about their contrast transfer.</summary>
internal static class OpticsImages
{
    private const string TakeOriginals = "take the images as they were extracted";

    /// <summary>Of each optics group whose images no longer show all terms that are asked for, which they do and why.</summary>
    public static IEnumerable<string> Warnings(IParticleSource source, OpticsOptions terms)
    {
        // Which is refused.
        if (ShowNone(source, terms))
        {
            yield break;
        }

        foreach (var group in source.OpticsGroups.Where(g => g.CtfState != CtfState.Unmodified))
        {
            var found = Found(group.CtfState, terms);
            if (terms.Defocus || terms.Even || (terms.Magnification && group.CtfState != CtfState.None))
            {
                var what = found.Count == 0 ? "none of the terms asked for" : $"only {string.Join(" and ", found)}";
                yield return $"optics group {group.Name}: {Why(group.CtfState)}: {what} can be found in them, all else stays as it is; {TakeOriginals}";
            }
        }
    }

    /// <summary>Refuses images that show none of the terms.</summary>
    /// <param name="source">The images.</param>
    /// <param name="terms">The terms that are asked for.</param>
    /// <param name="path">Their file.</param>
    /// <exception cref="InvalidInputException">No group shows any.</exception>
    public static void Require(IParticleSource source, OpticsOptions terms, string path)
    {
        if (ShowNone(source, terms))
        {
            throw new InvalidInputException(
                $"{Why(source.OpticsGroups[0].CtfState)}, and show none of the terms of the optics that are asked for; {TakeOriginals}", path);
        }
    }

    private static bool ShowNone(IParticleSource source, OpticsOptions terms) =>
        source.OpticsGroups.All(g => g.CtfState != CtfState.Unmodified && Found(g.CtfState, terms).Count == 0);

    private static string Why(CtfState state) => state switch
    {
        CtfState.Premultiplied => "the images were multiplied by their CTF already (rlnCtfDataAreCtfPremultiplied, or --ctf-state)",
        CtfState.PhaseFlipped => "the images' phases were flipped by their CTF already (rlnCtfDataAreCtfPhaseFlipped, or --ctf-state)",
        _ => "the images have no CTF",
    };

    private static List<string> Found(CtfState state, OpticsOptions terms) =>
    [
        .. terms.Odd ? ["beam tilt", "trefoil"] : Array.Empty<string>(),
        .. terms.Magnification && state == CtfState.None ? ["magnification"] : Array.Empty<string>(),
    ];
}
