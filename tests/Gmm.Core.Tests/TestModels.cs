namespace Gmm.Core.Tests;

/// <summary>Random models and poses with a seed.</summary>
internal static class TestModels
{
    public static GaussianModel Random(int count, int seed, int box = 64, double pixel = 2, double radius = 40, double minWidth = 0.8, double maxWidth = 2.5)
    {
        var random = new Random(seed);
        float[] x = new float[count], y = new float[count], z = new float[count], a = new float[count], s = new float[count];
        for (var j = 0; j < count; j++)
        {
            double px, py, pz;
            do
            {
                (px, py, pz) = (Uniform(random), Uniform(random), Uniform(random));
            }
            while ((px * px) + (py * py) + (pz * pz) > 1);

            (x[j], y[j], z[j]) = ((float)(radius * px), (float)(radius * py), (float)(radius * pz));
            a[j] = (float)(0.3 + random.NextDouble());
            s[j] = (float)(minWidth + ((maxWidth - minWidth) * random.NextDouble()));
        }

        return new GaussianModel(x, y, z, a, s, box, pixel, $"random, seed {seed}");
    }

    public static Pose RandomPose(int seed, double shift = 6)
    {
        var random = new Random(seed);
        double N() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return new Pose(Rotation.FromQuaternion(N(), N(), N(), N()), shift * Uniform(random), shift * Uniform(random));
    }

    public static double Uniform(Random random) => (2 * random.NextDouble()) - 1;
}
