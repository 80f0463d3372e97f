namespace Gmm.Maps;

/// <summary>
/// The bands of the local correlation: Gaussians around radii q that are <see cref="Spacing"/> apart. Those that are correlated have twice that
/// half-width, so that a band reaches only about a wavelength into its neighbourhood (the power of its kernel has a standard deviation of 0.8); those
/// that the filtered map is put together from have it
/// once, so that their sum is level. Widths are a fixed part of q, so neither box nor padding changes what a band is.
/// </summary>
internal sealed class LocalBands
{
    /// <summary>Distance of bands over their frequency.</summary>
    private const double RelativeSpacing = 0.1;

    /// <summary>Least distance, Fourier voxels: less says nothing about single shells.</summary>
    private const double LeastSpacing = 0.75;

    /// <summary>Radius of the coarsest band, Fourier voxels; coarser, a shell has too few coefficients.</summary>
    private const double First = 3;

    /// <summary>Bands end at this many half-widths, where they are exp(-6.25).</summary>
    private const double Cut = 2.5;

    /// <summary>Sum of Gaussians of half-width w that are w apart.</summary>
    private static readonly double s_level = Math.Sqrt(Math.PI);

    private LocalBands(double[] centres) => Centres = centres;

    /// <summary>Radii of the bands, Fourier voxels, from coarse to fine.</summary>
    public double[] Centres { get; }

    /// <summary>The bands of a box.</summary>
    public static LocalBands Of(int size)
    {
        var centres = new List<double>();
        for (var q = First; q <= size / 2; q += Spacing(q))
        {
            centres.Add(q);
        }

        return new LocalBands([.. centres]);
    }

    /// <summary>Distance of the bands at a radius: half-width at 1/e of the filtered map's bands.</summary>
    public static double Spacing(double q) => Math.Max(LeastSpacing, RelativeSpacing * q);

    /// <summary>Half-width at 1/e of a band that is correlated.</summary>
    public static double Width(double q) => 2 * Spacing(q);

    /// <summary>Radius beyond which a band is zero.</summary>
    public static double End(double q, double width) => q + (Cut * width);

    /// <summary>The factor of a band at a radius.</summary>
    public static double Factor(double q, double width, double r)
    {
        var x = (r - q) / width;
        return Math.Abs(x) < Cut ? Math.Exp(-x * x) : 0;
    }

    /// <summary>
    /// At a radius, what the sum of the filtered map's bands is divided by, and what part of the unfiltered map fills the gap below the coarsest band.
    /// </summary>
    public (double Divisor, double Fill) Level(double r)
    {
        double sum = 0;
        foreach (var q in Centres)
        {
            sum += Factor(q, Spacing(q), r);
        }

        return r < First ? (s_level, Math.Max(0, s_level - sum)) : (Math.Max(sum, 0.5), 0);
    }

    /// <summary>
    /// How much each correlated band sees of the power around each band's radius: rows sum to 1. The power of a band is its squared factor times the
    /// number of coefficients, which grows with the square of the radius.
    /// </summary>
    /// <returns>[band, radius].</returns>
    public double[][] Blur()
    {
        var count = Centres.Length;
        return LocalDeblur.Normalised(count, (i, j) =>
        {
            var from = j > 0 ? 0.5 * (Centres[j - 1] + Centres[j]) : Centres[0] - (0.5 * Spacing(Centres[0]));
            var to = j + 1 < count ? 0.5 * (Centres[j] + Centres[j + 1]) : Centres[j] + (0.5 * Spacing(Centres[j]));
            double sum = 0;
            const int steps = 8;
            for (var s = 0; s < steps; s++)
            {
                var r = from + ((to - from) * (s + 0.5) / steps);
                var f = Factor(Centres[i], Width(Centres[i]), r);
                sum += f * f * r * r * (to - from);
            }

            return sum;
        });
    }
}
