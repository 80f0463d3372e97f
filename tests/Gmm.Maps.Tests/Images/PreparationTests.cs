using Gmm.Core;
using Gmm.Refinement;
using Gmm.TestData;
using Gmm.Testing;
using Xunit.Abstractions;

namespace Gmm.Maps.Tests;

/// <summary>
/// Images as people have them (benchmarks/Gmm.EndToEnd -- preparations, small): refined
/// as well as the normalised set, or refused with the cause named.
/// </summary>
public class PreparationTests(ITestOutputHelper output)
{
    private static readonly Lazy<double> s_normalised = new(() => Median(JobTestData.InMemory(), new ImageOptions()));
    private static readonly float[] s_scale = MakeScales();

    public static TheoryData<string> Preparations => ["offset", "counts", "scale", "strong", "plane", "masked", "constant", "hot"];

    [Theory]
    [MemberData(nameof(Preparations))]
    public void A_set_prepared_otherwise_is_refined_as_well(string name)
    {
        var median = Median(JobTestData.InMemory(i => [.. JobTestData.Truth.Images[i].Select((v, p) => Spoil(name, v, i, p))]), new ImageOptions());
        output.WriteLine(FormattableString.Invariant($"{name}: {median:F3}, normalised {s_normalised.Value:F3} degrees"));
        Assert.InRange(median, 0, 1.15 * s_normalised.Value);
    }

    [Theory]
    [InlineData("offset")]
    [InlineData("counts")]
    public void Left_as_it_is_it_is_not(string name)
    {
        var images = JobTestData.InMemory(i => [.. JobTestData.Truth.Images[i].Select((v, p) => Spoil(name, v, i, p))]);
        Assert.True(Median(images, ImageOptions.AsTheyAre) > 1.5 * s_normalised.Value);
    }

    [Fact]
    public void Inverted_images_are_refused_with_the_option_that_mends_them()
    {
        var images = JobTestData.InMemory(i => [.. JobTestData.Truth.Images[i].Select(v => -v)]);
        var error = Assert.Throws<InvalidInputException>(() => Median(images, new ImageOptions()));
        Assert.Contains("the contrast is inverted", error.Message, StringComparison.Ordinal);
        Assert.Contains("--invert", error.Message, StringComparison.Ordinal);
        Assert.Equal(s_normalised.Value, Median(images, new ImageOptions { Invert = true }));
        var wrong = Assert.Throws<InvalidInputException>(() => Median(JobTestData.InMemory(), new ImageOptions { Invert = true }));
        Assert.Contains("leave out --invert", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("inverted", Start(images, new ImageOptions { KeepContrast = true }).Images!.Warnings().Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_given_tells_the_contrast_and_noise_tells_none()
    {
        var images = JobTestData.InMemory(i => [.. JobTestData.Truth.Images[i].Select(v => -v)]);
        var contrast = Start(images, new ImageOptions { KeepContrast = true }, JobTestData.Model).Images!.Contrast!;
        Assert.InRange(contrast.ModelCorrelation!.Value, -1, -0.5);
        Assert.InRange(Start(JobTestData.InMemory(), new ImageOptions(), JobTestData.Model).Images!.Contrast!.ModelCorrelation!.Value, 0.5, 1);
        var random = new Random(63);
        var noise = JobTestData.InMemory(_ => [.. Enumerable.Range(0, 48 * 48).Select(_ => (float)Draw.Normal(random))]);
        Assert.False(Start(noise, new ImageOptions()).Images!.Contrast!.IsDoubtful);
    }

    private static RefinementState Start(IParticleSource source, ImageOptions images, GaussianModel? seed = null) =>
        new RefinementLoop(source, JobTestData.Options with { Images = images, SeedModel = seed }, new ComputeOptions { Threads = 2 }).Start();

    private static double Median(IParticleSource source, ImageOptions images)
    {
        var state = JobTestData.Run(source, JobTestData.Options with { Iterations = 2, Images = images });
        int[] kept = [.. Enumerable.Range(0, JobTestData.Count).Where(i => state.Particles[i].Status == PoseStatus.Refined)];
        return PoseErrors.Compare([.. kept.Select(i => JobTestData.Truth.Particles[i])], [.. kept.Select(i => state.Particles[i].Pose)]).RotationMedian;
    }

    private static float Spoil(string name, float v, int i, int p)
    {
        double x = (p % 48) - 24, y = (p / 48) - 24;
        return name switch
        {
            "offset" => v + 3,
            "counts" => MathF.Round((12 * v) + 60),
            "scale" => s_scale[i] * v,
            "strong" => i == 80 ? 30 * v : v,
            "plane" => v + (float)(((Math.Cos(i) * x) + (Math.Sin(i) * y)) / 24),
            "masked" => (x * x) + (y * y) > 529 ? 0 : v + 3,
            "constant" => i % 40 == 7 ? 2 : v,
            _ => i % 20 == 3 && p == 700 + i ? 300 : v,
        };
    }

    private static float[] MakeScales()
    {
        var random = new Random(64);
        return [.. Enumerable.Range(0, JobTestData.Count).Select(_ => (float)Math.Exp(1.2 * Draw.Normal(random)))];
    }
}
