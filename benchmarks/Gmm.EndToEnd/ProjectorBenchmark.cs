using Gmm.Core;

namespace Gmm.EndToEnd;

/// <summary>The gridding projector against the direct sum, one thread: time and worst ring.</summary>
internal static class ProjectorBenchmark
{
    private const int Rounds = 15;
    private const int ErrorPoses = 5;

    public static void Run()
    {
        Console.WriteLine("| case | widths | direct ms | gridding ms | ratio (min / median) | with pose derivatives: direct ms | gridding ms | ratio "
            + "| worst ring, direct float | worst ring, gridding | worst ring, derivatives | grid | gridding scratch MB |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        Measure(7374, 240, 0.86, 3, true);
        Measure(7374, 240, 0.86, 3, false);
        Measure(15174, 256, 0.84, 2.8, true);
        Measure(15174, 256, 0.84, 2.8, false);
        Console.WriteLine();
        Console.WriteLine("Times are minimum / median of one call; a ring's error is its rms difference from the direct sum in float64 over its rms, "
            + "the worst of all rings from 1 and of five poses.");
        Console.WriteLine($"load average {Machine.Load()} at the end");
    }

    private static void Measure(int count, int box, double pixelSize, double resolution, bool fitted)
    {
        var model = SampleModel.Make(count, box, pixelSize, resolution, fitted);
        var disc = FourierDisc.ForResolution(box, pixelSize, resolution);
        var direct = new DirectProjector<float>(model, disc);
        var gridding = new GriddingProjector(model, disc);
        IProjectorScratch ds = direct.CreateScratch(), gs = gridding.CreateScratch();
        float[] re = new float[disc.Count], im = new float[disc.Count];
        var jacobian = new PoseJacobian<float>(disc);
        var pose = new Pose(Rotation.FromRotationVector(0.4, -1.1, 0.7), 1.3, -0.6);
        var t = Timing.Interleaved(
            Rounds,
            (1, () => direct.Project(pose, re, im, ds)),
            (30, () => gridding.Project(pose, re, im, gs)),
            (1, () => direct.ProjectWithPoseDerivatives(pose, jacobian, ds)),
            (20, () => gridding.ProjectWithPoseDerivatives(pose, jacobian, gs)));
        var (worstDirect, worst, worstDerivative) = Errors(model, disc, direct, gridding);
        Console.WriteLine(
            $"| N={count}, box {box}, {pixelSize} A, {resolution} A | {(fitted ? "fitted" : "0.8-1.3 A")} | {t[0]} | {t[1]} | "
            + $"{t[0].Minimum / t[1].Minimum:F1} / {t[0].Median / t[1].Median:F1} | {t[2]} | {t[3]} | "
            + $"{t[2].Minimum / t[3].Minimum:F1} / {t[2].Median / t[3].Median:F1} | {worstDirect:E1} | {worst:E1} | {worstDerivative:E1} | "
            + $"{gridding.GridSize} | {gs.Bytes / 1e6:F1} |");
    }

    /// <summary>The worst ring of both float projectors against float64, and of the gridding projector's derivative images.</summary>
    private static (double Direct, double Gridding, double Derivatives) Errors(
        GaussianModel model, FourierDisc disc, DirectProjector<float> direct, GriddingProjector gridding)
    {
        var exact = new DirectProjector<double>(model, disc);
        IProjectorScratch es = exact.CreateScratch(), ds = direct.CreateScratch(), gs = gridding.CreateScratch();
        var reference = new PoseJacobian<double>(disc);
        PoseJacobian<float> a = new(disc), b = new(disc);
        double worstDirect = 0, worst = 0, worstDerivative = 0;
        for (var n = 0; n < ErrorPoses; n++)
        {
            var random = new SeededGenerator(7, 102, n);
            var pose = new Pose(random.Rotation(), 3 * random.Normal(), 3 * random.Normal());
            exact.ProjectWithPoseDerivatives(pose, reference, es);
            direct.Project(pose, a.Re, a.Im, ds);
            gridding.ProjectWithPoseDerivatives(pose, b, gs);
            worstDirect = Math.Max(worstDirect, WorstRing(disc, a.Re, a.Im, reference.Re, reference.Im));
            worst = Math.Max(worst, WorstRing(disc, b.Re, b.Im, reference.Re, reference.Im));
            for (var p = 0; p < Pose.ParameterCount; p++)
            {
                worstDerivative = Math.Max(
                    worstDerivative, WorstRing(disc, b.DerivativeRe(p), b.DerivativeIm(p), reference.DerivativeRe(p), reference.DerivativeIm(p)));
            }
        }

        return (worstDirect, worst, worstDerivative);
    }

    private static double WorstRing(FourierDisc disc, ReadOnlySpan<float> re, ReadOnlySpan<float> im, ReadOnlySpan<double> trueRe, ReadOnlySpan<double> trueIm)
    {
        double worst = 0;
        for (var q = 1; q <= disc.Radius; q++)
        {
            double error = 0, power = 0;
            for (var i = disc.RingStart(q); i < disc.RingStart(q + 1); i++)
            {
                error += Math.Pow(re[i] - trueRe[i], 2) + Math.Pow(im[i] - trueIm[i], 2);
                power += Math.Pow(trueRe[i], 2) + Math.Pow(trueIm[i], 2);
            }

            worst = Math.Max(worst, Math.Sqrt(error / power));
        }

        return worst;
    }
}
