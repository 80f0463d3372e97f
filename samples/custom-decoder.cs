#:project ../src/Gmm.Heterogeneity/Gmm.Heterogeneity.csproj
#:project ../src/Gmm.Simulation/Gmm.Simulation.csproj
#:property PublishAot=false
// A decoder of one's own: a domain turns about a hinge whose place is known; one latent coordinate, one weight. Run: dotnet run samples/custom-decoder.cs
using System.Numerics.Tensors;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Simulation;

// Beta-galactosidase, of which one end nods by up to 8 degrees to each side.
var atoms = SimulatedAtom.FromModel(AtomicModelFile.Read(Beside("../src/Gmm.Cli/Data/betagal/5a1a.pdb.gz")));
var (x, y, z) = SimulatedAtom.CentreOfMass(atoms);
int[] end = [.. Enumerable.Range(0, atoms.Count).Where(i => atoms[i].X > x + 10)];
var domain = new MovingDomain { Name = "end", Atoms = end, Hinge = new DomainHinge { Point = (x + 10, y, z), Axis = (0, 1, 0), RangeDegrees = 8 } };
var motion = new SimulatedMotion { Domains = [domain] };
var settings = new SimulationOptions { ParticleCount = 500, BoxSize = 64, PixelSize = 3.5, Snr = 2, SolventDensity = 0.06, Motion = motion };
var (simulator, compute) = (new ParticleSimulator(atoms, settings), new ComputeOptions());
var particles = simulator.AsSource(disturbed: false);
var maps = new FourierReconstructor().ReconstructHalves(new ReconstructionInput(particles), new ReconstructionOptions(), compute);
GaussianModel Model(HalfMap map) => new ModelBuilder().Build(map, null, new ModelBuildOptions { Resolution = 9, Gaussians = 300 }, compute).Model;
// The analysis with that decoder: its one weight starts at 0.03 radians for each unit of the latent coordinate, a small motion of the right kind.
var hinge = Decoders.Of("hinge(x 10)", context => new HingeDecoder(context.Model, context.FocusWeights, 10, new WeightBlock("angle", [1.5f])));
var options = new HeterogeneityOptions { LatentDimension = 1, Resolution = 9, Folds = 2, Focus = simulator.MakeDomainMask(0), Decoder = hinge };
var result = new HeterogeneityAnalysis(particles, Model(maps.Half1), Model(maps.Half2), options, compute).Run();
double[] agreement = [Correlation(half: 1), Correlation(half: 2)];
Console.WriteLine($"motion found: {result.MotionFound}; correlation of latent coordinate and true angle: {agreement[0]:F3} and {agreement[1]:F3}");
return result.MotionFound && agreement.Min() > 0.9 ? 0 : 1;

double Correlation(int half)
{
    int[] members = [.. Enumerable.Range(0, settings.ParticleCount).Where(i => result.Latents.Halves[i] == half)];
    double[] Centred(Func<int, double> of) => [.. members.Select(i => of(i) - members.Average(of))];
    return Math.Abs(TensorPrimitives.CosineSimilarity<double>(Centred(i => result.Latents.Points[i][0]), Centred(i => simulator.Motion!.AnglesOf(0)[i])));
}

// A file beside this one, whatever folder it is run from.
static string Beside(string file) => Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, file);

/// <summary>Turns what the focus covers about a line along y at x. The control, an angle in 1/50 radian, is the weight times the latent coordinate.</summary>
internal sealed class HingeDecoder(GaussianModel model, ReadOnlyMemory<float> focus, float x, WeightBlock weight) : ITrainableDecoder, IDeformer, IBatchPass
{
    private float[] _latent = [];
    public int LatentDimension => 1;
    public int GaussianCount => model.Count;
    public int ControlCount => 1;
    public IReadOnlyList<WeightBlock> Weights { get; } = [weight];
    public IDeformer Deformer => this;
    public IBatchPass CreatePass() => new HingeDecoder(model, focus, x, weight);
    public ITrainableDecoder On(GaussianModel other, ReadOnlyMemory<float> mask) => new HingeDecoder(other, mask, x, weight);
    public void Transform(ReadOnlySpan<double> matrix) => weight.Values[0] *= (float)matrix[0];
    public void Velocities(ReadOnlySpan<float> z, IReadOnlyList<ModelDeformation> columns) => Fill(weight.Values[0] * z[0], weight.Values[0], columns[0]);
    public void Apply(ReadOnlySpan<float> controls, ModelDeformation result) => Fill(controls[0], null, result);
    public void Velocity(ReadOnlySpan<float> controls, ReadOnlySpan<float> rates, ModelDeformation result) => Fill(controls[0], rates[0], result);
    public void PullToControls(ReadOnlySpan<float> controls, ModelGradient<float> gradient, Span<float> result)
    {
        var velocity = new ModelDeformation(model.Count);
        Fill(controls[0], 1, velocity);
        result[0] = TensorPrimitives.Dot<float>(velocity.X, gradient.X) + TensorPrimitives.Dot<float>(velocity.Z, gradient.Z);
    }

    public float[] Forward(ReadOnlySpan<float> inputs, int rows) => [.. (_latent = inputs[..rows].ToArray()).Select(z => weight.Values[0] * z)];
    public float[] Backward(ReadOnlySpan<float> outputs, IReadOnlyList<float[]> gradients)
    {
        gradients.FirstOrDefault([0f])[0] += TensorPrimitives.Dot<float>(outputs[.._latent.Length], _latent); // an empty list: not wanted
        return [.. outputs[.._latent.Length].ToArray().Select(d => weight.Values[0] * d)];
    }

    private void Fill(float control, float? rate, ModelDeformation result)
    {
        var (sin, cos) = MathF.SinCos(control / 50);
        result.Clear();
        for (var j = 0; j < model.Count; j++)
        {
            var (u, w, f) = (model.X[j] - x, model.Z[j], focus.Span[j]);
            var (turnedU, turnedW) = ((cos * u) + (sin * w), (cos * w) - (sin * u));
            (result.X[j], result.Z[j]) = rate is { } r ? (f * r / 50 * turnedW, -f * r / 50 * turnedU) : (f * (turnedU - u), f * (turnedW - w));
        }
    }
}
