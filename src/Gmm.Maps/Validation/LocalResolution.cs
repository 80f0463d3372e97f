using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Local resolution and filtering, by band-wise local correlation (Penczek 2020; EMAN2's local Wiener filter) or by the FSC in a sliding soft
/// window (as blocres, Cardone et al. 2013): a voxel's resolution is where the correlation around it falls below 0.143.
/// </summary>
/// <remarks>
/// Two things make a poor region beside a good one read too fine. In space, the window and the band's own reach take in the neighbour: bands are
/// broad, so that they reach little more than a wavelength, and each place counts by its correlation, not by its power (products are divided by
/// the local power before they are averaged). In frequency, broad bands and small windows blur the edge of a strong signal: the blur is known and taken out
/// (<see cref="LocalDeblur"/>). Bands and nodes follow one another in a fixed order, so threads do not change the result.
/// </remarks>
public static class LocalResolution
{
    /// <summary>Distance of the nodes at which bands are correlated, angstrom: 0.9 standard deviations of the narrowest window.</summary>
    internal const double NodeSpacing = 4;

    /// <summary>Standard deviation of the Gaussian window over the band's wavelength ...</summary>
    private const double Window = 1.1;

    /// <summary>... and the least, angstrom.</summary>
    private const double LeastWindow = 4.5;

    /// <summary>Standard deviation over the wavelength of the average that local power is taken over.</summary>
    private const double PowerWindow = 0.7;

    /// <summary>Measures the local resolution by band-wise local correlation and filters to it.</summary>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between bands.</param>
    /// <returns>Resolution and filtered map.</returns>
    /// <exception cref="InvalidInputException">Two maps of the same half, or of different box or pixel size, or a box of fewer than 16 voxels.</exception>
    /// <exception cref="OperationCanceledException">The token was set.</exception>
    public static LocalResolutionResult Measure(
        HalfMap half1, HalfMap half2, ComputeOptions? compute = null, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        Check(half1, half2);
        compute = (compute ?? new ComputeOptions()).StoppedBy(cancellationToken);
        int n = half1.Size;
        var (s1, s2) = (MapSpectrum.Of(half1.Voxels, n, [], compute), MapSpectrum.Of(half2.Voxels, n, [], compute));
        // Shells of equal power: a band must not see more of a strong neighbour, or of one beside nothing, than its own width lets in.
        var held = HeldShells.Of(s1, s2);
        var bands = LocalBands.Of(n);
        var coarse = new CoarseGrid(n, half1.BoxLength, compute, NodeSpacing);
        var filter = new LocalFilter(n, bands, coarse, compute);
        var profiles = new float[bands.Centres.Length][];
        float[] b1 = new float[filter.MaxVoxels], b2 = new float[filter.MaxVoxels];
        for (var b = 0; b < profiles.Length; b++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var q = bands.Centres[b];
            var width = LocalBands.Width(q);
            var m = filter.GridOf(q, width);
            var fft = new RealFft3D<float>(m, m, m);
            var scratch = new float[fft.ScratchLength];
            filter.Pass(s1, q, width, fft, b1, scratch, held.Factors);
            filter.Pass(s2, q, width, fft, b2, scratch, held.Factors);
            profiles[b] = Correlate(coarse, b1, b2, m, half1.BoxLength / q);
            progress?.Report(0.6 * (b + 1) / profiles.Length);
        }

        LocalDeblur.Run(profiles, bands.Blur(), compute);
        (b1, b2) = ([], []);
        return Finish(half1, s1, s2, held, profiles, bands, coarse, filter, compute, Part(progress, 0.6, profiles.Length), cancellationToken);
    }

    /// <summary>Measures the local resolution by the FSC in a soft spherical window that slides over the maps, and filters to it.</summary>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="diameter">Diameter of the window, angstrom, at least 16 voxels; resolutions coarser than a fifth of it are not told apart well.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <param name="progress">Gets the part that is done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between windows.</param>
    /// <returns>Resolution and filtered map.</returns>
    /// <exception cref="InvalidInputException">
    /// Two maps of the same half, or of different box or pixel size, a box of fewer than 16 voxels, or a window that is larger than the box or smaller
    /// than 16 voxels.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was set.</exception>
    public static LocalResolutionResult MeasureInWindows(
        HalfMap half1, HalfMap half2, double diameter = 50, ComputeOptions? compute = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        Check(half1, half2);
        if (!(diameter >= 16 * half1.PixelSize && diameter <= half1.BoxLength))
        {
            throw new InvalidInputException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"A window of {diameter:0.##} A does not suit a box of {half1.BoxLength:0.##} A with voxels of {half1.PixelSize:0.###} A: 16 voxels "
                    + $"to the box are possible."));
        }

        compute = (compute ?? new ComputeOptions()).StoppedBy(cancellationToken);
        var n = half1.Size;
        var bands = LocalBands.Of(n);
        var coarse = new CoarseGrid(n, half1.BoxLength, compute, diameter / 6);
        var profiles = new LocalWindows(half1, half2, diameter, compute).Profiles(coarse, bands, p => progress?.Report(0.8 * p), cancellationToken);
        var filter = new LocalFilter(n, bands, coarse, compute);
        var (s1, s2) = (MapSpectrum.Of(half1.Voxels, n, [], compute), MapSpectrum.Of(half2.Voxels, n, [], compute));
        return Finish(half1, s1, s2, HeldShells.Of(s1, s2), profiles, bands, coarse, filter, compute, Part(progress, 0.8, profiles.Length), cancellationToken);
    }

    private static void Check(HalfMap half1, HalfMap half2)
    {
        MapChecks.SameGrid(half1, half2, "The half maps");
        if (half1.Half == half2.Half || half1.Size < 16)
        {
            throw new InvalidInputException(
                half1.Size < 16
                    ? "Local resolution needs a box of 16 voxels or more."
                    : $"Local resolution needs half maps 1 and 2; both given are of half {half1.Half}.");
        }
    }

    private static Action<int> Part(IProgress<double>? progress, double from, int count) => b => progress?.Report(from + ((1 - from) * (b + 1) / count));

    /// <summary>The correlation of a band at each node: products divided by the local power, averaged in the window.</summary>
    private static float[] Correlate(CoarseGrid coarse, float[] b1, float[] b2, int m, double wavelength)
    {
        float[] c = new float[coarse.Count], p1 = new float[coarse.Count], p2 = new float[coarse.Count];
        coarse.MeanProduct(b1, b2, m, c);
        coarse.MeanProduct(b1, b1, m, p1);
        coarse.MeanProduct(b2, b2, m, p2);
        float[] a1 = [.. p1], a2 = [.. p2];
        coarse.Smooth(a1, PowerWindow * wavelength);
        coarse.Smooth(a2, PowerWindow * wavelength);
        for (var i = 0; i < c.Length; i++)
        {
            double x = a1[i], y = a2[i];
            if (x > 0 && y > 0)
            {
                (c[i], p1[i], p2[i]) = ((float)(c[i] / (Math.Sqrt(x) * Math.Sqrt(y))), (float)(p1[i] / x), (float)(p2[i] / y));
            }
        }

        var deviation = Math.Max(LeastWindow, Window * wavelength);
        coarse.Smooth(c, deviation);
        coarse.Smooth(p1, deviation);
        coarse.Smooth(p2, deviation);
        for (var i = 0; i < c.Length; i++)
        {
            var power = Math.Sqrt(p1[i]) * Math.Sqrt(p2[i]);
            c[i] = power > 0 ? (float)(c[i] / power) : 0;
        }

        return c;
    }

    /// <summary>The resolution map, and the mean of the halves filtered.</summary>
    private static LocalResolutionResult Finish(
        HalfMap half1, MapSpectrum s1, MapSpectrum s2, HeldShells held, float[][] profiles, LocalBands bands, CoarseGrid coarse, LocalFilter filter,
        ComputeOptions compute,
        Action<int> done, CancellationToken cancellationToken)
    {
        var signal = SignalTest.Of(FourierShellCorrelation.Curve(half1, s1, s2), ChanceCorrelation.Of(s1, s2));
        var radii = LocalCrossing.Find(profiles, bands.Centres, compute);
        s1.ForPlanes(z =>
        {
            for (var i = z * s1.Size * s1.Width; i < (z + 1) * s1.Size * s1.Width; i++)
            {
                (s1.Re[i], s1.Im[i]) = (0.5f * (s1.Re[i] + s2.Re[i]), 0.5f * (s1.Im[i] + s2.Im[i]));
            }
        });
        filter.Filter(s1, s2, profiles, done, cancellationToken);
        var n = half1.Size;
        var resolution = new float[n * n * n];
        var (length, finest) = (half1.BoxLength, Math.Min(0.5f * n, held.Last));
        coarse.Interpolate(radii, n, (at, radius) =>
        {
            for (var x = 0; x < radius.Length; x++)
            {
                // Radius 0 is a place where even the coarsest band shows nothing; beyond the last shell that holds something a band sees only the
                // tails of others.
                resolution[at + x] = (float)(length / Math.Clamp(radius[x], 1, finest));
            }
        });
        if (!signal.Found)
        {
            Array.Fill(resolution, (float)length);
        }

        return new LocalResolutionResult(new DensityMap(n, half1.PixelSize, resolution), new DensityMap(n, half1.PixelSize, s1.ToVoxels()))
        {
            Finest = length / Math.Clamp(bands.Centres[^1], 1, finest),
        };
    }
}
