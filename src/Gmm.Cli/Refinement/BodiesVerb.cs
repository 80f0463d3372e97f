using System.CommandLine;
using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm bodies: the poses of rigid bodies that the user's masks outline.</summary>
internal sealed class BodiesVerb : VerbCommand
{
    private readonly ParticleInput _input = new();
    private readonly Option<string[]> _body = new("--body")
    {
        HelpName = "MASK.mrc",
        Required = true,
        Description = "Soft mask of a body, 0 to 1, of the maps' box; once for each body. Where masks overlap, density belongs to each body in proportion.",
    };
    private readonly Option<string> _out = Declare.Out(
        "DIR", "Folder for the results: body##_data.star (and .cs for cryoSPARC's particles), body##_mask.mrc, body##_half1_unfil.mrc, "
            + "body##_half2_unfil.mrc, body##_fsc.star, the composite and provenance.json.");
    private readonly Option<bool> _independent = Declare.Flag(
        "--independent", "Solves each body with the rest at the consensus, in place of all bodies together.");
    private readonly PatchInput _common = new();

    public BodiesVerb()
        : base(
            "bodies",
            "Refines the poses of rigid bodies given as masks.",
            "Refines the pose of each body in every particle, all bodies together, and writes one particle file for each: reconstructed with RELION "
                + "or cryoSPARC, it shows that body sharp. What no mask covers stays at the consensus.",
            "gmm bodies refined/run_data.star --body core.mrc --body arm.mrc --out bodies",
            "gmm bodies refined/run_data.star --body core.mrc --body arm.mrc --out bodies --resume --json")
    {
        Arguments.Add(_input.Star);
        AddOptions([_body, _out, _independent, .. _common.Options, .. _input.Options]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        InputFiles.Check([call.Get(_input.Star), .. call.Get(_body)]);
        using var particles = _input.Open(call, independentHalves: true);
        return _common.Run(call, particles, SettingsOf(call, particles.OpticsGroups[0]), call.Get(_out));
    }

    public override int WorkOn(TaskBoard board, TaskWorker worker, VerbCall call)
    {
        using var particles = _input.Open(call, independentHalves: true);
        return _common.WorkOn(call, particles, SettingsOf(call, particles.OpticsGroups[0]), call.Get(_out), board, worker);
    }

    private PatchOptions SettingsOf(VerbCall call, OpticsGroup optics) => _common.Read(call, _input, optics) with
    {
        Bodies = [.. call.Get(_body).Select(f => MapChecks.ReadMask(f, optics))],
        Joint = !call.Get(_independent),
    };
}
