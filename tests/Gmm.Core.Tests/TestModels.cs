using Gmm.Testing;


namespace Gmm.Core.Tests;

/// <summary>Random models and poses with a seed.</summary>
internal static class TestModels
{
    public static GaussianModel Random(int count, int seed, int box = 64, double pixel = 2, double radius = 40, double minWidth = 0.8, double maxWidth = 2.5) =>
        Draw.Model(new Random(seed), new ModelShape
        {
            Count = count,
            Radius = radius,
            Lopsided = false,
            Amplitudes = (0.3, 1.3),
            Widths = (minWidth, maxWidth),
            BoxSize = box,
            PixelSize = pixel,
        });

    public static Pose RandomPose(int seed, double shift = 6) => Draw.Pose(new Random(seed), shift);
}
