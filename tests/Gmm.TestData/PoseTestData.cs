using Gmm.Core;
using Gmm.Refinement;
using Gmm.Testing;

namespace Gmm.TestData;

/// <summary>Images of a Gaussian model made with the exact projector in float64 and noise in real space, for tests of poses.</summary>
internal static class PoseTestData
{
    public const int Box = 64;
    public const double Pixel = 2.5;

    public static readonly OpticsGroup Group = new() { PixelSize = Pixel, ImageSize = Box };

    public static readonly GaussianModel Model = Ball(500, 45, 11, Box, Pixel);

    /// <summary>Gaussians in a ball, uneven amplitudes and widths, no symmetry.</summary>
    public static GaussianModel Ball(int count, double radius, int seed, int box, double pixel) =>
        Draw.Model(new Random(seed), new ModelShape { Count = count, Radius = radius, BoxSize = box, PixelSize = pixel });

    /// <summary>Particles at random true poses, with their images; every second one is of half 2.</summary>
    public static MemorySource Particles(int count, double noise, int seed, GaussianModel? model = null, IReadOnlyList<OpticsGroup>? groups = null)
    {
        var made = ExactImages.Particles(model ?? Model, groups ?? [Group], count, noise, new Random(seed));
        var source = new MemorySource(made.OpticsGroups);
        for (var p = 0; p < count; p++)
        {
            var group = made.OpticsGroups[made.Particles[p].OpticsIndex];
            var image = new float[group.ImageSize * group.ImageSize];
            made.ReadImage(p, image);
            source.Add(made.Particles[p], image);
        }

        return source;
    }

    /// <summary>Bands of a whitened score for white noise of a standard deviation per pixel, every ring trusted.</summary>
    public static PoseReference Reference(GaussianModel model, OpticsGroup group, double noise, params IReadOnlyList<double> resolutions) =>
        WhiteNoise.Reference(Scorers.Whitened, model, group, noise, resolutions);
}
