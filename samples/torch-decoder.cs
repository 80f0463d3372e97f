#:project ../src/Gmm.Torch/Gmm.Torch.csproj
#:project ../src/Gmm.Simulation/Gmm.Simulation.csproj
#:property PublishAot=false
// A neural decoder of one's own, trained on images; the particles' latent coordinates are learnt too. Run: dotnet run samples/torch-decoder.cs
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Gmm.Simulation;
using Gmm.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

var device = TorchDevices.Parse(args.FirstOrDefault() ?? "cpu"); // or cuda
manual_seed(1);
// Beta-galactosidase, of which one end nods by up to 10 degrees to each side.
var atoms = SimulatedAtom.FromModel(AtomicModelFile.Read(Beside("../src/Gmm.Cli/Data/betagal/5a1a.pdb.gz")));
var (x, y, z) = SimulatedAtom.CentreOfMass(atoms);
int[] end = [.. Enumerable.Range(0, atoms.Count).Where(i => atoms[i].X > x + 10)];
var domain = new MovingDomain { Name = "end", Atoms = end, Hinge = new DomainHinge { Point = (x + 10, y, z), Axis = (0, 1, 0), RangeDegrees = 10 } };
var motion = new SimulatedMotion { Domains = [domain] };
var settings = new SimulationOptions { ParticleCount = 200, BoxSize = 64, PixelSize = 3.5, Snr = 2, SolventDensity = 0.06, Motion = motion };
var simulator = new ParticleSimulator(atoms, settings);
var angles = simulator.Motion!.AnglesOf(0).Select(a => (float)a).ToArray();
var neutral = new ModelBuilder().Build(simulator.RenderTrueMap(), null, new ModelBuildOptions { Resolution = 11, Gaussians = 200 }, new ComputeOptions()).Model;

using var data = new ParticleDataset(simulator.AsSource(disturbed: false), resolution: 11);
using var gaussians = GaussianTensors.From(neutral, device, trainable: false);
using var decoder = new MotionField(gaussians.Centres.detach(), settings.ParticleCount).to(device);
using var projector = new TorchProjector(data.Disc);
using var scorer = new TorchWhitenedScorer(data.Disc, data.NoisePower.ToArray(), Enumerable.Repeat(1.0, data.Disc.Radius + 1).ToArray(), 1);
using var adam = optim.Adam(decoder.parameters(), 0.015);
for (var epoch = 0; epoch < 12; epoch++)
{
    using var loader = utils.data.DataLoader(data, 20, shuffle: true, device: device, seed: epoch);
    foreach (var batch in loader)
    {
        using var scope = NewDisposeScope();
        using var prepared = scorer.Prepare(batch["image"], batch["transfer"]);
        adam.zero_grad();
        var images = projector.ProjectDeformed(gaussians, decoder.call(batch["index"]), TorchRotations.FromEuler(batch["angles"]), batch["shifts"]);
        // The latent points are held near the standard normal distribution.
        (0.5 * decoder.Latents.index_select(0, batch["index"]).square().sum() - scorer.call(prepared, images).Objective.sum()).backward();
        adam.step();
    }

    Console.WriteLine($"epoch {epoch + 1,2}: correlation of latent coordinate and true angle {Correlation():F3}");
}

return Correlation() > 0.85 ? 0 : 1;
double Correlation() => Math.Abs(corrcoef(stack([decoder.Latents.detach().cpu().squeeze(1), tensor(angles)]))[0, 1].item<float>());

// A file beside this one, whatever folder it is run from.
static string Beside(string file) => Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, file);

/// <summary>Particles' places in the set to deformations: displacement = f(z, c) - f(0, c) for the latent coordinate z and a Gaussian at c.</summary>
internal sealed class MotionField : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> network = nn.Sequential(nn.Linear(4, 32), nn.ELU(), nn.Linear(32, 32), nn.ELU(), nn.Linear(32, 3));
    private readonly Parameter latents;
    private readonly Tensor places;

    public MotionField(Tensor centres, int particles)
        : base(nameof(MotionField))
    {
        (places, latents) = (centres / 50, new Parameter(randn(particles, 1) * 0.1));
        RegisterComponents();
    }

    public Parameter Latents => latents;
    public override Tensor forward(Tensor index)
    {
        var z = latents.index_select(0, index).unsqueeze(1).expand(-1, places.shape[0], -1);
        Tensor Moved(Tensor at) => network.call(cat([at, places.expand(index.shape[0], -1, -1)], 2));
        var displacements = ((Moved(z) - Moved(zeros_like(z))) * 10).transpose(1, 2);
        return cat([displacements, zeros_like(displacements.narrow(1, 0, 1))], 1);
    }
}
