using BenchmarkDotNet.Attributes;
using Gmm.Core;

namespace Gmm.Benchmarks;

/// <summary>One projection of 4,000 Gaussians on a disc of radius 50, with its pose derivatives, its transpose and its score.</summary>
[MemoryDiagnoser]
public class ProjectionBenchmarks
{
    private static readonly Pose View = new(Rotation.FromRotationVector(0.4, -1.1, 0.7), 1.3, -0.6);
    private readonly float[] _poseGradient = new float[Pose.ParameterCount];
    private readonly double[] _gradient = new double[Pose.ParameterCount];
    private readonly double[] _matrix = new double[Pose.ParameterCount * Pose.ParameterCount];
    private IProjector<float> _projector = null!;
    private IProjectorScratch _scratch = null!;
    private PoseJacobian<float> _jacobian = null!;
    private ModelGradient<float> _modelGradient = null!;
    private WhitenedImage _whitened = null!;
    private IScoringImage _mean = null!;
    private float[] _re = null!;
    private float[] _im = null!;

    [Params(false, true)]
    public bool Gridding { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        const int count = 4000;
        const int box = 160;
        float[] Column(int seed, float scale, float offset) => [.. Samples.Random(count * (seed + 1)).Skip(count * seed).Select(v => (scale * v) + offset)];
        var model = new GaussianModel(Column(0, 80, 0), Column(1, 80, 0), Column(2, 80, 0), Column(3, 0.5f, 1), Column(4, 0.4f, 1), box, 1);
        var disc = new FourierDisc(box, 50);
        _projector = Gridding ? new GriddingProjector(model, disc) : new DirectProjector<float>(model, disc);
        _scratch = _projector.CreateScratch();
        _jacobian = new PoseJacobian<float>(disc);
        _modelGradient = new ModelGradient<float>(count);
        var ones = new double[disc.Radius + 1];
        Array.Fill(ones, 1);
        _whitened = new WhitenedCorrelationScorer(disc, ones, ones, 1).CreateImage();
        _mean = new FourierRingCorrelationScorer(disc).CreateImage();
        (_re, _im) = (Samples.Random(disc.Count), Samples.Random(disc.Count));
        _whitened.Prepare(_re, _im, _re);
        _mean.Prepare(_re, _im, _re);
    }

    [Benchmark]
    public void Project() => _projector.Project(View, _jacobian.Re, _jacobian.Im, _scratch);

    [Benchmark]
    public void ProjectWithPoseDerivatives() => _projector.ProjectWithPoseDerivatives(View, _jacobian, _scratch);

    [Benchmark]
    public void VectorJacobianProduct() => _projector.VectorJacobianProduct(View, _re, _im, _modelGradient, _poseGradient, _scratch);

    [Benchmark]
    public PoseScore ScoreWhitened()
    {
        _projector.ProjectWithPoseDerivatives(View, _jacobian, _scratch);
        return _whitened.Evaluate(_jacobian, _gradient, _matrix);
    }

    [Benchmark]
    public PoseScore ScoreRingCorrelation()
    {
        _projector.ProjectWithPoseDerivatives(View, _jacobian, _scratch);
        return _mean.Evaluate(_jacobian, _gradient, _matrix);
    }
}
