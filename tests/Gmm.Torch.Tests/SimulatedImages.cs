using Gmm.Core;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.Torch.Tests;

/// <summary>Discs of noisy images of a model, with what the managed optimizers need to refine them.</summary>
internal sealed class SimulatedImages
{
    private readonly float[][] _re;
    private readonly float[][] _im;
    private readonly float[][] _transfer;

    public SimulatedImages(int count, double noise = 4, int radius = 22, int gaussians = 150, double wrongDegrees = 2)
    {
        Disc = new FourierDisc(Samples.BoxLength, radius);
        Model = Samples.Model(gaussians);
        True = Samples.Poses(count);
        var random = new Random(17);
        (_re, _im, _transfer, Start) = (new float[count][], new float[count][], new float[count][], new Pose[count]);
        var projector = new DirectProjector<double>(Model, Disc);
        double[] re = new double[Disc.Count], im = new double[Disc.Count];
        for (var b = 0; b < count; b++)
        {
            _transfer[b] = new float[Disc.Count];
            var ctf = new CtfParameters
            {
                DefocusU = 9000 + (3000 * random.NextDouble()),
                DefocusV = 9500,
                DefocusAngleDegrees = 30,
                VoltageKilovolt = 300,
                SphericalAberrationMillimetre = 2.7,
                AmplitudeContrast = 0.1,
            };
            new CtfEvaluator(Disc).FillTransfer(ctf, CtfState.Unmodified, _transfer[b]);
            projector.Project(True[b], re, im, projector.CreateScratch());
            (_re[b], _im[b]) = (new float[Disc.Count], new float[Disc.Count]);
            for (var i = 0; i < Disc.Count; i++)
            {
                _re[b][i] = (float)((re[i] * _transfer[b][i]) + (noise * Draw.Normal(random)));
                _im[b][i] = (float)((im[i] * _transfer[b][i]) + (noise * Draw.Normal(random)));
            }

            Start[b] = Draw.Near(random, True[b], wrongDegrees, 0.7 * Math.Sqrt(2));
        }

        var power = new double[radius + 1];
        Array.Fill(power, 2 * noise * noise);
        var weight = Enumerable.Range(0, radius + 1).Select(q => 1.0 / (1 + Math.Exp((q - 18) / 2.0))).ToArray();
        Whitened = new WhitenedCorrelationScorer(Disc, power, weight, 1);
        Rings = new FourierRingCorrelationScorer(Disc, 3);
    }

    public FourierDisc Disc { get; }

    public GaussianModel Model { get; }

    public Pose[] True { get; }

    public Pose[] Start { get; }

    public WhitenedCorrelationScorer Whitened { get; }

    public FourierRingCorrelationScorer Rings { get; }

    public double Resolution => Disc.BoxLength / Disc.Radius;

    public PoseReference Reference(IPoseScorer scorer) => new([new PoseBand(new GriddingProjector(Model, Disc, 1e-6), scorer, Resolution)]);

    public PoseWorkspace Workspace(PoseReference reference, int image)
    {
        var workspace = new PoseWorkspace(reference);
        _re[image].CopyTo(workspace.Re, 0);
        _im[image].CopyTo(workspace.Im, 0);
        _transfer[image].CopyTo(workspace.Transfer, 0);
        workspace.Prepare();
        return workspace;
    }

    /// <summary>A prepared managed image.</summary>
    public IScoringImage Prepared(IPoseScorer scorer, int image)
    {
        var result = scorer.CreateImage();
        result.Prepare(_re[image], _im[image], _transfer[image]);
        return result;
    }

    /// <summary>[B, K] complex and [B, K].</summary>
    public (Tensor Images, Tensor Transfers) Tensors(ScalarType dtype = ScalarType.Float32)
    {
        Tensor Stack(float[][] rows) => stack(rows.Select(r => tensor(r)), 0).to(dtype);
        return (complex(Stack(_re), Stack(_im)), Stack(_transfer));
    }
}
