using System.CommandLine;
using Gmm.Core;

namespace Gmm.Cli;

/// <summary>gmm demo: the whole job on data that come with the tool.</summary>
internal sealed class DemoVerb : VerbCommand
{
    private readonly Option<string?> _out = new("--out", "-o") { HelpName = "DIR", Description = "Folder for everything it writes; gmm-demo by default (gmm-demo-real with --real)." };
    private readonly Option<bool> _real = new("--real") { Description = "Uses ten real images instead: TRPV1, EMPIAR-10059, disturbed from their published poses." };
    private readonly Option<int> _particles = new("--particles", "-n") { HelpName = "N", Description = "Number of simulated particles.", DefaultValueFactory = _ => SimulatedDemo.DefaultParticles };
    private readonly Option<int> _trials = new("--trials") { HelpName = "N", Description = "With --real: how many times each image's pose is disturbed and refined.", DefaultValueFactory = _ => RealDemo.DefaultTrials };
    private readonly Option<double?> _degrees = new("--disturb-degrees") { HelpName = "D", Description = "How far the poses are disturbed, root mean square, degrees; 3 by default, 5 with --real." };

    public DemoVerb()
        : base(
            "demo",
            "Refines a data set that comes with the tool and shows what is gained.",
            "Shows the main job in a few minutes. Images of beta-galactosidase are simulated from the real model 5A1A at real orientations and defoci of EMPIAR-10204; their poses are disturbed by 3 degrees and 1 A, and refined. It prints resolution and pose error before, after, and at the true poses, and writes maps, STAR files, a picture of the FSC and a script for ChimeraX.\nWith --real it takes ten real images and prints how many of many disturbed poses come back towards the published ones.",
            "gmm demo",
            "gmm demo --real",
            "gmm demo --particles 400 --out /tmp/demo --overwrite --json")
        => AddOptions(_out, _real, _particles, _trials, _degrees);

    public override VerbResult Execute(VerbCall call)
    {
        var degrees = call.Get(_degrees);
        if (degrees is not null and not (> 0 and <= 30))
        {
            throw new InvalidInputException("must be over 0 and at most 30", "--disturb-degrees");
        }

        if (call.Get(_real))
        {
            var trials = call.Get(_trials) is > 0 and var t ? t : throw new InvalidInputException("must be at least 1", "--trials");
            return RealDemo.Run(call, call.Get(_out) ?? "gmm-demo-real", trials, degrees ?? 5);
        }

        var particles = call.Get(_particles) is >= 20 and var n ? n : throw new InvalidInputException("must be at least 20", "--particles");
        return SimulatedDemo.Run(call, call.Get(_out) ?? "gmm-demo", particles, degrees ?? 3);
    }
}
