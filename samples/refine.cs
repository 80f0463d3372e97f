#:project ../src/Gmm.Refinement/Gmm.Refinement.csproj
#:project ../src/Gmm.Simulation/Gmm.Simulation.csproj
#:property PublishAot=false
// The whole job inside a program: particles in memory, poses 3 degrees off, refined. Run: dotnet run samples/refine.cs (Ctrl-C stops it).
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Gmm.Simulation;

using var interrupt = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) => { e.Cancel = true; interrupt.Cancel(); };

// Images of beta-galactosidase, simulated; any IParticleSource does, such as StarParticles.Open("particles.star").
var atoms = SimulatedAtom.FromModel(AtomicModelFile.Read(Beside("../src/Gmm.Cli/Data/betagal/5a1a.pdb.gz")));
var simulator = new ParticleSimulator(atoms, new SimulationOptions { ParticleCount = 300, BoxSize = 64, PixelSize = 3.5, Snr = 0.5, SolventDensity = 0.06 });
var images = new ReadOnlyMemory<float>[simulator.Options.ParticleCount];
simulator.Render((i, pixels) => images[i] = pixels.ToArray());
var particles = new InMemoryParticles(simulator.OpticsGroups, simulator.DisturbedParticles, images);

var loop = new RefinementLoop(particles, new RefinementOptions { Iterations = 3, Gaussians = 1500 }, new ComputeOptions());
var progress = new Progress<RefinementProgress>(p => Console.Error.Write($"\r{p.Iteration}: {p.Stage} {p.Done}/{p.Total}        "));
try
{
    var state = loop.Start(progress, interrupt.Token);
    for (Show(state); !loop.IsFinished(state); Show(state))
    {
        state = loop.Next(state, progress, interrupt.Token);
    }
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("\nstopped");
    return 130;
}

return 0;

void Show(RefinementState state) => Console.WriteLine(
    $"iteration {state.Iteration}: {state.Resolution:F2} A, pose error {PoseErrors.Compare(simulator.TrueParticles, state.Poses).RotationMedian:F2} "
    + "degrees (median)");

// A file beside this one, whatever folder it is run from.
static string Beside(string file) => Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, file);
