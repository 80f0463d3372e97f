#:project ../src/Gmm.Refinement/Gmm.Refinement.csproj
#:project ../src/Gmm.Simulation/Gmm.Simulation.csproj
#:property PublishAot=false
// A projector of one's own: another one's images with an envelope. Run: dotnet run samples/custom-projector.cs
using System.Numerics.Tensors;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;
using Gmm.Simulation;

var atoms = SimulatedAtom.FromModel(AtomicModelFile.Read(Beside("../src/Gmm.Cli/Data/betagal/5a1a.pdb.gz")));
var simulator = new ParticleSimulator(atoms, new SimulationOptions { ParticleCount = 150, BoxSize = 64, PixelSize = 3.5, Snr = 0.5, SolventDensity = 0.06 });
var images = new ReadOnlyMemory<float>[simulator.Options.ParticleCount];
simulator.Render((i, pixels) => images[i] = pixels.ToArray());
var particles = new InMemoryParticles(simulator.OpticsGroups, simulator.DisturbedParticles, images);

var damped = Projectors.Of("damped(B 50)", (model, disc) => new DampedProjector(new GriddingProjector(model, disc), 50));
var loop = new RefinementLoop(particles, new RefinementOptions { Gaussians = 1500, Projector = damped }, new ComputeOptions());
var state = loop.Next(loop.Start());
var before = PoseErrors.Compare(simulator.TrueParticles, [.. simulator.DisturbedParticles.Select(p => p.Pose)]).RotationMedian;
var after = PoseErrors.Compare(simulator.TrueParticles, state.Poses).RotationMedian;
Console.WriteLine($"pose errors (median): {before:F2} degrees before, {after:F2} after one iteration");
return after < 0.8 * before ? 0 : 1;

// A file beside this one, whatever folder it is run from.
static string Beside(string file) => Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, file);

/// <summary>Another projector's images times exp(-B |k|^2 / 4); a negative B sharpens.</summary>
internal sealed class DampedProjector : IProjector<float>
{
    private readonly IProjector<float> _inner;
    private readonly float[] _envelope;

    public DampedProjector(IProjector<float> inner, double bFactor)
    {
        _inner = inner;
        _envelope = new float[Disc.Count];
        for (var q = 0; q <= Disc.Radius; q++)
        {
            _envelope.AsSpan(Disc.RingStart(q)..Disc.RingStart(q + 1)).Fill((float)Math.Exp(-bFactor * Math.Pow(q / Disc.BoxLength, 2) / 4));
        }
    }

    public GaussianModel Model => _inner.Model;

    public FourierDisc Disc => _inner.Disc;

    public IProjectorScratch CreateScratch() => _inner.CreateScratch();

    public void Project(in Pose pose, Span<float> re, Span<float> im, IProjectorScratch scratch)
    {
        _inner.Project(pose, re, im, scratch);
        Damp(re, im);
    }

    public void ProjectWithPoseDerivatives(in Pose pose, PoseJacobian<float> result, IProjectorScratch scratch)
    {
        _inner.ProjectWithPoseDerivatives(pose, result, scratch);
        Damp(result.Re, result.Im);
        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            Damp(result.DerivativeRe(p), result.DerivativeIm(p));
        }
    }

    public void VectorJacobianProduct(
        in Pose pose, ReadOnlySpan<float> gradientRe, ReadOnlySpan<float> gradientIm, ModelGradient<float>? model, Span<float> poseGradient,
        IProjectorScratch scratch)
    {
        float[] re = [.. gradientRe], im = [.. gradientIm];
        Damp(re, im);
        _inner.VectorJacobianProduct(pose, re, im, model, poseGradient, scratch);
    }

    private void Damp(Span<float> re, Span<float> im)
    {
        TensorPrimitives.Multiply(re, _envelope, re);
        TensorPrimitives.Multiply(im, _envelope, im);
    }
}
