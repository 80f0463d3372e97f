#:project ../src/Gmm.Refinement/Gmm.Refinement.csproj
#:project ../src/Gmm.Simulation/Gmm.Simulation.csproj
#:property PublishAot=false
// An optimizer of one's own: climbs from several poses, for particles farther off than one climb reaches. Run: dotnet run samples/custom-optimizer.cs
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Gmm.Simulation;

var atoms = SimulatedAtom.FromModel(AtomicModelFile.Read(Beside("../src/Gmm.Cli/Data/betagal/5a1a.pdb.gz")));
var simulator = new ParticleSimulator(atoms, new SimulationOptions
{
    ParticleCount = 200, BoxSize = 64, PixelSize = 3.5, Snr = 0.5, SolventDensity = 0.06, DisturbDegrees = 14,
});
var images = new ReadOnlyMemory<float>[simulator.Options.ParticleCount];
simulator.Render((i, pixels) => images[i] = pixels.ToArray());
var particles = new InMemoryParticles(simulator.OpticsGroups, simulator.DisturbedParticles, images);
Console.WriteLine($"start: {Lost([.. simulator.DisturbedParticles.Select(p => p.Pose)]):P0} of the particles are more than 5 degrees off");

var several = Refine(new SeveralStarts(new LevenbergMarquardtPoseOptimizer(), degrees: 12));
var one = Refine(new LevenbergMarquardtPoseOptimizer());
Console.WriteLine($"still more than 5 degrees off: {several:P0} from several starts, {one:P0} from one");
return several < one ? 0 : 1;

double Refine(IPoseOptimizer optimizer)
{
    var loop = new RefinementLoop(particles, new RefinementOptions { Gaussians = 1500, MaxResolution = 12, Optimizer = optimizer }, new ComputeOptions());
    return Lost(loop.Next(loop.Start()).Poses);
}

double Lost(IReadOnlyList<Pose> poses) =>
    simulator.TrueParticles.Zip(poses).Count(p => p.First.Pose.Rotation.AngleTo(p.Second.Rotation) > 5 * Math.PI / 180) / (double)poses.Count;

// A file beside this one, whatever folder it is run from.
static string Beside(string file) => Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, file);

/// <summary>Scores twelve poses around the start, climbs from the best two of them and from the start, and keeps the best end.</summary>
internal sealed class SeveralStarts(IPoseOptimizer climber, double degrees) : IPoseOptimizer
{
    public string Name => FormattableString.Invariant($"several-starts({degrees} degrees, {climber.Name})");

    public bool EstimatesCovariance => climber.EstimatesCovariance;

    public PoseEstimate Optimize(PoseWorkspace workspace, Pose start)
    {
        var finest = workspace.Reference.Bands.Count - 1;
        var (steps, best) = (0, (PoseEstimate?)null);
        foreach (var from in Around(start).OrderByDescending(p => workspace.Score(finest, p).Objective).Take(2).Append(start))
        {
            var found = climber.Optimize(workspace, from);
            steps += found.Steps;
            best = best is null || found.Score.Objective > best.Score.Objective ? found : best;
        }

        return best! with { Steps = steps, StartScore = workspace.Score(finest, start) };
    }

    private IEnumerable<Pose> Around(Pose start)
    {
        for (var n = 0; n < 12; n++)
        {
            // The corners of an icosahedron: axes in all directions.
            var (a, b) = (n % 4 < 2 ? 0.5257 : -0.5257, n % 2 == 0 ? 0.8507 : -0.8507);
            double[] axis = (n / 4) switch { 0 => [0, a, b, 0, 0], 1 => [b, 0, a, 0, 0], _ => [a, b, 0, 0, 0] };
            yield return start.Step([.. axis.Select(v => v * degrees * Math.PI / 180)]);
        }
    }
}
