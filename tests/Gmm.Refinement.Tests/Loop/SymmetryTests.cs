using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.TestData;
using Gmm.Testing;
using Xunit.Abstractions;

namespace Gmm.Refinement.Tests;

/// <summary>Refinement of symmetric structures: imposed, expanded, relaxed.</summary>
public class SymmetryTests(ITestOutputHelper output)
{
    private const int Count = 160;
    private static readonly SymmetryGroup C3 = SymmetryGroup.Parse("C3");
    private static readonly OpticsGroup Group = JobTestData.Group;
    private static readonly GaussianModel Trimer = Symmetric(25, 0);

    /// <summary>The same with 12 more Gaussians on one side: a structure that breaks its symmetry.</summary>
    private static readonly GaussianModel Broken = Symmetric(25, 12);

    private static readonly MemorySource Truth = PoseTestData.Particles(Count, JobTestData.Noise, 57, Trimer, [Group]);

    private static RefinementOptions Options => JobTestData.Options with { Gaussians = 75, Iterations = 2 };

    [Fact]
    public void With_and_without_symmetry_agree_and_symmetry_does_better()
    {
        var random = new Random(5);
        var source = Moved(Truth, p => Draw.Near(random, p, 4, 1));
        var truth = TrueMap(Trimer);
        var plain = JobTestData.Run(source, Options);
        var loop = new RefinementLoop(source, Options with { Symmetry = C3 }, new ComputeOptions { Threads = 2 });
        var state = loop.Start();
        Assert.InRange(state.SymmetryCheck!.Correlation, 0.8, 1.05);
        Assert.Null(state.SymmetryCheck.Warning());
        while (!loop.IsFinished(state))
        {
            state = loop.Next(state);
        }

        Assert.Null(state.SymmetryCheck);
        // Both agree on the truth; three times the data make the symmetric one better.
        PoseErrors start = Errors(source.Particles.Select(p => p.Pose)), without = Errors(plain.Poses), with = Errors(state.Poses);
        double a = Fsc(plain), b = Fsc(state), first = Fsc(loop.Start());
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"rotation {start.RotationMedian:F2} -> {without.RotationMedian:F2} without, {with.RotationMedian:F2} with; FSC {a:F3} without, "
            + $"{b:F3} with ({first:F3} at the start)"));
        Assert.InRange(without.RotationMedian, 0, 0.6 * start.RotationMedian);
        Assert.InRange(with.RotationMedian, 0, without.RotationMedian * 1.02);
        Assert.True(b > a && b > first, $"{a} {b} {first}");

        PoseErrors Errors(IEnumerable<Pose> poses) => PoseErrors.Compare(Truth.Particles, [.. poses]);
        double Fsc(RefinementState s) => FourierShellCorrelation.Between(s.Maps.Mean(), truth, JobTestData.Mask).Values.Take(16).Skip(3).Average();
    }

    [Fact]
    public void A_symmetry_that_the_map_does_not_have_is_measured_and_warned_of()
    {
        // JobTestData's ball of Gaussians has none; D2 is wrong for the trimer too, though C3 is right.
        var loop = new RefinementLoop(JobTestData.Truth, Options with { Symmetry = C3 }, new ComputeOptions { Threads = 2 });
        var check = loop.Start().SymmetryCheck!;
        output.WriteLine($"none: {check}");
        Assert.InRange(check.Correlation, -0.3, 0.4);
        Assert.Contains("does not have the symmetry C3", check.Warning(), StringComparison.Ordinal);

        var two = new ComputeOptions { Threads = 2 };
        var plain = new FourierReconstructor().ReconstructHalves(new(Truth), new(), two);
        foreach (var (name, least, most) in new[] { ("C3", 0.8, 1.05), ("D2", -0.4, 0.4), ("C4", -0.4, 0.4) })
        {
            var group = SymmetryGroup.Parse(name);
            var symmetrised = new FourierReconstructor().ReconstructHalves(new(Truth), new ReconstructionOptions { Symmetry = group }, two);
            check = SymmetryCheck.Measure(plain, symmetrised, group, JobTestData.Mask, two);
            output.WriteLine($"{check}");
            Assert.InRange(check.Correlation, least, most);
        }

        Assert.Throws<ArgumentException>(() => SymmetryCheck.Measure(plain, plain, SymmetryGroup.None));
    }

    [Fact]
    public void Of_pure_noise_nothing_is_said_but_that_it_is_too_poor()
    {
        var random = new Random(3);
        HalfMap Noise(int half) => new(24, 2, [.. Enumerable.Range(0, 24 * 24 * 24).Select(_ => (float)Draw.Normal(random))], half);
        var pair = new HalfMapPair(Noise(1), Noise(2), 1, 1);
        var check = SymmetryCheck.Measure(pair, pair, C3);
        Assert.True(double.IsNaN(check.Correlation) && !check.IsDoubtful);
        Assert.Contains("too poor to tell", check.Warning(), StringComparison.Ordinal);
    }

    [Fact]
    public void Relaxing_finds_the_copy_that_fits_a_broken_symmetry()
    {
        // One particle in four stands in a wrong copy, besides the usual disturbance.
        var random = new Random(6);
        var truth = PoseTestData.Particles(Count, JobTestData.Noise, 58, Broken, [Group]);
        var source = Moved(truth, p =>
        {
            var moved = Draw.Near(random, p, 3, 0.7);
            return random.Next(4) == 0 ? moved with { Rotation = moved.Rotation * C3.Operators[1 + random.Next(2)] } : moved;
        });
        var relaxed = JobTestData.Run(source, Options with { RelaxSymmetry = C3 });
        var plain = JobTestData.Run(source, Options);
        var (before, after, without) = (Wrong(source.Particles.Select(p => p.Pose)), Wrong(relaxed.Poses), Wrong(plain.Poses));
        output.WriteLine($"in a wrong copy: {before} before, {after} relaxed, {without} not relaxed, of {Count}");
        Assert.Equal(Count, relaxed.Particles.Count);
        Assert.InRange(before, 30, 55);
        Assert.InRange(after, 0, before / 4);
        Assert.InRange(without, before * 3 / 4, Count);

        int Wrong(IEnumerable<Pose> poses) => poses.Where((p, i) => p.Rotation.AngleTo(truth.Particles[i].Pose.Rotation) > Math.PI / 4).Count();
    }

    [Fact]
    public void Relaxing_gives_the_same_bits_on_any_number_of_threads()
    {
        var options = Options with { RelaxSymmetry = SymmetryGroup.Parse("C2"), Iterations = 1 };
        RefinementState one = JobTestData.Run(Truth, options, 1), many = JobTestData.Run(Truth, options with { ChunkSize = 1000 }, 3);
        Assert.Equal(one.Particles, many.Particles);
    }

    [Fact]
    public void Settings_that_contradict_each_other_are_refused()
    {
        Assert.Throws<ArgumentException>(() => (Options with { Symmetry = C3, RelaxSymmetry = C3 }).Validate());
        (Options with { Symmetry = C3 }).Validate();
        (Options with { RelaxSymmetry = C3 }).Validate();
    }

    [Property]
    public Property Expanded_copies_never_cross_halves_and_see_the_same_structure() =>
        Prop.ForAll(
            Gen.Elements("C1", "C2", "C3", "C5", "D2", "D3", "T", "O").ToArbitrary(),
            Gen.Choose(1, 2).ListOf(7).ToArbitrary(),
            Gen.Choose(0, 10000).ToArbitrary(),
            (name, halves, seed) =>
            {
                var random = new Random(seed);
                var group = SymmetryGroup.Parse(name);
                var source = new MemorySource([new OpticsGroup { PixelSize = 1, ImageSize = 4 }]);
                for (var i = 0; i < halves.Count; i++)
                {
                    source.Add(
                        new Particle(Draw.Pose(random, 3), Draw.Ctf(random), 0, halves[i]),
                        [.. Enumerable.Repeat((float)i, 16)]);
                }

                var expanded = new SymmetryExpandedParticles(source, group);
                Assert.Equal(halves.Count * group.Order, expanded.Particles.Count);
                var model = RandomGaussians.Make(1, 10, 2, 2, group);
                var pixels = new float[16];
                for (var i = 0; i < expanded.Particles.Count; i++)
                {
                    var (row, original) = (expanded.SourceIndex(i), source.Particles[expanded.SourceIndex(i)]);
                    Assert.Equal(original.Half, expanded.Particles[i].Half);
                    Assert.Equal(original.Ctf, expanded.Particles[i].Ctf);
                    expanded.ReadImage(i, pixels);
                    Assert.All(pixels, v => Assert.Equal(row, v));
                    Assert.Equal(source.Describe(row), expanded.Describe(i));
                    // The projection of a symmetric model in a copy's pose is that of the original.
                    var difference = model.Slice(original.Pose, 0.05, 0.03) - model.Slice(expanded.Particles[i].Pose, 0.05, 0.03);
                    Assert.True(difference.Magnitude < 1e-6);
                    Assert.True(expanded.Copy(i) > 0 || expanded.Particles[i].Pose.Rotation.AngleTo(original.Pose.Rotation) < 1e-9);
                }

                Assert.Equal(
                    expanded.Particles.Count,
                    Enumerable.Range(0, expanded.Particles.Count).Select(i => (expanded.SourceIndex(i), expanded.Copy(i))).Distinct().Count());
            });

    private static MemorySource Moved(MemorySource truth, Func<Pose, Pose> move)
    {
        var source = new MemorySource(truth.OpticsGroups);
        for (var i = 0; i < truth.Particles.Count; i++)
        {
            source.Add(truth.Particles[i] with { Pose = move(truth.Particles[i].Pose) }, truth.Images[i]);
        }

        return source;
    }

    /// <summary>A trimer of some Gaussians each, and some more on one side.</summary>
    private static GaussianModel Symmetric(int each, int extra)
    {
        var unit = PoseTestData.Ball(each, 16, 19, 48, 2.5);
        var rows = new List<(double X, double Y, double Z, float A, float S)>();
        foreach (var s in C3.Operators)
        {
            for (var j = 0; j < each; j++)
            {
                var (x, y, z) = s.Apply(unit.X[j] + 19, unit.Y[j] + 4, unit.Z[j]);
                rows.Add((x, y, z, unit.Amplitudes[j], unit.Widths[j]));
            }
        }

        var more = PoseTestData.Ball(Math.Max(1, extra), 9, 20, 48, 2.5);
        rows.AddRange(Enumerable.Range(0, extra)
            .Select(j => ((double)more.X[j] + 20, more.Y[j] + 4.0, more.Z[j] + 22.0, more.Amplitudes[j] * 1.5f, more.Widths[j])));
        return new GaussianModel(
            [.. rows.Select(r => (float)r.X)], [.. rows.Select(r => (float)r.Y)], [.. rows.Select(r => (float)r.Z)],
            [.. rows.Select(r => r.A)], [.. rows.Select(r => r.S)], 48, 2.5);
    }

    private static RenderedMap TrueMap(GaussianModel model) => RenderedMap.Of(model, null, new ComputeOptions { Threads = 2 });
}
