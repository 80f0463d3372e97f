using System.CommandLine;
using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm ctf: the optics of particles whose poses are known.</summary>
internal sealed class CtfVerb : VerbCommand
{
    private readonly ParticleInput _input = new();
    private readonly OpticsInput _optics = new();
    private readonly Option<string> _out = Declare.Out(
        "DIR", "Folder for the results: run_data.star (and run_data.cs for cryoSPARC's particles) with the terms found, and "
            + "the half maps, models and records of a run of refine.");
    private readonly Option<string?> _mask = Declare.Mask("Soft solvent mask, 0 to 1, of the maps' box; made from the first half maps by default.");
    private readonly Option<int> _iterations = Declare.Count(
        "--iterations", "N", "Most iterations, each of which makes new half maps; it stops before when defoci, terms and resolution do not change "
            + "any more.", 8);
    private readonly Option<bool> _refinePoses = Declare.Flag(
        "--refine-poses", "Refines the poses too, in the same steps, as gmm refine --refine-optics does. By default they stay as they are.");
    private readonly Option<double?> _max = Declare.Number(
        "--max-resolution", "A", "Finest resolution ever compared, angstrom; by default only the half maps' FSC limits it.");
    private readonly ReferenceInput _reference = ReferenceInput.OfOptics();
    private readonly Option<string> _symmetry = Declare.Symmetry(
        "Point group imposed on the maps of every iteration: Cn, Dn (cryoSPARC's: DnY), T, O, I (I1 to I4), with RELION's axes.");
    private readonly Option<bool> _resume = Declare.Resume();

    public CtfVerb()
        : base(
            "ctf",
            "Estimates defocus, aberrations and magnification from particles.",
            "Estimates the optics from particles and their poses: the defocus and astigmatism of each particle, with a prior from its micrograph; beam tilt, "
                + "trefoil, even aberrations to the fourth order and anisotropic magnification of each optics group. Each half is estimated from its own "
                + "particles and half map, and the two are compared. What the data do not determine stays as it was.",
            "gmm ctf run_data.star --out ctf",
            "gmm ctf run_data.star --out defoci --terms defocus,astigmatism --iterations 2",
            "gmm ctf run_data.star --out optics --reference map.mrc --reference-resolution 4",
            "gmm ctf run_data.star --out ctf --resume --json")
    {
        Arguments.Add(_input.Star);
        AddOptions([_out, _mask, _iterations, _refinePoses, _max, _symmetry, .. _reference.Options, _resume, .. _optics.Options, .. _input.Options]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var options = new RefinementOptions
        {
            Iterations = call.Get(_iterations),
            MaxResolution = call.Get(_max),
            Images = _input.Images.Read(call),
            Optics = _optics.Read(call),
            KeepPoses = !call.Get(_refinePoses),
            Symmetry = Symmetries.Read(call.Get(_symmetry), _symmetry.Name),
        };
        var request = new RefineRequest
        {
            Particles = call.Get(_input.Star),
            Reading = _input.ReadOptions(call),
            Options = options,
            Folder = call.Get(_out),
            Mask = call.Get(_mask),
            Reference = _reference.Map(call),
            ReferenceResolution = _reference.Resolution(call),
            ReferenceIterations = _reference.Iterations(call),
            Resume = call.Get(_resume),
            AsksPhaseShift = _optics.AsksPhaseShift(call),
        };
        RefineVerb.CheckCommon(request, call);
        var report = RefinementRunner.RunRefinement(request, call);
        return VerbResult.Of(report, RefinementReports.Default.RefineReport, RefineVerb.Describe(report, request));
    }
}
