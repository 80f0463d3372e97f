using Gmm.Core;

namespace Gmm.Torch.Tests;

/// <summary>Models and poses for tests, seeded.</summary>
internal static class Samples
{
    public const double BoxLength = 90;

    public static GaussianModel Model(int count, double narrow = 1.2, double wide = 2.5, int seed = 3)
    {
        var random = new Random(seed);
        float[] x = new float[count], y = new float[count], z = new float[count], a = new float[count], s = new float[count];
        for (var j = 0; j < count; j++)
        {
            (x[j], y[j], z[j]) = (Coordinate(), Coordinate(), Coordinate());
            a[j] = (float)(0.5 + random.NextDouble());
            s[j] = (float)(narrow + ((wide - narrow) * random.NextDouble()));
        }

        return new GaussianModel(x, y, z, a, s, 60, 1.5);

        float Coordinate() => (float)((random.NextDouble() - 0.5) * 50);
    }

    public static Pose[] Poses(int count, int seed = 5)
    {
        var random = new Random(seed);
        double Angle(double range) => range * random.NextDouble();
        return [.. Enumerable.Range(0, count).Select(_ => new Pose(
            Rotation.FromEuler(new EulerAngles(Angle(360), Angle(180), Angle(360))), Angle(6) - 3, Angle(6) - 3))];
    }

    /// <summary>The exact projection in float64: [K] real and imaginary parts.</summary>
    public static (double[] Re, double[] Im) Exact(GaussianModel model, FourierDisc disc, Pose pose)
    {
        var projector = new DirectProjector<double>(model, disc);
        double[] re = new double[disc.Count], im = new double[disc.Count];
        projector.Project(pose, re, im, projector.CreateScratch());
        return (re, im);
    }

    /// <summary>Complex [.., K] on any device as interleaved float64.</summary>
    public static double[] Values(Tensor complexTensor)
    {
        using var scope = NewDisposeScope();
        return TensorMemory.Read<double>(view_as_real(complexTensor.detach().resolve_conj()).to(ScalarType.Float64));
    }

    public static double[] Reals(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return TensorMemory.Read<double>(tensor.detach().to(ScalarType.Float64));
    }

    /// <summary>The largest over rings of (rms difference in the ring) / (rms of the ring).</summary>
    public static double RingError(FourierDisc disc, ReadOnlySpan<double> interleaved, (double[] Re, double[] Im) exact)
    {
        double worst = 0;
        for (var q = 0; q <= disc.Radius; q++)
        {
            double difference = 0, power = 0;
            for (var i = disc.RingStart(q); i < disc.RingStart(q + 1); i++)
            {
                double dr = interleaved[2 * i] - exact.Re[i], di = interleaved[(2 * i) + 1] - exact.Im[i];
                difference += (dr * dr) + (di * di);
                power += (exact.Re[i] * exact.Re[i]) + (exact.Im[i] * exact.Im[i]);
            }

            worst = Math.Max(worst, Math.Sqrt(difference / power));
        }

        return worst;
    }

    /// <summary>|a - b| / |b|.</summary>
    public static double RelativeError(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Assert.Equal(b.Length, a.Length);
        double difference = 0, norm = 0;
        for (var i = 0; i < a.Length; i++)
        {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            norm += b[i] * b[i];
        }

        return Math.Sqrt(difference / norm);
    }
}
