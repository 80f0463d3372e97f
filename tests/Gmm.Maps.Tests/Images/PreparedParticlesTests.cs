using Gmm.Core;
using Gmm.TestData;
using Gmm.Testing;

namespace Gmm.Maps.Tests;

public class PreparedParticlesTests
{
    private const int N = 48;

    [Fact]
    public void Images_that_are_normalised_keep_their_bits_and_say_nothing()
    {
        var source = JobTestData.InMemory();
        var prepared = Prepare(source);
        Assert.Equal(JobTestData.Truth.Images, Read(prepared));
        Assert.Null(prepared.Report.Summary());
        Assert.Empty(prepared.Report.Warnings());
        Assert.All(prepared.Particles.Zip(source.Particles), p => Assert.Same(p.Second, p.First));
    }

    [Fact]
    public void What_was_added_is_taken_off_and_what_was_multiplied_is_undone()
    {
        var random = new Random(7);
        var scale = Enumerable.Range(0, JobTestData.Count).Select(_ => (float)Math.Exp(1.2 * Draw.Normal(random))).ToArray();
        var spoilt = Prepare(Source((v, i, p) => scale[i] * (v + 4 + (i % 7) + (0.5f * ((p % N) - (N / 2)) / N))));
        var images = Read(spoilt);
        Assert.Equal(JobTestData.Count, spoilt.Report.BackgroundRemoved);
        // All but those that happen to have the median scale of their half.
        Assert.InRange(spoilt.Report.Rescaled, JobTestData.Count - 2, JobTestData.Count);
        Assert.Contains("160 of 160", spoilt.Report.Summary(), StringComparison.Ordinal);
        for (var half = 1; half <= 2; half++)
        {
            // One factor for all of a half, the median scale, is left; in units of it every image is what it was to the noise of its own border.
            var left = Enumerable.Range(0, images.Length).Where(i => JobTestData.Truth.Particles[i].Half == half)
                .Select(i => Slope(JobTestData.Truth.Images[i], images[i])).ToArray();
            Assert.All(left, s => Assert.InRange(s / left.Average(), 0.9, 1.1));
            Assert.InRange(left.Average(), 0.5, 2);
        }

        Assert.All(images, image => Assert.InRange(Border(image).Average() / Deviation(Border(image)), -0.01, 0.01));
    }

    [Fact]
    public void Only_the_images_that_are_off_are_changed()
    {
        var prepared = Prepare(Source((v, i, _) => i == 40 ? (30 * v) + 100 : v));
        Assert.Equal(1, prepared.Report.BackgroundRemoved);
        Assert.Equal(1, prepared.Report.Rescaled);
        var images = Read(prepared);
        Assert.All(Enumerable.Range(0, images.Length).Where(i => i != 40), i => Assert.Equal(JobTestData.Truth.Images[i], images[i]));
        Assert.InRange(Slope(JobTestData.Truth.Images[40], images[40]), 0.9, 1.1);
        Assert.Equal(1, prepared.Particles[40].Weight);
        Assert.InRange(prepared.Factor(40), 1 / 34.0, 1 / 26.0);
    }

    [Fact]
    public void One_half_decides_nothing_in_the_other()
    {
        var random = new Random(8);
        InMemoryParticles Spoil(int half) =>
            Source((v, i, _) => JobTestData.Truth.Particles[i].Half == half ? 3 + (9 * v) + (float)Draw.Normal(random) : v + 2);
        float[][] clean = Read(Prepare(Source((v, _, _) => v + 2))), spoilt = Read(Prepare(Spoil(2)));
        var seen = 0;
        for (var i = 0; i < clean.Length; i++)
        {
            if (JobTestData.Truth.Particles[i].Half == 1)
            {
                Assert.Equal(clean[i], spoilt[i]);
                seen++;
            }
        }

        Assert.InRange(seen, 60, 100);
    }

