using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>
/// The demo on ten real images of TRPV1: their published poses are turned by a given angle about random axes, and refined against a
/// Gaussian model of the published map. The map was made from images like these, so this is a check of pose refinement, not of a structure.
/// </summary>
internal static class RealDemo
{
    public const int DefaultTrials = 20;
    private const double FineResolution = 11.7;
    private const double GoalFsc = 0.97;
    private const int Gaussians = 1000;
    private const int FirstRing = 2;

    /// <summary>Runs the demo and writes its table.</summary>
    public static VerbResult Run(VerbCall call, string folder, int trials, double degrees)
    {
        var table = Path.Combine(folder, "trials.star");
        var modelFile = Path.Combine(folder, "model.star");
        OutputFiles.Check(call.Overwrite, table, modelFile);
        var clock = Stopwatch.StartNew();
        using var particles = StarParticles.Open(DemoData.RealParticles);
        call.Say(Texts.Line($"{particles.Particles.Count} real images of TRPV1 (EMPIAR-10059), each disturbed {trials} times by {degrees} degrees from its published pose."));
        var built = BuildModel(call);
        OutputFiles.MakeFolders(modelFile);
        GaussianModelFile.Write(modelFile, built.Model, call.Overwrite);
        call.Say(Texts.Line($"model of the published map: {built.Model.Count} Gaussians, map-model FSC {built.MeanFsc:F3} to {FineResolution} A"));
        var results = RunTrials(call, particles, built.Model, trials, degrees);
        WriteTable(table, results, call.Overwrite);
        var report = new RealDemoReport(
            false, particles.Particles.Count, results.Length, results.Count(r => r.After < r.Before),
            Median(results.Select(r => r.Before)), Median(results.Select(r => r.After)), Median(results.Select(r => r.Sigma)), Math.Round(clock.Elapsed.TotalSeconds, 1));
        return VerbResult.Of(
            report, CliJson.Default.RealDemoReport,
            Texts.Line($"{report.Improved} of {report.Trials} trials moved towards the published pose; median angle to it {report.MedianBefore:F2} degrees before, {report.MedianAfter:F2} after."),
            Texts.Line($"The optimizer's own estimate of the uncertainty of one such image's orientation (48 pixels of 4.88 A) is {report.MedianSigma:F1} degrees."),
            $"wrote {table}, {modelFile}");
    }

    private static FitResult BuildModel(VerbCall call)
    {
        using var line = new ProgressLine(call.Console, "building the model");
        var fit = new FitOptions { Resolution = FineResolution, GoalFsc = GoalFsc, MaxIterations = 200 };
        var build = new ModelBuildOptions { Resolution = FineResolution, Gaussians = Gaussians, Fit = fit };
        return ModelBuilder.Build(MrcFile.ReadMap(DemoData.RealVolume), null, build, call.Compute, new FitLine(line), call.CancellationToken);
    }

    private static Trial[] RunTrials(VerbCall call, StarParticles particles, GaussianModel model, int trials, double degrees)
    {
        var group = particles.OpticsGroups[0];
        var images = new RealImages(particles, FourierDisc.ForResolution(group.ImageSize, group.PixelSize, FineResolution));
        var reference = MakeReference(model, images, group);
        var optimizer = new LevenbergMarquardtPoseOptimizer();
        var results = new Trial[particles.Particles.Count * trials];
        using var line = new ProgressLine(call.Console, "refining");
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = call.Compute.Threads, CancellationToken = call.CancellationToken };
        Parallel.For(0, particles.Particles.Count, parallel, () => new PoseWorkspace(reference), (i, _, workspace) =>
        {
            images.Load(i, workspace);
            var published = particles.Particles[i].Pose;
            for (var t = 0; t < trials; t++)
            {
                var start = Disturb(published, degrees, call.Compute.Seed, (i * trials) + t);
                var estimate = optimizer.Optimize(workspace, start);
                results[(i * trials) + t] = new Trial(i, Angle(published, start), Angle(published, estimate.Pose), estimate.RotationSigmaDegrees);
            }

            line.Report((i + 1.0) / particles.Particles.Count);
            return workspace;
        }, _ => { });
        return results;
    }

    /// <summary>
    /// Noise of each ring as in the images, every ring of the model trusted. One band only: the coarse rings of one such image alone
    /// determine the pose to worse than the disturbance, so a coarse step would lead away.
    /// </summary>
    private static PoseReference MakeReference(GaussianModel model, RealImages images, OpticsGroup group)
    {
        var trust = new double[images.Disc.Radius + 1];
        Array.Fill(trust, 1);
        var scorer = new WhitenedCorrelationScorer(images.Disc, images.RingPower, trust, Math.Pow(group.PixelSize, -3), FirstRing);
        return new PoseReference([new PoseBand(new GriddingProjector(model, images.Disc), scorer, FineResolution)]);
    }

    /// <summary>A turn of the given angle about a random axis, the same for a seed and a number.</summary>
    private static Pose Disturb(in Pose pose, double degrees, int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        double z = (2 * random.NextDouble()) - 1, angle = 2 * Math.PI * random.NextDouble(), r = Math.Sqrt(1 - (z * z)), w = degrees * Math.PI / 180;
        return pose.Step([w * r * Math.Cos(angle), w * r * Math.Sin(angle), w * z, 0, 0]);
    }

    private static double Angle(in Pose a, in Pose b) => a.Rotation.AngleTo(b.Rotation) * (180 / Math.PI);

    private static void WriteTable(string path, Trial[] results, bool overwrite)
    {
        var table = new StarTable("gmmTrialImage", "gmmTrialAngleBefore", "gmmTrialAngleAfter", "gmmTrialSigma");
        foreach (var r in results)
        {
            table.AddRow(Texts.Line($"{r.Image + 1}"), Texts.Line($"{r.Before:F4}"), Texts.Line($"{r.After:F4}"), Texts.Line($"{r.Sigma:F4}"));
        }

        new StarFile(new StarBlock("gmm_trials", table)).Write(path, overwrite);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return Math.Round(0.5 * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]), 3);
    }

    private readonly record struct Trial(int Image, double Before, double After, double Sigma);
}
