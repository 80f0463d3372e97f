using Gmm.Core;

namespace Gmm.Testing;

/// <summary>Random numbers, poses, contrast transfer functions and models from a generator with a seed: the same seed gives the same bits.</summary>
public static class Draw
{
    /// <summary>A number of the standard normal distribution, by Box and Muller: sqrt(-2 ln(1 - u)) cos(2 pi v).</summary>
    /// <param name="random">The generator; two numbers are taken from it.</param>
    /// <returns>Mean 0, variance 1.</returns>
    public static double Normal(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }

    /// <summary>Numbers of the standard normal distribution.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="count">How many.</param>
    /// <returns>The numbers, in float32.</returns>
    public static float[] Normals(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)Normal(random);
        }

        return values;
    }

    /// <summary>A number between -1 and 1, each as likely as the next.</summary>
    /// <param name="random">The generator.</param>
    /// <returns>The number.</returns>
    public static double Signed(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return (2 * random.NextDouble()) - 1;
    }

    /// <summary>A pose: a rotation of the uniform distribution over all rotations and a shift of at most a length along each axis.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="shift">The greatest shift, angstrom.</param>
    /// <returns>The pose.</returns>
    public static Pose Pose(Random random, double shift)
    {
        // Four normal numbers are a direction in four dimensions, and so a quaternion that prefers none.
        var rotation = Rotation.FromQuaternion(Normal(random), Normal(random), Normal(random), Normal(random));
        return new Pose(rotation, shift * Signed(random), shift * Signed(random));
    }

    /// <summary>A pose near another: a normal step of given root mean square angle (the three axes together) and length (both axes together).</summary>
    /// <param name="random">The generator.</param>
    /// <param name="pose">The pose to leave.</param>
    /// <param name="degrees">Root mean square angle, degrees.</param>
    /// <param name="angstrom">Root mean square shift, angstrom.</param>
    /// <returns>The other pose.</returns>
    public static Pose Near(Random random, Pose pose, double degrees, double angstrom)
    {
        double r = degrees * (Math.PI / 180) / Math.Sqrt(3), t = angstrom / Math.Sqrt(2);
        return pose.Step([r * Normal(random), r * Normal(random), r * Normal(random), t * Normal(random), t * Normal(random)]);
    }

    /// <summary>A contrast transfer function as a microscope gives it: defocus of 0.8 to 1.8 micrometre, 25 nm of astigmatism, 300 kV.</summary>
    /// <param name="random">The generator.</param>
    /// <returns>The parameters.</returns>
    public static CtfParameters Ctf(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var defocus = 8000 + (10000 * random.NextDouble());
        return new CtfParameters { DefocusU = defocus + 250, DefocusV = defocus, DefocusAngleDegrees = 180 * random.NextDouble() };
    }

    /// <summary>A model: Gaussians uniform in a ball, or in one that is flattened and bent, amplitudes and widths uniform between two ends.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="shape">What it looks like.</param>
    /// <returns>The model.</returns>
    public static GaussianModel Model(Random random, ModelShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(random);
        var count = shape.Count;
        float[] x = new float[count], y = new float[count], z = new float[count], a = new float[count], s = new float[count];
        for (var j = 0; j < count; j++)
        {
            double u, v, w;
            do
            {
                (u, v, w) = (Signed(random), Signed(random), Signed(random));
            }
            while ((u * u) + (v * v) + (w * w) > 1);

            var (flat, bent) = shape.Lopsided ? (0.8, 0.2) : (1, 0);
            (x[j], y[j], z[j]) = ((float)(shape.Radius * u), (float)(flat * shape.Radius * v), (float)(shape.Radius * (w + (bent * u * u))));
            a[j] = Between(random, shape.Amplitudes);
            s[j] = Between(random, shape.Widths);
        }

        return new GaussianModel(x, y, z, a, s, shape.BoxSize, shape.PixelSize, "random");
    }

    private static float Between(Random random, (double Low, double High) ends) => (float)(ends.Low + ((ends.High - ends.Low) * random.NextDouble()));
}
