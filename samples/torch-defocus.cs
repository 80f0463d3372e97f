#:project ../src/Gmm.Torch/Gmm.Torch.csproj
#:project ../src/Gmm.Simulation/Gmm.Simulation.csproj
#:property PublishAot=false
// Learns each particle's defocus, and the beam tilt of all, from images by gradient descent through the CTF. Run: dotnet run samples/torch-defocus.cs
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Gmm.Simulation;
using Gmm.Torch;
using TorchSharp;
using static TorchSharp.torch;

var device = TorchDevices.Parse(args.FirstOrDefault() ?? "cpu"); // or cuda
manual_seed(1);

// Images of beta-galactosidase with a beam tilt of 0.8 milliradian that their files know nothing of, and its model to 4.5 angstrom.
const double tiltX = 0.8;
var atoms = SimulatedAtom.FromModel(AtomicModelFile.Read(Beside("../src/Gmm.Cli/Data/betagal/5a1a.pdb.gz")));
var tilt = new Aberrations(odd: Aberrations.BeamTilt(tiltX, 0, 2.7, new CtfParameters { DefocusU = 0, DefocusV = 0 }.WavelengthAngstrom));
var settings = new SimulationOptions { ParticleCount = 150, BoxSize = 96, PixelSize = 2, Snr = 2, SolventDensity = 0.06, Aberrations = [tilt] };
var (simulator, compute) = (new ParticleSimulator(atoms, settings), new ComputeOptions());
var particles = new InMemoryParticles([simulator.OpticsGroups[0] with { Aberrations = null }], simulator.TrueParticles, Images());
var model = new ModelBuilder().Build(simulator.RenderTrueMap(), null, new ModelBuildOptions { Resolution = 4.5, Gaussians = 800 }, compute).Model;

// All particles are one batch here. Their projections do not change; what multiplies them does.
using var data = new ParticleDataset(particles, resolution: 4.5);
var batch = data.ReadBatch(device: device);
using var projector = new TorchProjector(data.Disc);
using var gaussians = GaussianTensors.From(model, device, trainable: false);
using var poses = PoseTensors.From([.. particles.Particles.Select(p => p.Pose)], device, trainable: false);
var projections = projector.Project(gaussians.Centres, gaussians.Amplitudes, gaussians.Widths, poses.Rotations, poses.Shifts);
using var scorer = new TorchWhitenedScorer(data.Disc, data.NoisePower.ToArray(), Enumerable.Repeat(1.0, data.Disc.Radius + 1).ToArray(), 1);
using var prepared = scorer.Prepare(batch["image"], ones_like(batch["transfer"]));

// The start: every defocus 300 angstrom off, to one side or the other, and no beam tilt.
CtfParameters[] truth = [.. particles.Particles.Select(p => p.Ctf)];
using var optics = CtfTensors.From(
    [.. truth.Select((c, i) => c with { DefocusU = c.DefocusU + (i % 2 * 600) - 300, DefocusV = c.DefocusV + (i % 2 * 600) - 300 })], device: device);
using var ctf = new TorchCtf(data.Disc);
using var ofDefocus = optim.Adam([optics.DefocusU, optics.DefocusV], 20); // angstrom
using var ofTilt = optim.Adam([optics.BeamTilt], 0.03); // milliradian
var before = Error();
for (var step = 0; step < 60; step++)
{
    using var scope = NewDisposeScope();
    ofDefocus.zero_grad();
    ofTilt.zero_grad();
    var terms = optics.call(batch["index"]);
    var gain = scorer.call(prepared, projections * ctf.call(terms) * ctf.OddFactor(terms)).Objective.sum();
    (-gain).backward();
    ofDefocus.step();
    ofTilt.step();
    if (step % 20 == 0)
    {
        Console.WriteLine($"step {step,2}: log-likelihood gain {gain.item<float>():F0}, defocus off by {Error():F0} A (rms), beam tilt {Tilt():F2} mrad");
    }
}

Console.WriteLine($"defocus off by {before:F0} A (rms) before, {Error():F0} after; beam tilt {Tilt():F2} mrad, true {tiltX}");
return Error() < 0.4 * before && Math.Abs(Tilt() - tiltX) < 0.2 ? 0 : 1;

double Tilt() => optics.BeamTilt[0, 0].item<double>();

double Error() =>
    Math.Sqrt(optics.ToParameters().Zip(truth, (a, b) => Math.Pow(((a.DefocusU + a.DefocusV) - (b.DefocusU + b.DefocusV)) / 2, 2)).Average());

ReadOnlyMemory<float>[] Images()
{
    var images = new ReadOnlyMemory<float>[settings.ParticleCount];
    simulator.Render((i, pixels) => images[i] = pixels.ToArray());
    return images;
}

// A file beside this one, whatever folder it is run from.
static string Beside(string file) => Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, file);
