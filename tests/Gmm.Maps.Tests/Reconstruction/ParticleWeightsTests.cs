using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.IO;
using Gmm.TestData;

namespace Gmm.Maps.Tests;

public sealed class ParticleWeightsTests : IDisposable
{
    private const string Label = "rlnMaxValueProbDistribution";
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-weights-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_column_gives_the_weights()
    {
        using var particles = Particles("0.5", "0", "1e-2", "1");
        Assert.Equal([0.5f, 0, 0.01f, 1], ParticleWeights.FromColumn(particles, Label));
        using var scores = Particles("0.5", "-0.25", "-1", "1");
        var (weights, negative) = ParticleWeights.FromScore(scores, Label);
        Assert.Equal([0.5f, 0, 0, 1], weights);
        Assert.Equal(2, negative);
    }

    [Theory]
    [InlineData("-0.5", "negative")]
    [InlineData("nan", "number")]
    [InlineData("inf", "number")]
    [InlineData("x", "number")]
    public void A_bad_weight_is_named_by_file_row_and_column(string value, string problem)
    {
        using var particles = Particles("1", "1", value, "1");
        var e = Assert.Throws<InvalidInputException>(() => ParticleWeights.FromColumn(particles, Label));
        Assert.Contains("p.star", e.Message, StringComparison.Ordinal);
        Assert.Contains($"row {particles.Table.LineOf(2)}", e.Message, StringComparison.Ordinal);
        Assert.Contains(Label, e.Message, StringComparison.Ordinal);
        Assert.Contains(problem, e.Message, StringComparison.Ordinal);
        e = Assert.Throws<InvalidInputException>(() => ParticleWeights.FromColumn(particles, "none"));
        Assert.Contains("p.star, none: the column is missing", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_worst_of_each_half_are_rejected()
    {
        // Halves alternate; of the equal scores in half 2 the later row goes.
        using var particles = Particles("0.9", "0.3", "0.1", "0.3", "0.5", "0.8", "0.7", "0.9");
        var rejection = ParticleWeights.RejectWorst(particles, Label, 0.25);
        Assert.Equal([2, 3], rejection.Rejected);
        Assert.Equal((0.5, 0.3), (rejection.WorstKept1, rejection.WorstKept2));
        Assert.Equal([1, 1, 0, 0, 1, 1, 1, 1], ParticleWeights.Without(particles, null, rejection));
        Assert.Empty(ParticleWeights.RejectWorst(particles, Label, 0.2).Rejected);
        Assert.Throws<ArgumentOutOfRangeException>(() => ParticleWeights.RejectWorst(particles, Label, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ParticleWeights.RejectWorst(particles, Label, double.NaN));
    }

    [Property]
    public Property None_that_is_rejected_is_better_than_one_that_is_kept() =>
        Prop.ForAll(Gen.Choose(0, 9).ListOf(30).ToArbitrary(), Gen.Choose(0, 99).ToArbitrary(), (values, percent) =>
        {
            var source = new MemorySource([new OpticsGroup { PixelSize = 1, ImageSize = 4 }]);
            var ctf = new CtfParameters { DefocusU = 1, DefocusV = 1 };
            for (var i = 0; i < values.Count; i++)
            {
                source.Add(new Particle(Pose.Identity, ctf, 0, 1 + (i % 3 == 0 ? 1 : 0)), []);
            }

            var scores = values.Select(v => (double)v).ToArray();
            var rejected = ParticleWeights.RejectWorst(source, scores, percent / 100.0).Rejected.ToHashSet();
            foreach (var half in new[] { 1, 2 })
            {
                var rows = Enumerable.Range(0, scores.Length).Where(i => source.Particles[i].Half == half).ToArray();
                var lost = rows.Where(rejected.Contains).ToArray();
                Assert.Equal(rows.Length * percent / 100, lost.Length);
                Assert.True(lost.Length == 0 || lost.Max(i => scores[i]) <= rows.Except(lost).Min(i => scores[i]));
            }
        });

    [Fact]
    public void Weights_make_the_map_of_the_weighted_images()
    {
        // Junk at a small weight disturbs less; a common factor changes nothing.
        var good = RandomGaussians.Make(9, 15, 2).Images([new OpticsGroup { PixelSize = 2, ImageSize = 24 }], 120, 31);
        var source = new MemorySource(good.OpticsGroups);
        var random = new Random(3);
        for (var i = 0; i < 120; i++)
        {
            var image = good.Images[i];
            source.Add(good.Particles[i], i % 3 == 0 ? [.. image.Select(_ => (float)random.NextDouble())] : image);
        }

        var truth = RandomGaussians.Make(9, 15, 2).Map(24, 2);
        var compute = new ComputeOptions { Threads = 2 };
        double Fsc(double junk, double factor)
        {
            var weights = Enumerable.Range(0, 120).Select(i => (float)(factor * (i % 3 == 0 ? junk : 1))).ToArray();
            return FourierShellCorrelation.Between(
                new FourierReconstructor().Reconstruct(new(source, Weights: weights), new(), compute), truth, null, compute)[6];
        }

        var (none, tenth, full) = (Fsc(0, 1), Fsc(0.1, 1), Fsc(1, 1));
        Assert.True(none > tenth && tenth > full + 0.01, $"{none} {tenth} {full}");
        Assert.Equal(tenth, Fsc(0.1, 16), 1e-5);
    }

    private StarParticles Particles(params string[] values)
    {
        var path = Path.Combine(_folder, "p.star");
        var ctf = new CtfParameters { DefocusU = 10000, DefocusV = 10000 };
        StarParticles.WriteParticleStar(
            path,
            [new OpticsGroup { PixelSize = 1, ImageSize = 16 }],
            [.. values.Select((_, i) => new Particle(Pose.Identity, ctf, 0, 1 + (i % 2)))],
            [.. values.Select((_, i) => StarParticles.ImageName(i, "none.mrcs"))],
            [new StarColumn(Label, values)],
            overwrite: true);
        return StarParticles.Open(path, new StarParticlesOptions { RequireImages = false });
    }
}
