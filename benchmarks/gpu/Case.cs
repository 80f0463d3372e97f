using System.Diagnostics;
using Gmm.Core;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.GpuBenchmark;

/// <summary>A set of particles with the reference that they are refined against.</summary>
internal sealed class Case
{
    /// <summary>Makes a case: Gaussians uniform in a ball, images simulated from them.</summary>
    public Case(string name, int gaussians, int box, double resolution, int particles, int distinct)
    {
        var random = new SeededGenerator(3, 1, 0);
        float[] x = new float[gaussians], y = new float[gaussians], z = new float[gaussians], a = new float[gaussians], s = new float[gaussians];
        var radius = 0.28 * box;
        for (var j = 0; j < gaussians; j++)
        {
            double u, v, w;
            do
            {
                (u, v, w) = ((2 * random.Uniform()) - 1, (2 * random.Uniform()) - 1, (2 * random.Uniform()) - 1);
            }
            while ((u * u) + (v * v) + (w * w) > 1);
            (x[j], y[j], z[j]) = ((float)(radius * u), (float)(0.8 * radius * v), (float)(radius * w));
            (a[j], s[j]) = ((float)(50 + (100 * random.Uniform())), (float)(1 + (0.5 * random.Uniform())));
        }

        var model = new GaussianModel(x, y, z, a, s, box, 1);
        (Name, Resolution) = (name, resolution);
        Disc = FourierDisc.ForResolution(box, 1, resolution);
        Source = new StreamedImages(model, Disc, particles, distinct, 4);
        Projector = new GriddingProjector(model, Disc);
        double[] power = new double[Disc.Radius + 1], weight = new double[Disc.Radius + 1];
        Array.Fill(power, Source.NoisePower);
        Array.Fill(weight, 1);
        Reference = new PoseReference([new PoseBand(Projector, new WhitenedCorrelationScorer(Disc, power, weight, 1), resolution)]);
    }

    public string Name { get; }

    public double Resolution { get; }

    public FourierDisc Disc { get; }

    public GriddingProjector Projector { get; }

    public StreamedImages Source { get; }

    public PoseReference Reference { get; }

    /// <summary>Poses of the first particles.</summary>
    public PoseEstimate[] Refine(IPoseOptimizer optimizer, int count)
    {
        var results = new PoseEstimate?[Source.Starts.Length];
        new ParticlePoseRefiner(Source, optimizer, [Reference], Resolution).Refine(
            [.. Enumerable.Range(0, count)], Source.Starts, results, new ComputeOptions());
        return results[..count]!;
    }

    /// <summary>The half map of the first particles, and the seconds until the last of them was in its sums.</summary>
    public (HalfMap Map, double Seconds) Sum(ISliceInserter? inserter, int count)
    {
        var compute = new ComputeOptions();
        int[] particles = [.. Enumerable.Range(0, count)];
        // Looked at before the clock runs, as a refinement's images are.
        var prepared = PreparedParticles.Of(Source, ImageOptions.AsTheyAre, compute, particles);
        var input = new ReconstructionInput(prepared, null, [.. Source.Particles.Select((_, i) => i < count ? 1f : 0)]);
        var (clock, seconds) = (Stopwatch.StartNew(), 0.0);
        var map = new FourierReconstructor { Inserter = inserter }.ReconstructHalf(
            input, 1, new ReconstructionOptions(), compute, new Told(() => seconds = clock.Elapsed.TotalSeconds));
        return (map, seconds);
    }

    /// <summary>What an evaluation of one pose asks of a card.</summary>
    public Counts Count()
    {
        var plan = Projector.Plan;
        long cells = 0;
        foreach (var run in plan.Runs)
        {
            var f = run.Footprint;
            cells += (run.End - run.First) * (((long)f.Columns * f.Rows) - (2L * f.NarrowRows * (f.Columns == 16 ? 8 : 0)));
        }

        return Counts.Of(plan.GridSize, Disc.Radius, Disc.Count, cells);
    }

    private sealed class Told(Action what) : IProgress<ReconstructionProgress>
    {
        public void Report(ReconstructionProgress value) => what();
    }
}