    [Fact]
    public void Threads_and_the_particles_asked_for_change_nothing()
    {
        var source = Source((v, i, _) => ((1 + (i % 5)) * v) + i);
        var (one, four) = (Prepare(source), new PreparedParticles(source, new ImageOptions(), new ComputeOptions { Threads = 4 }));
        four.Measure();
        var part = new PreparedParticles(source, new ImageOptions(), new ComputeOptions { Threads = 1 });
        part.Measure([3, 5, 8]);
        Assert.Equal(Read(one), Read(four));
        foreach (var i in new[] { 3, 5, 8 })
        {
            Assert.Equal(Read(one)[i], Read(part)[i]);
        }

        Assert.Throws<InvalidOperationException>(() => Read(new PreparedParticles(source, new ImageOptions(), new ComputeOptions())));
    }

    [Fact]
    public void Figures_kept_in_a_file_stand_for_a_pass_over_the_images()
    {
        using var work = new WorkFolder();
        var source = new Counted(Source((v, i, _) => i == 11 ? 3 : ((1 + (i % 5)) * v) + i));
        var measured = Prepare(source);
        Assert.Equal(JobTestData.Count, source.Reads);
        ImageFiguresFile.Write(work["a.gmmfig"], measured.Figures!, "key");
        var taken = new PreparedParticles(source, new ImageOptions(), new ComputeOptions { Threads = 1 });
        taken.Take(ImageFiguresFile.Read(work["a.gmmfig"], JobTestData.Count, "key"));
        taken.Measure();
        Assert.Equal(JobTestData.Count, source.Reads);
        Assert.Equal(measured.Figures, taken.Figures);
        Assert.Equal(measured.Report.Warnings(), taken.Report.Warnings());
        Assert.Equal(measured.Particles, taken.Particles);
        Assert.Equal(Read(measured), Read(taken));
    }

    [Fact]
    public void Figures_of_other_images_and_damaged_ones_are_refused()
    {
        using var work = new WorkFolder();
        var path = work["a.gmmfig"];
        ImageFiguresFile.Write(path, Prepare(JobTestData.InMemory()).Figures!, "key");
        var bytes = File.ReadAllBytes(path);
        void Refused(string problem, byte[] content, int count = JobTestData.Count, string key = "key")
        {
            File.WriteAllBytes(path, content);
            var error = Assert.Throws<InvalidInputException>(() => ImageFiguresFile.Read(path, count, key));
            Assert.Equal(path, error.File);
            Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        }

        Refused("other images", bytes, key: "another");
        Refused("other images", bytes, JobTestData.Count + 1);
        Refused("cut off", bytes[..^1]);
        Refused("cut off", bytes[..30]);
        Refused("checksum", [.. bytes[..^40], (byte)(bytes[^40] ^ 1), .. bytes[^39..]]);
        Refused("not a file of figures", [.. "GMMSUMS1"u8, .. bytes[8..]]);
    }

    [Fact]
    public void Constant_images_have_no_weight_and_images_unlike_the_others_have_little()
    {
        var prepared = Prepare(Source((v, i, p) => i == 11 ? 3 : i == 30 && p == (24 * N) + 20 ? 1000 : v));
        Assert.Equal((1, 1), (prepared.Report.Constant, prepared.Report.UnlikeOthers));
        Assert.Equal(0, prepared.Particles[11].Weight);
        Assert.InRange(prepared.Particles[30].Weight, 1e-5, 1e-2);
        Assert.All(Enumerable.Range(0, JobTestData.Count).Except([11, 30]), i => Assert.Equal(1, prepared.Particles[i].Weight));
        Assert.Contains(
            prepared.Report.Warnings(), w => w.Contains("1 of 160", StringComparison.Ordinal) && w.Contains("particle 12", StringComparison.Ordinal));
        Assert.Contains(prepared.Report.Warnings(), w => w.Contains("particle 31", StringComparison.Ordinal));

        // What is left out is as if it had never been there, but that its CTF counts in the mean by which shells are weighed.
        int[] others = [.. Enumerable.Range(0, JobTestData.Count).Except([11])];
        var source = Source((v, i, _) => i == 11 ? 3 : v);
        var without = new InMemoryParticles(
            [JobTestData.Group], [.. others.Select(i => source.Particles[i])],
            [.. others.Select(i => (ReadOnlyMemory<float>)JobTestData.Truth.Images[i])]);
        var (with, expected) = (Maps(source), Maps(without));
        Assert.Equal((expected.Count1, expected.Count2), (with.Count1, with.Count2));
        var largest = expected.Half1.Voxels.Max();
        Assert.All(expected.Half1.Voxels.Zip(with.Half1.Voxels), v => Assert.InRange(v.Second - v.First, -1e-3 * largest, 1e-3 * largest));

        static HalfMapPair Maps(IParticleSource particles) =>
            new FourierReconstructor().ReconstructHalves(new(particles), new ReconstructionOptions(), new ComputeOptions { Threads = 2 });
    }

