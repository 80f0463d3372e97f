namespace Gmm.Refinement;

/// <summary>
/// The bands of the local correlation: Gaussians exp(-((k - q) / w)^2) around radii q, half-width w a fixed part of q but at least 1.5 Fourier
/// voxels, one w apart, so that their sum is level and neither box nor padding changes what a band is.
/// </summary>
internal sealed class LocalBands
{
    /// <summary>Half-width of a band over its frequency.</summary>
    private const double RelativeWidth = 0.08;

    /// <summary>Least half-width, Fourier voxels: less says nothing about single shells.</summary>
    private const double LeastWidth = 1.5;

    /// <summary>Radius of the coarsest band, Fourier voxels; coarser, a shell has too few coefficients.</summary>
    private const double First = 3;

    /// <summary>Bands are cut where they are exp(-9).</summary>
    private const double Cut = 3;

    /// <summary>Sum of Gaussians of half-width w that are w apart.</summary>
    private static readonly double s_level = Math.Sqrt(Math.PI);

    private LocalBands(double[] centres) => Centres = centres;

    /// <summary>Radii of the bands, Fourier voxels, from coarse to fine.</summary>
    public double[] Centres { get; }

    /// <summary>The bands of a box.</summary>
    public static LocalBands Of(int size)
    {
        var centres = new List<double>();
        for (var q = First; q <= size / 2; q += Width(q))
        {
            centres.Add(q);
        }

        return new LocalBands([.. centres]);
    }

    /// <summary>Half-width at 1/e of the band at a radius.</summary>
    public static double Width(double q) => Math.Max(LeastWidth, RelativeWidth * q);

    /// <summary>Radius beyond which a band is zero.</summary>
    public static double End(double q) => q + (Cut * Width(q));

    /// <summary>The factor of a band at a radius.</summary>
    public static double Factor(double q, double r)
    {
        var x = (r - q) / Width(q);
        return Math.Abs(x) < Cut ? Math.Exp(-x * x) : 0;
    }

    /// <summary>At a radius, what the sum of the bands is divided by, and what part of the unfiltered map fills the gap below the coarsest band.</summary>
    public (double Divisor, double Fill) Level(double r)
    {
        double sum = 0;
        foreach (var q in Centres)
        {
            sum += Factor(q, r);
        }

        return r < First ? (s_level, Math.Max(0, s_level - sum)) : (Math.Max(sum, 0.5), 0);
    }
}
