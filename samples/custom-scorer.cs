#:project ../src/Gmm.Refinement/Gmm.Refinement.csproj
#:project ../src/Gmm.Simulation/Gmm.Simulation.csproj
#:property PublishAot=false
// A scorer of one's own: a robust likelihood, to which wild coefficients (stripes of interference) mean little. Run: dotnet run samples/custom-scorer.cs
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Gmm.Simulation;

var atoms = SimulatedAtom.FromModel(AtomicModelFile.Read(Beside("../src/Gmm.Cli/Data/betagal/5a1a.pdb.gz")));
var simulator = new ParticleSimulator(atoms, new SimulationOptions { ParticleCount = 150, BoxSize = 64, PixelSize = 3.5, Snr = 0.5, SolventDensity = 0.06 });
var images = new ReadOnlyMemory<float>[simulator.Options.ParticleCount];
simulator.Render((i, pixels) => images[i] = Striped(pixels.ToArray(), new Random(i)));
var particles = new InMemoryParticles(simulator.OpticsGroups, simulator.DisturbedParticles, images);

var student = Scorers.Of("student-t(nu 4)", isLogLikelihood: true, context => new StudentScorer(context, nu: 4));
var (robust, whitened) = (Refine(student), Refine(Scorers.Whitened));
Console.WriteLine($"pose errors (median) on images with stripes: robust {robust:F2}, whitened {whitened:F2} degrees");
return robust < whitened ? 0 : 1;

double Refine(IScorerFactory scorer)
{
    var loop = new RefinementLoop(particles, new RefinementOptions { Gaussians = 1500, Scorer = scorer }, new ComputeOptions());
    return PoseErrors.Compare(simulator.TrueParticles, loop.Next(loop.Start()).Poses).RotationMedian;
}

// Eight waves of other directions and lengths in every image, their coefficients about twelve times the noise.
static float[] Striped(float[] pixels, Random random)
{
    for (var wave = 0; wave < 8; wave++)
    {
        double kx = random.Next(2, 14), ky = random.Next(-13, 14);
        pixels = [.. pixels.Select((v, i) => v + (0.3f * (float)Math.Cos(2 * Math.PI * ((kx * (i % 64)) + (ky * (i / 64))) / 64)))];
    }

    return pixels;
}

// A file beside this one, whatever folder it is run from.
static string Beside(string file) => Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, file);

/// <summary>log p = -(nu + 2) / 2 log(1 + |r|^2 / nu) of every whitened coefficient r = w (D - T F): a Student t distribution in two dimensions.</summary>
internal sealed class StudentScorer(ScoringContext context, double nu) : IPoseScorer
{
    private readonly WhitenedCorrelationScorer _weights = new(context.Disc, context.NoisePower, context.ReferenceWeight, context.ReferenceScale);

    public FourierDisc Disc => _weights.Disc;
    public bool IsLogLikelihood => true;
    public IScoringImage CreateImage() => new StudentImage(_weights.CreateImage(), nu);
}

internal sealed class StudentImage(WhitenedImage image, double nu) : IScoringImage
{
    public void Prepare(ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<float> transfer) => image.Prepare(re, im, transfer);
    public PoseScore Score(PoseJacobian<float> projection) => Evaluate(projection, [], []);

    public PoseScore Evaluate(PoseJacobian<float> projection, Span<double> gradient, Span<double> gaussNewton)
    {
        gradient.Clear();
        gaussNewton.Clear();
        double objective = 0, product = 0, power = 0;
        Span<float> dr = stackalloc float[gradient.Length], di = stackalloc float[gradient.Length];
        for (var i = 0; i < image.Disc.Count; i++)
        {
            float re = image.Re[i], im = image.Im[i], t = image.Transfer[i], fr = t * projection.Re[i], fi = t * projection.Im[i];
            double residual = Math.Pow(re - fr, 2) + Math.Pow(im - fi, 2), weight = (nu + 2) / (nu + residual);
            objective += 0.5 * (nu + 2) * Math.Log((nu + (re * re) + (im * im)) / (nu + residual)); // the gain over "no signal"
            (product, power) = (product + (re * fr) + (im * fi), power + (fr * fr) + (fi * fi));
            for (var p = 0; p < dr.Length; p++)
            {
                (dr[p], di[p]) = (t * projection.DerivativeRe(p)[i], t * projection.DerivativeIm(p)[i]);
                gradient[p] += weight * (((re - fr) * dr[p]) + ((im - fi) * di[p]));
                for (var q = 0; q <= p; q++)
                {
                    gaussNewton[(q * dr.Length) + p] = gaussNewton[(p * dr.Length) + q] += weight * ((dr[p] * dr[q]) + (di[p] * di[q]));
                }
            }
        }

        return new PoseScore(objective, product / Math.Max(Math.Sqrt(power * image.Power), 1e-30), product / Math.Max(power, 1e-30));
    }
}
