using System.CommandLine;
using Gmm.Core;

namespace Gmm.Cli;

/// <summary>gmm demo: the whole job on data that come with the tool.</summary>
internal sealed class DemoVerb : VerbCommand
{
    private readonly Option<string?> _out = new("--out", "-o")
    {
        HelpName = "DIR",
        Description = "Folder for everything it writes; gmm-demo by default (gmm-demo-real with --real).",
    };
    private readonly Option<bool> _real = Declare.Flag("--real", "Uses real images: beta-galactosidase, EMPIAR-10204, from poses that are 8 degrees off.");
    private readonly Option<int?> _particles = new("--particles", "-n")
    {
        HelpName = "N",
        Description = $"Number of particles: simulated, {SimulatedDemo.DefaultParticles} by default; with --real the first N of {RealSet.Count}, all "
            + "by default.",
    };
    private readonly Option<double?> _degrees = Declare.Number(
        "--disturb-degrees", "D", "How far the simulated poses are disturbed, root mean square, degrees; 3 by default.");

    private readonly Option<bool> _noOpen = Declare.Flag(
        "--no-open", "Leaves the report to be opened by hand. It opens by itself only at a terminal, where there is a display.");

    public DemoVerb()
        : base(
            "demo",
            "Refines a data set that comes with the tool and shows what is gained.",
            "Shows the main job in about a minute. With --real it takes 1,207 real images of beta-galactosidase, whose poses are turned by 8 degrees "
                + "first, refines them, and compares the maps before, at the published poses and after with the atomic model 5A1A, which has no part "
                + "in the refinement. Without it the images are simulated from 5A1A at real orientations and defoci of EMPIAR-10204, so that the true "
                + "poses are known; they are disturbed by 3 degrees and 1 A, and refined. Either way it prints a table and writes maps, STAR files, "
                + "pictures and a script for ChimeraX.",
            "gmm demo --real",
            "gmm demo",
            "gmm demo --particles 400 --out /tmp/demo --overwrite --json")
        => AddOptions(_out, _real, _particles, _degrees, _noOpen);

    public override VerbResult Execute(VerbCall call)
    {
        var degrees = call.Get(_degrees);
        if (degrees is not null and not (> 0 and <= 30))
        {
            throw new InvalidInputException("must be over 0 and at most 30", "--disturb-degrees");
        }

        const int Fewest = 20, Most = 100_000;
        if (call.Get(_real))
        {
            var count = call.Get(_particles) ?? RealSet.Count;
            return degrees is not null
                ? throw new InvalidInputException("is for the simulated images; the real ones come with poses 8 degrees off", "--disturb-degrees")
                : count is >= Fewest and <= RealSet.Count
                    ? Shown(call, RealDemo.Run(call, call.Get(_out) ?? "gmm-demo-real", count), new RealDemoFiles(call.Get(_out) ?? "gmm-demo-real").Report)
                    : throw new InvalidInputException($"must be from {Fewest} to {RealSet.Count}", "--particles");
        }

        var particles = call.Get(_particles) ?? SimulatedDemo.DefaultParticles;
        return particles is >= Fewest and <= Most
            ? Shown(call, SimulatedDemo.Run(call, call.Get(_out) ?? "gmm-demo", particles, degrees ?? 3), new DemoFiles(call.Get(_out) ?? "gmm-demo").Report)
            : throw new InvalidInputException($"must be from {Fewest} to {Most}", "--particles");
    }

    /// <summary>Opens the report, where somebody can see it.</summary>
    private VerbResult Shown(VerbCall call, VerbResult result, string report)
    {
        if (!call.Get(_noOpen) && !call.Get(Common.Json) && call.Console.OutputIsTerminal && File.Exists(report))
        {
            PageOpener.TryOpen(report);
        }

        return result;
    }
}
