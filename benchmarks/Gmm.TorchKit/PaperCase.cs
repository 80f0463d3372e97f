using Gmm.Core;

namespace Gmm.TorchKit;

/// <summary>The paper's timing case: box 196 at 1 angstrom, 3 angstrom, 7,374 Gaussians; widths as a fitted model has them.</summary>
internal sealed class PaperCase
{
    public PaperCase(int gaussians)
    {
        var random = new Random(1);
        float Coordinate() => (float)((random.NextDouble() - 0.5) * 90);

        // 85 % of the widths of a fitted model are at the lower bound, a quarter of the resolution; the widest is 2.9 times that.
        float Width()
        {
            var u = random.NextDouble();
            return (float)(0.75 * (u < 0.85 ? 1 : u < 0.99 ? 1 + (0.56 * (u - 0.85) / 0.14) : 1.56 + (1.34 * (u - 0.99) / 0.01)));
        }

        float[] Column(Func<float> value) => [.. Enumerable.Range(0, gaussians).Select(_ => value())];
        Model = new GaussianModel(Column(Coordinate), Column(Coordinate), Column(Coordinate), Column(() => 1f), Column(Width), 196, 1);
        Disc = FourierDisc.ForResolution(196, 1, 3);
    }

    public GaussianModel Model { get; }

    public FourierDisc Disc { get; }

    public static Pose[] Poses(int count, int seed = 5)
    {
        var random = new Random(seed);
        double Angle(double range) => range * random.NextDouble();
        return [.. Enumerable.Range(0, count).Select(_ => new Pose(
            Rotation.FromEuler(new EulerAngles(Angle(360), Angle(180), Angle(360))), Angle(2) - 1, Angle(2) - 1))];
    }

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
