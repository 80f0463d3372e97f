using System.CommandLine;
using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>Which terms of the optics are estimated.</summary>
internal sealed class OpticsInput
{
    private const string All = "defocus,astigmatism,phase-shift,odd,even,magnification";

    private const string NoPhasePlate = "phase-shift: no image was taken with a phase plate (rlnPhaseShift is 0 or missing)";

    private readonly Option<string> _terms = Declare.Text(
        "--terms", "LIST", "Which terms: defocus and astigmatism (of each particle), phase-shift (the same, where the file has any), odd (beam tilt and "
            + "trefoil), even (phase, spherical aberration, the other terms of the fourth order) and magnification (of each optics group), with commas.", All);

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => [_terms];

    /// <summary>Whether phase shifts are asked for by name, not by default.</summary>
    public bool AsksPhaseShift(VerbCall call) => call.Parsed.GetResult(_terms) is { Implicit: false } && Read(call).PhaseShift;

    /// <summary>Refuses phase shifts without astigmatism; where no image has one, they are no reason to.</summary>
    /// <exception cref="InvalidInputException">They are asked for so, or alone of images without a phase plate.</exception>
    public static void Require(IParticleSource source, RefineRequest request)
    {
        if (!request.AsksPhaseShift || request.Options.Optics is not { Astigmatism: false } terms)
        {
            return;
        }

        if (HasPhasePlate(source))
        {
            throw new InvalidInputException("phase shifts are estimated with the astigmatism only: defocus,astigmatism,phase-shift", "--terms");
        }

        if (terms is { Defocus: false, Odd: false, Even: false, Magnification: false })
        {
            throw new InvalidInputException($"{NoPhasePlate}, so that there is nothing to estimate", "--terms");
        }
    }

    /// <summary>Says what was asked for and the particles have nothing of.</summary>
    /// <param name="source">The particles.</param>
    /// <param name="request">What was asked for.</param>
    public static IEnumerable<string> Warnings(IParticleSource source, RefineRequest request)
    {
        if (request.Options.Optics is not { } terms)
        {
            yield break;
        }

        foreach (var warning in OpticsImages.Warnings(source, terms))
        {
            yield return warning;
        }

        if (request.AsksPhaseShift && !HasPhasePlate(source))
        {
            yield return $"--terms: {NoPhasePlate}, so that none is estimated";
        }
    }

    private static bool HasPhasePlate(IParticleSource source) => source.Particles.Any(p => p.Ctf.PhaseShiftDegrees != 0);

    /// <summary>Reads them.</summary>
    /// <exception cref="InvalidInputException">A word that is no term, or astigmatism without defocus.</exception>
    public OpticsOptions Read(VerbCall call)
    {
        string[] known = All.Split(','), given = call.Get(_terms).Split(',', StringSplitOptions.TrimEntries);
        if (given.FirstOrDefault(t => !known.Contains(t)) is { } unknown)
        {
            throw new InvalidInputException($"\"{unknown}\" is no term; these are: {string.Join(", ", known)}", _terms.Name);
        }

        if (given.Contains("astigmatism") && !given.Contains("defocus"))
        {
            throw new InvalidInputException("astigmatism is estimated with the defocus only: defocus,astigmatism", _terms.Name);
        }

        return new OpticsOptions
        {
            Defocus = given.Contains("defocus"),
            Astigmatism = given.Contains("astigmatism"),
            PhaseShift = given.Contains("phase-shift"),
            Odd = given.Contains("odd"),
            Even = given.Contains("even"),
            Magnification = given.Contains("magnification"),
        };
    }
}