    [Fact]
    public void Optics_groups_of_other_scale_come_to_that_of_the_first()
    {
        var images = JobTestData.Truth.Images.Select((v, i) => (ReadOnlyMemory<float>)(i % 4 < 2 ? v : [.. v.Select(x => 3 * x)])).ToArray();
        var source = new InMemoryParticles(
            [JobTestData.Group, JobTestData.Group with { Id = 2 }],
            [.. JobTestData.Truth.Particles.Select((p, i) => p with { OpticsIndex = i % 4 < 2 ? 0 : 1 })], images);
        var prepared = Prepare(source);
        Assert.Equal(80, prepared.Report.Rescaled);
        Assert.Equal(0, prepared.Report.BackgroundRemoved);
        Assert.All(Enumerable.Range(0, 160), i => Assert.InRange(prepared.Factor(i) * (i % 4 < 2 ? 1 : 3), 0.97, 1.03));
    }

    [Fact]
    public void Images_without_noise_keep_their_scale()
    {
        var truth = PoseTestData.Particles(40, 0, 9, JobTestData.Model, [JobTestData.Group]);
        var prepared = Prepare(truth);
        Assert.Equal((0, 0), (prepared.Report.Rescaled, prepared.Report.BackgroundRemoved));
    }

    [Fact]
    public void Inverted_images_are_turned_about_and_images_as_they_are_stay()
    {
        var source = Source((v, i, _) => -v + i);
        foreach (var invert in new[] { false, true })
        {
            var prepared = new PreparedParticles(source, new ImageOptions { Invert = invert, Normalise = false }, new ComputeOptions());
            prepared.Measure();
            Assert.Equal(JobTestData.Truth.Images[9].Select(v => invert ? -(-v + 9) : -v + 9), Read(prepared)[9]);
        }
    }

    private static InMemoryParticles Source(Func<float, int, int, float> pixel) =>
        JobTestData.InMemory(i => [.. JobTestData.Truth.Images[i].Select((v, p) => pixel(v, i, p))]);

    private static PreparedParticles Prepare(IParticleSource source)
    {
        var prepared = new PreparedParticles(source, new ImageOptions(), new ComputeOptions { Threads = 1 });
        prepared.Measure();
        return prepared;
    }

    private static float[][] Read(PreparedParticles source) => [.. Enumerable.Range(0, source.Particles.Count).Select(i =>
    {
        var image = new float[N * N];
        source.ReadImage(i, image);
        return image;
    })];

    /// <summary>Least-squares factor from one image to another, means apart.</summary>
    private static double Slope(float[] from, float[] to)
    {
        double a = from.Average(), b = to.Average();
        return from.Zip(to, (x, y) => (x - a) * (y - b)).Sum() / from.Sum(x => (x - a) * (x - a));
    }

    private static double[] Border(float[] image) =>
        [.. Enumerable.Range(0, image.Length).Where(p => Math.Pow((p % N) - (N / 2), 2) + Math.Pow((p / N) - (N / 2), 2) > 0.2025 * N * N)
            .Select(p => (double)image[p])];

    private static double Deviation(double[] values) => Math.Sqrt(values.Average(v => v * v) - Math.Pow(values.Average(), 2));

    private sealed class Counted(IParticleSource source) : IParticleSource
    {
        public int Reads { get; private set; }

        public IReadOnlyList<OpticsGroup> OpticsGroups => source.OpticsGroups;

        public IReadOnlyList<Particle> Particles => source.Particles;

        public void ReadImage(int index, Span<float> pixels)
        {
            Reads++;
            source.ReadImage(index, pixels);
        }

        public string Describe(int index) => source.Describe(index);
    }
}
