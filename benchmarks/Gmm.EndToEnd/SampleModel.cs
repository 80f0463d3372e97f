using Gmm.Core;

namespace Gmm.EndToEnd;

/// <summary>Models like those that gmm fits to a protein's half map, of any number of Gaussians.</summary>
/// <remarks>
/// Centres by rejection in an ellipsoid of axes 1 : 1 : 1.6 at the density GaussianCountEstimator gives at 3 angstrom, no two nearer than 1.8 angstrom.
/// Widths: a model fitted to simulated images of 6VXX at 3.6 angstrom (11,950 Gaussians) had 85 % of its
/// widths at the lower bound, a quarter of the resolution, 90 % under 1.15 times it, 99 % under 1.56 times,
/// the widest 2.9 times; "fitted" widths repeat that. "Spread" ones are uniform from 0.8 to 1.3 angstrom.
/// </remarks>
internal static class SampleModel
{
    private const double VolumePerGaussian = 19;
    private const double LeastDistance = 1.8;
    private const double Elongation = 1.6;

    public static GaussianModel Make(int count, int box, double pixelSize, double resolution, bool fittedWidths, long seed = 1)
    {
        var random = new SeededGenerator(seed, 101, 0);
        var radius = Math.Pow(count * VolumePerGaussian * 3 / (4 * Math.PI * Elongation), 1.0 / 3);
        float[] x = new float[count], y = new float[count], z = new float[count], amplitude = new float[count], width = new float[count];
        var cells = new Dictionary<(int, int, int), List<int>>();
        for (var j = 0; j < count;)
        {
            double a = (2 * random.Uniform()) - 1, b = (2 * random.Uniform()) - 1, c = (2 * random.Uniform()) - 1;
            (x[j], y[j], z[j]) = ((float)(radius * a), (float)(radius * b), (float)(radius * Elongation * c));
            if ((a * a) + (b * b) + (c * c) > 1 || IsCrowded(cells, x, y, z, j))
            {
                continue;
            }

            amplitude[j] = (float)(1 + (0.3 * random.Normal()));
            width[j] = (float)(fittedWidths ? FittedWidth(random.Uniform(), resolution / 4) : 0.8 + (0.5 * random.Uniform()));
            j++;
        }

        return new GaussianModel(x, y, z, amplitude, width, box, pixelSize, "benchmark");
    }

    private static double FittedWidth(double u, double least) => least * u switch
    {
        < 0.85 => 1,
        < 0.90 => 1 + (0.15 * (u - 0.85) / 0.05),
        < 0.99 => 1.15 + (0.41 * (u - 0.90) / 0.09),
        _ => 1.56 + (1.34 * (u - 0.99) / 0.01),
    };

    private static bool IsCrowded(Dictionary<(int, int, int), List<int>> cells, float[] x, float[] y, float[] z, int j)
    {
        static int Cell(float v) => (int)Math.Floor(v / LeastDistance);
        var (cx, cy, cz) = (Cell(x[j]), Cell(y[j]), Cell(z[j]));
        for (var n = 0; n < 27; n++)
        {
            if (cells.TryGetValue((cx + (n % 3) - 1, cy + (n / 3 % 3) - 1, cz + (n / 9) - 1), out var near)
                && near.Any(i => Square(x[i] - x[j]) + Square(y[i] - y[j]) + Square(z[i] - z[j]) < LeastDistance * LeastDistance))
            {
                return true;
            }
        }

        if (!cells.TryGetValue((cx, cy, cz), out var own))
        {
            cells[(cx, cy, cz)] = own = [];
        }

        own.Add(j);
        return false;
    }

    private static double Square(double v) => v * v;
}
