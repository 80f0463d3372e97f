using System.Diagnostics;
using Gmm.Cli;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.EndToEnd;

/// <summary>
/// The real images of beta-galactosidase that come with the tool, from several starts and in several ways: every row of the table in docs/notes/real-data.md.
/// </summary>
internal sealed class RealBenchmark
{
    private static readonly double[] s_farStarts = [12, 16, 20];

    private readonly ComputeOptions _compute = new();
    private readonly StarParticles _published = StarParticles.Open(DemoData.RealParticles(RealSet.Published));
    private readonly RealComparison _comparison;
    private IReadOnlyList<Particle> _reference = [];

    private RealBenchmark()
    {
        var optics = _published.OpticsGroups[0];
        _comparison = new RealComparison(RealSet.PlacedModel(optics), optics, _compute, CancellationToken.None);
    }

    public static void Run() => new RealBenchmark().Measure();

    private void Measure()
    {
        var options = new RefinementOptions { Symmetry = RealSet.Symmetry };
        var (reference, seconds) = Refine(_published, options);
        _reference = AtPoses(_published, reference.Poses);
        Console.WriteLine($"{_published.Particles.Count} images");
        Console.WriteLine();
        Console.WriteLine("| poses | half maps, FSC 0.5 | to 5A1A, FSC 0.5 | to 5A1A, mean of 14.2 to 7.08 Å | to 5A1A, "
            + "at 7.08 Å | distance to the poses refined from the published: median / 90 %, share over 10° | wall |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        Start("published", _published);
        Row("refined from there", reference, seconds);
        foreach (var (name, file) in new[] { ("4° and 2 Å off", RealSet.LessDisturbed), ("8° and 4 Å off", RealSet.Disturbed) })
        {
            using var start = StarParticles.Open(DemoData.RealParticles(file));
            Start(name, start);
            Refined("refined from there", start, options);
            if (file == RealSet.Disturbed)
            {
                HeldOut(start, options);
                Refined(
                    "`--optimizer adam --score frc` from there, 5 iterations", start,
                    options with { Optimizer = new AdamPoseOptimizer(), Scorer = Scorers.RingCorrelation });
                Refined("without symmetry from there", start, options with { Symmetry = SymmetryGroup.None });
            }
        }

        foreach (var degrees in s_farStarts)
        {
            var start = Disturb(degrees);
            Start($"{degrees:F0}° and {degrees / 2:F0} Å off", start);
            Refined("refined from there", start, options);
        }

        Console.WriteLine();
        Console.WriteLine($"peak {Machine.PeakMegabytes():F0} MB; load average {Machine.Load()} at the end");
    }

    /// <summary>
    /// Poses of each half of the micrographs by models of the other half: those of the other's every iteration, at its resolution limit. Half sets
    /// stay apart: half 1 by models of the other micrographs' half 1.
    /// </summary>
    private void HeldOut(StarParticles start, RefinementOptions options)
    {
        var clock = Stopwatch.StartNew();
        var micrographs = start.Table.GetColumn("rlnMicrographName");
        var names = micrographs.Distinct().Order(StringComparer.Ordinal).ToList();
        var poses = start.Particles.Select(p => p.Pose).ToArray();
        for (var side = 0; side < 2; side++)
        {
            var inside = Enumerable.Range(0, poses.Length).Where(i => names.IndexOf(micrographs[i]) % 2 == side).ToArray();
            var outside = Enumerable.Range(0, poses.Length).Except(inside).ToArray();
            var loop = new RefinementLoop(Subset(start, inside), options, _compute);
            var state = loop.Start();
            while (!loop.IsFinished(state))
            {
                state = loop.Next(state);
                Follow(start, state, outside, poses, options);
            }
        }

        var moved = AtPoses(start, poses);
        Print("from there, by models of the other five micrographs", Reconstruct(start, poses, options.Symmetry), moved, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Refines the poses of particles against the models of an iteration that other particles made.</summary>
    private void Follow(StarParticles source, RefinementState state, int[] particles, Pose[] poses, RefinementOptions options)
    {
        var limit = state.PreviousLimit!.Value;
        foreach (var (half, model) in new[] { (1, state.Models!.Value.Half1), (2, state.Models.Value.Half2) })
        {
            var members = particles.Where(i => source.Particles[i].Half == half).ToArray();
            var references = new PoseReferenceFactory(source, options, limit).Make(model, members, poses, _compute, CancellationToken.None);
            var estimates = new PoseEstimate?[poses.Length];
            new ParticlePoseRefiner(source, new LevenbergMarquardtPoseOptimizer(), references, limit).Refine(members, poses, estimates, _compute);
            foreach (var i in members.Where(i => estimates[i]!.Status == PoseStatus.Refined))
            {
                poses[i] = estimates[i]!.Pose;
            }
        }
    }

    private void Start(string name, IParticleSource source) =>
        Print("**" + name + "**", Reconstruct(source, null, RealSet.Symmetry), source.Particles, null);

    private void Refined(string name, IParticleSource source, RefinementOptions options)
    {
        var (state, seconds) = Refine(source, options);
        Row(name, state, seconds);
    }

    private void Row(string name, RefinementState state, double seconds) => Print(name, state.Maps, AtPoses(_published, state.Poses), seconds);

    private void Print(string name, HalfMapPair maps, IReadOnlyList<Particle> poses, double? seconds)
    {
        var stage = _comparison.Measure(maps.Half1, maps.Half2).Stage(RealDemo.Distance(_reference, poses));
        static string Resolution(double value, bool isNyquist) => isNyquist ? "Nyquist" : $"{value:F1} Å";
        Console.WriteLine(
            $"| {name} | {Resolution(stage.HalvesResolution05, stage.HalvesResolution05IsNyquist)} | "
            + $"{Resolution(stage.ModelResolution05, stage.ModelResolution05IsNyquist)} | {stage.ModelFine:F3} | {stage.ModelNyquist:F2} | "
            + $"{stage.DistanceMedian:F2} / {stage.DistanceNinety:F2}°, {100 * stage.DistanceFar:F1} % | {(seconds is { } s ? $"{s:F0} s" : string.Empty)} |");
    }

    private (RefinementState State, double Seconds) Refine(IParticleSource source, RefinementOptions options)
    {
        var clock = Stopwatch.StartNew();
        var loop = new RefinementLoop(source, options, _compute);
        var state = loop.Start();
        while (!loop.IsFinished(state))
        {
            state = loop.Next(state);
        }

        return (state, clock.Elapsed.TotalSeconds);
    }

    private HalfMapPair Reconstruct(IParticleSource source, IReadOnlyList<Pose>? poses, SymmetryGroup symmetry) =>
        new FourierReconstructor().ReconstructHalves(new(source, poses), new ReconstructionOptions { Symmetry = symmetry }, _compute);

    /// <summary>
    /// The published poses turned about random axes by an angle and shifted by half as
    /// many angstrom (root mean square), as the starts that are files were made.
    /// </summary>
    private InMemoryParticles Disturb(double degrees)
    {
        var particles = _published.Particles.Select((p, i) =>
        {
            var random = new SeededGenerator(20, 1, i);
            double x = random.Normal(), y = random.Normal(), z = random.Normal();
            var scale = degrees * Math.PI / 180 / Math.Sqrt((x * x) + (y * y) + (z * z));
            var shift = degrees / 2 / Math.Sqrt(2);
            return p with { Pose = p.Pose.Step([scale * x, scale * y, scale * z, shift * random.Normal(), shift * random.Normal()]) };
        });
        return InMemory(_published, [.. particles], [.. Enumerable.Range(0, _published.Particles.Count)]);
    }

    private static InMemoryParticles Subset(StarParticles source, int[] indices) => InMemory(source, [.. indices.Select(i => source.Particles[i])], indices);

    private static InMemoryParticles InMemory(StarParticles source, IReadOnlyList<Particle> particles, int[] indices)
    {
        var n = source.OpticsGroups[0].ImageSize;
        var stack = new float[indices.Length * n * n];
        for (var i = 0; i < indices.Length; i++)
        {
            source.ReadImage(indices[i], stack.AsSpan(i * n * n, n * n));
        }

        return new InMemoryParticles(source.OpticsGroups[0], particles, stack);
    }

    private static Particle[] AtPoses(StarParticles source, IReadOnlyList<Pose> poses) => [.. source.Particles.Select((p, i) => p with { Pose = poses[i] })];
}
