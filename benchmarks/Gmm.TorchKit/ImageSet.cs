using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.TorchKit;

/// <summary>Noisy discs of a model at known poses, and what the managed optimizer refines them against.</summary>
internal sealed class ImageSet
{
    private const double Noise = 200;
    private const double WrongDegrees = 1.5;

    private readonly float[][] _re;
    private readonly float[][] _im;
    private readonly float[][] _transfer;

    public ImageSet(PaperCase paper, int count)
    {
        (Disc, True) = (paper.Disc, PaperCase.Poses(count));
        var random = new Random(17);
        var scale = WrongDegrees * Math.PI / 180 / Math.Sqrt(3);
        double Wrong(double by) => by * PaperCase.Normal(random);
        Start = [.. True.Select(p => p.Step([Wrong(scale), Wrong(scale), Wrong(scale), Wrong(0.5), Wrong(0.5)]))];
        (_re, _im, _transfer) = (new float[count][], new float[count][], new float[count][]);
        var projector = new GriddingProjector(paper.Model, Disc, 1e-5);
        Parallel.For(0, count, b =>
        {
            var own = new Random(1000 + b);
            (_re[b], _im[b], _transfer[b]) = (new float[Disc.Count], new float[Disc.Count], new float[Disc.Count]);
            var ctf = new CtfParameters { DefocusU = 9000 + (6000 * own.NextDouble()), DefocusV = 9500 + (6000 * own.NextDouble()), DefocusAngleDegrees = 30 };
            new CtfEvaluator(Disc).FillTransfer(ctf, CtfState.Unmodified, _transfer[b]);
            projector.Project(True[b], _re[b], _im[b], projector.CreateScratch());
            for (var i = 0; i < Disc.Count; i++)
            {
                _re[b][i] = (float)((_re[b][i] * _transfer[b][i]) + (Noise * PaperCase.Normal(own)));
                _im[b][i] = (float)((_im[b][i] * _transfer[b][i]) + (Noise * PaperCase.Normal(own)));
            }
        });
        double[] power = new double[Disc.Radius + 1], weight = new double[Disc.Radius + 1];
        Array.Fill(power, 2 * Noise * Noise);
        Array.Fill(weight, 1);
        Reference = new PoseReference([new PoseBand(projector, new WhitenedCorrelationScorer(Disc, power, weight, 1), Disc.BoxLength / Disc.Radius)]);
    }

    public FourierDisc Disc { get; }

    public Pose[] True { get; }

    public Pose[] Start { get; }

    public PoseReference Reference { get; }

    public (Tensor Images, Tensor Transfers) On(Device device)
    {
        Tensor Rows(float[][] rows) => tensor(rows.SelectMany(r => r).ToArray()).reshape(rows.Length, Disc.Count).to(device);
        return (complex(Rows(_re), Rows(_im)), Rows(_transfer));
    }

    /// <summary>Poses by the managed optimizer on all processors.</summary>
    public PoseEstimate[] Managed()
    {
        var result = new PoseEstimate[Start.Length];
        Parallel.For(0, Start.Length, () => new PoseWorkspace(Reference), (b, _, workspace) =>
        {
            _re[b].CopyTo(workspace.Re, 0);
            _im[b].CopyTo(workspace.Im, 0);
            _transfer[b].CopyTo(workspace.Transfer, 0);
            workspace.Prepare();
            result[b] = new LevenbergMarquardtPoseOptimizer().Optimize(workspace, Start[b]);
            return workspace;
        }, _ => { });
        return result;
    }
}
