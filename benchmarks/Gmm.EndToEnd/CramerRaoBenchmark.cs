using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.EndToEnd;

/// <summary>Pose errors in white noise of known power, with the true model, beside the Cramer-Rao bound.</summary>
internal static class CramerRaoBenchmark
{
    private const int Gaussians = 2000;
    private const int Box = 128;
    private const double PixelSize = 1.05;
    private const double Resolution = 3;
    private const double BFactor = 30;
    private static readonly double[] Ratios = [8, 3, 1, 0.4];

    private sealed record Method(string Name, IPoseOptimizer Optimizer, bool Whitened, bool Coarse = false);

    private static readonly Method[] Methods =
    [
        new("(a) LM, whitened, full band", new LevenbergMarquardtPoseOptimizer(), true),
        new("(a') LM, whitened, two coarse bands first", new LevenbergMarquardtPoseOptimizer(), true, true),
        new("(b) Adam, mean FRC, 10 steps (published)", new AdamPoseOptimizer(), false),
        new("(b') Adam, mean FRC, 40 steps", new AdamPoseOptimizer(40), false),
        new("(c) LM, mean FRC", new LevenbergMarquardtPoseOptimizer(), false),
        new("(d) Adam, whitened, 10 steps", new AdamPoseOptimizer(), true),
    ];

    public static void Run(int count)
    {
        var model = SampleModel.Make(Gaussians, Box, PixelSize, Resolution, fittedWidths: true);
        var images = new SimulatedImages(model, Resolution, count, 3, 1, BFactor);
        var fisher = UnitInformation(images);
        Console.WriteLine($"N={Gaussians}, box {Box}, {PixelSize} A, {Resolution} A, envelope B = {BFactor} A^2, "
            + $"{count} particles from 3 degrees and 1 A rms off; white noise of known power; the true model.");
        Console.WriteLine();
        Console.WriteLine("| SNR | method | rms rotation | bound | ratio | rms shift | bound | ratio | mean steps (max) | over 10 degrees | variance "
            + "of normalised errors: wx wy wz x y | together |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var snr in Ratios)
        {
            var sigma = images.Sigma(snr);
            var source = images.WithNoise(sigma);
            var bound = Bound(fisher, sigma);
            foreach (var method in Methods)
            {
                var results = new PoseEstimate?[count];
                var refiner = new ParticlePoseRefiner(source, method.Optimizer, [Reference(model, images.Disc, method, sigma)], Resolution);
                refiner.Refine([.. Enumerable.Range(0, count)], images.Starts, results, new ComputeOptions());
                Print(snr, method, PoseErrorSums.Of(images.Particles, results), bound);
            }
        }

        Console.WriteLine();
        Console.WriteLine("SNR: mean signal power over the molecule's mean silhouette, relative to the noise of a pixel. Rms: "
            + "rotation about three axes together, degrees; shift of both axes, angstrom.");
        Console.WriteLine($"load average {Machine.Load()} at the end");
    }

    private static void Print(double snr, Method method, PoseErrorSums errors, (double Degrees, double Angstrom) bound)
    {
        var (rotation, shift) = errors.Rms;
        var hasCovariance = errors.Normalised.All(double.IsFinite);
        Console.WriteLine(
            $"| {snr} | {method.Name} | {rotation:F3} | {bound.Degrees:F3} | {rotation / bound.Degrees:F2} | {shift:F3} | {bound.Angstrom:F3} | "
            + $"{shift / bound.Angstrom:F2} | "
            + $"{errors.MeanSteps:F2} ({errors.MaximumSteps}) | {100 * errors.OutlierShare:F1} % | "
            + (hasCovariance ? $"{string.Join(' ', errors.Normalised.Select(v => v.ToString("F2")))} | {errors.Mahalanobis:F2} |" : "- | - |"));
    }

    private static PoseReference Reference(GaussianModel model, FourierDisc disc, Method method, double sigma)
    {
        if (!method.Whitened)
        {
            // The published first ring, 25 angstrom.
            var scorer = new FourierRingCorrelationScorer(disc, disc.RingOfResolution(25));
            return new PoseReference([new PoseBand(new GriddingProjector(model, disc), scorer, Resolution)]);
        }

        PoseBand Band(FourierDisc d, double resolution)
        {
            double[] noise = new double[d.Radius + 1], weight = new double[d.Radius + 1];
            Array.Fill(noise, sigma * sigma * Box * Box);
            Array.Fill(weight, 1);
            return new PoseBand(new GriddingProjector(model, d), new WhitenedCorrelationScorer(d, noise, weight, Math.Pow(PixelSize, -3)), resolution);
        }

        // As PoseReferenceFactory makes them.
        double[] coarse = method.Coarse ? [Math.Max(16, 3 * Resolution), Math.Max(8, 1.8 * Resolution)] : [];
        return new PoseReference([.. coarse.Select(r => Band(FourierDisc.ForResolution(Box, PixelSize, r), r)), Band(disc, Resolution)]);
    }

    /// <summary>The Fisher information of each particle's pose for noise of standard deviation 1, from float64 derivatives of the direct sum.</summary>
    private static double[][] UnitInformation(SimulatedImages images)
    {
        const int n = Pose.ParameterCount;
        var disc = images.Disc;
        var evaluator = new CtfEvaluator(disc);
        var result = new double[images.Particles.Count][];
        Parallel.For(0, result.Length, () => (images.Exact.CreateScratch(), new PoseJacobian<double>(disc)), (i, _, local) =>
        {
            var (scratch, jacobian) = local;
            var transfer = new float[disc.Count];
            evaluator.FillTransfer(images.Particles[i].Ctf, CtfState.Unmodified, transfer);
            images.Exact.ProjectWithPoseDerivatives(images.Particles[i].Pose, jacobian, scratch);
            // Real and imaginary part of a coefficient each have half of the noise power Box^2.
            var scale = 2 / ((double)Box * Box * Math.Pow(PixelSize, 6));
            var information = new double[n * n];
            for (var p = 0; p < n; p++)
            {
                for (var q = 0; q < n; q++)
                {
                    double sum = 0;
                    for (var k = 1; k < disc.Count; k++)
                    {
                        sum += (double)transfer[k] * transfer[k]
                            * ((jacobian.DerivativeRe(p)[k] * jacobian.DerivativeRe(q)[k]) + (jacobian.DerivativeIm(p)[k] * jacobian.DerivativeIm(q)[k]));
                    }

                    information[(p * n) + q] = scale * sum;
                }
            }

            result[i] = information;
            return local;
        }, _ => { });
        return result;
    }

    /// <summary>Root mean trace of the inverse information: degrees and angstrom.</summary>
    private static (double Degrees, double Angstrom) Bound(double[][] unit, double sigma)
    {
        double rotation = 0, shift = 0;
        var inverse = new double[Pose.ParameterCount * Pose.ParameterCount];
        foreach (var information in unit)
        {
            Cholesky.TryInvert(Pose.ParameterCount, information, inverse);
            rotation += inverse[0] + inverse[6] + inverse[12];
            shift += inverse[18] + inverse[24];
        }

        return (sigma * Math.Sqrt(rotation / unit.Length) * (180 / Math.PI), sigma * Math.Sqrt(shift / unit.Length));
    }
}
