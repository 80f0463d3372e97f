using System.Globalization;
using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Makes soft masks: from a density, from two half maps without any given number, or a sphere.</summary>
public static class SolventMasks
{
    /// <summary>Part of the way from solvent to peak density at which a low-passed map counts as structure (EMAN2 uses 0.15 for its loose mask).</summary>
    private const double PeakFraction = 0.15;

    /// <summary>Standard deviations of noise over the solvent's level that structure must have.</summary>
    private const double NoiseLevel = 4;

    /// <summary>Regions smaller than this part of the largest are dropped.</summary>
    private const double RegionFraction = 0.1;

    /// <summary>
    /// The largest region must have the volume of this many spheres of the filter's resolution in diameter: at 15 A, 7 nm^3, a protein of 6 kDa.
    /// </summary>
    private const double LeastElements = 4;

    /// <summary>Width of the soft edge of the sphere that stands in for a mask, parts of the box.</summary>
    private const double SphereEdge = 0.08;

    /// <summary>A sphere with a soft edge.</summary>
    /// <param name="size">Side of the box, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="radius">Radius within which the mask is 1, angstrom.</param>
    /// <param name="softEdge">Width of the raised-cosine edge outside it, angstrom.</param>
    /// <returns>The mask.</returns>
    public static SolventMask Sphere(int size, double pixelSize, double radius, double softEdge)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(radius);
        ArgumentOutOfRangeException.ThrowIfNegative(softEdge);
        var voxels = new float[size * size * size];
        for (int i = 0, z = 0; z < size; z++)
        {
            for (var y = 0; y < size; y++)
            {
                for (var x = 0; x < size; x++, i++)
                {
                    voxels[i] = (float)MapFilters.Edge((FromCentre(x, y, z, size) * pixelSize) - radius, softEdge);
                }
            }
        }

        return new SolventMask(size, pixelSize, voxels);
    }

    /// <summary>Where a map is over a threshold, extended, with a soft edge.</summary>
    /// <param name="map">The map, low-passed if it is noisy.</param>
    /// <param name="threshold">Density from which a voxel is inside.</param>
    /// <param name="extend">How far the inside is extended, angstrom.</param>
    /// <param name="softEdge">Width of the raised-cosine edge outside that, angstrom.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InvalidInputException">No voxel reaches the threshold.</exception>
    public static SolventMask FromDensity(DensityMap map, double threshold, double extend, double softEdge, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        var inside = new bool[map.Voxels.Length];
        for (var i = 0; i < inside.Length; i++)
        {
            inside[i] = map.Voxels[i] >= threshold;
        }

        return Soften(inside, map.Size, map.PixelSize, extend, softEdge, compute);
    }

    /// <summary>
    /// A mask around the structure in two half maps. Their mean is low-passed to where the half maps as they are agree; a voxel of the sphere in the box
    /// is structure if it is
    /// over both 15 % of the way from the solvent's level (the median) to the peak and four standard deviations of the noise (from the halves' difference);
    /// the largest connected region, and others at least a tenth of it, are extended and get a soft edge.
    /// </summary>
    /// <remarks>
    /// A mask must not be chosen from what is then measured inside it: of noise it would take the places where the halves agree by chance, and phase
    /// randomisation
    /// cannot see that. So there is no mask where the unmasked halves have no signal in common (<see cref="SignalTest"/>); shells beyond their own
    /// resolution do not decide it, so that what
    /// the mask shows there is not of its own making; and a few voxels over the noise are no structure.
    /// </remarks>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="lowPass">Resolution of the low-pass filter, angstrom; by default 15, five voxels, or where the unmasked FSC falls below 0.143,
    /// whichever is most.</param>
    /// <param name="extend">Extension, angstrom; 4, or two voxels, by default.</param>
    /// <param name="softEdge">Width of the soft edge, angstrom; 8, or four voxels, by default.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InvalidInputException">
    /// Half maps of different box or pixel size, without signal in common, or with nothing above the noise but specks.
    /// </exception>
    public static SolventMask FromHalfMaps(
        HalfMap half1, HalfMap half2, double? lowPass = null, double? extend = null, double? softEdge = null, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        var (mask, problem) = Find(half1, half2, lowPass, extend, softEdge, compute ?? new ComputeOptions());
        return mask ?? throw new InvalidInputException($"No mask can be made: {problem}.");
    }

    /// <summary>
    /// The mask of <see cref="FromHalfMaps"/>, or, where there is none to be made, the soft sphere that fills the box, which nothing measured has a part in.
    /// </summary>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The mask, and the warning where it is the sphere.</returns>
    /// <exception cref="InvalidInputException">Half maps of different box or pixel size.</exception>
    public static (SolventMask Mask, string? Warning) Automatic(HalfMap half1, HalfMap half2, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        var (mask, problem) = Find(half1, half2, null, null, null, compute ?? new ComputeOptions());
        var edge = half1.BoxLength * SphereEdge;
        return mask is not null
            ? (mask, null)
            : (
                Sphere(half1.Size, half1.PixelSize, (0.5 * half1.BoxLength) - edge, edge),
                $"no mask can be made, a sphere that fills the box is taken: {problem}");
    }

    /// <summary>The mask around the structure, or why there is none.</summary>
    private static (SolventMask? Mask, string? Problem) Find(
        HalfMap half1, HalfMap half2, double? lowPass, double? extend, double? softEdge, ComputeOptions compute)
    {
        MapChecks.SameGrid(half1, half2, "The half maps");
        var (s1, s2) = (MapSpectrum.Of(half1.Voxels, half1.Size, [], compute), MapSpectrum.Of(half2.Voxels, half2.Size, [], compute));
        var curve = FourierShellCorrelation.Curve(half1, s1, s2);
        var signal = SignalTest.Of(curve, ChanceCorrelation.Of(s1, s2));
        if (!signal.Found)
        {
            return (null, signal.Describe("the half maps"));
        }

        var resolution = lowPass ?? Math.Max(curve.Resolution(), Math.Max(15, 5 * half1.PixelSize));
        var (mean, noise) = Filtered(half1, half2, s1, s2, resolution);
        return OfStructure(mean, noise, half1, resolution, extend, softEdge, compute);
    }

    /// <summary>The mean of the halves and half their difference, low-passed; the noise of both is the same, and independent.</summary>
    private static (float[] Mean, float[] Noise) Filtered(HalfMap half1, HalfMap half2, MapSpectrum s1, MapSpectrum s2, double resolution)
    {
        s1.ForPlanes(z =>
        {
            for (var i = z * s1.Size * s1.Width; i < (z + 1) * s1.Size * s1.Width; i++)
            {
                (s1.Re[i], s2.Re[i]) = (0.5f * (s1.Re[i] + s2.Re[i]), 0.5f * (s1.Re[i] - s2.Re[i]));
                (s1.Im[i], s2.Im[i]) = (0.5f * (s1.Im[i] + s2.Im[i]), 0.5f * (s1.Im[i] - s2.Im[i]));
            }
        });
        var factor = MapFilters.LowPassFactor(half1.BoxLength, resolution, 2);
        s1.Scale(factor);
        s2.Scale(factor);
        return (s1.ToVoxels(), s2.ToVoxels());
    }

    private static (SolventMask? Mask, string? Problem) OfStructure(
        float[] mean, float[] noise, DensityMap like, double resolution, double? extend, double? softEdge, ComputeOptions compute)
    {
        var (n, pixel) = (like.Size, like.PixelSize);
        var inside = new bool[mean.Length];
        var threshold = Threshold(mean, noise, n);
        for (var i = 0; i < inside.Length; i++)
        {
            inside[i] = mean[i] >= threshold && InSphere(i, n);
        }

        var largest = KeepLargeRegions(inside, n);
        var least = LeastElements * 4 / 3.0 * Math.PI * Math.Pow(0.5 * resolution / pixel, 3);
        if (largest < least)
        {
            return (null, string.Create(
                CultureInfo.InvariantCulture,
                $"at {resolution:0.#} A only specks stand out from the noise, the largest of {largest} voxels; {least:0} are the least for a structure"));
        }

        return (Soften(inside, n, pixel, extend ?? Math.Max(4, 2 * pixel), softEdge ?? Math.Max(8, 4 * pixel), compute), null);
    }

    /// <summary>The voxels within a distance of an atom, with a soft edge.</summary>
    /// <remarks>Atoms count at the centre of their nearest voxel, so the distance is exact to 0.9 voxel.</remarks>
    /// <param name="size">Side of the box, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="atoms">Places of the atoms, angstrom from the box centre (voxel n/2).</param>
    /// <param name="extend">Distance to an atom within which the mask is 1, angstrom.</param>
    /// <param name="softEdge">Width of the raised-cosine edge outside that, angstrom.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InvalidInputException">No atom lies in the box.</exception>
    public static SolventMask FromAtoms(
        int size, double pixelSize, IReadOnlyList<(double X, double Y, double Z)> atoms, double extend, double softEdge, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        var inside = new bool[size * size * size];
        foreach (var (ax, ay, az) in atoms)
        {
            int x = Voxel(ax), y = Voxel(ay), z = Voxel(az);
            if (Math.Min(x, Math.Min(y, z)) >= 0 && Math.Max(x, Math.Max(y, z)) < size)
            {
                inside[(((z * size) + y) * size) + x] = true;
            }
        }

        return Soften(inside, size, pixelSize, extend, softEdge, compute);

        // In float64 until the number is known to be small.
        int Voxel(double angstrom) => (int)Math.Clamp(Math.Round(angstrom / pixelSize) + (size / 2), -1, size);
    }

    /// <summary>A mask made larger: 1 within a distance of where it was at least a half, with a soft edge outside that.</summary>
    internal static SolventMask Extend(SolventMask mask, double extend, double softEdge, ComputeOptions? compute = null) =>
        Soften(Array.ConvertAll(mask.Voxels, v => v >= 0.5f), mask.Size, mask.PixelSize, extend, softEdge, compute);

    /// <summary>Where both masks are: the smaller value of each voxel.</summary>
    /// <param name="a">One mask.</param>
    /// <param name="b">The other.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InvalidInputException">Masks of different box or pixel size, or with nothing in common.</exception>
    public static SolventMask Intersect(SolventMask a, SolventMask b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return Combine(a, b, Math.Min);
    }

    /// <summary>Where either mask is: the larger value of each voxel.</summary>
    /// <param name="a">One mask.</param>
    /// <param name="b">The other.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InvalidInputException">Masks of different box or pixel size.</exception>
    public static SolventMask Unite(SolventMask a, SolventMask b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return Combine(a, b, Math.Max);
    }

    /// <summary>Where one mask is and the other is not: the smaller of a and 1 - b.</summary>
    /// <param name="a">The mask to keep.</param>
    /// <param name="b">The mask to take away.</param>
    /// <returns>The mask.</returns>
    /// <exception cref="InvalidInputException">Masks of different box or pixel size, or nothing left.</exception>
    public static SolventMask Subtract(SolventMask a, SolventMask b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return Combine(a, b, (x, y) => Math.Min(x, 1 - y));
    }

    private static SolventMask Combine(SolventMask a, SolventMask b, Func<float, float, float> value)
    {
        MapChecks.SameGrid(a, b, "The two masks");
        var voxels = new float[a.Voxels.Length];
        var any = false;
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = Math.Clamp(value(a.Voxels[i], b.Voxels[i]), 0, 1);
            any |= voxels[i] > 0;
        }

        return any ? new SolventMask(a.Size, a.PixelSize, voxels) : throw new InvalidInputException("The two masks together leave nothing.");
    }

    private static double Threshold(float[] signal, float[] noise, int n)
    {
        var values = new List<float>(signal.Length);
        double sum = 0, squares = 0;
        for (var i = 0; i < signal.Length; i++)
        {
            if (InSphere(i, n))
            {
                values.Add(signal[i]);
                sum += noise[i];
                squares += (double)noise[i] * noise[i];
            }
        }

        values.Sort();
        double median = values[values.Count / 2], peak = values[^(1 + (values.Count / 2000))];
        var mean = sum / values.Count;
        var deviation = Math.Sqrt(Math.Max(0, (squares / values.Count) - (mean * mean)));
        return median + Math.Max(PeakFraction * (peak - median), NoiseLevel * deviation);
    }

    /// <summary>Drops the face-connected regions that are small beside the largest; returns the voxels of that.</summary>
    private static int KeepLargeRegions(bool[] inside, int n)
    {
        var label = new int[inside.Length];
        var sizes = new List<int> { 0 };
        var stack = new Stack<int>();
        for (var seed = 0; seed < inside.Length; seed++)
        {
            if (!inside[seed] || label[seed] != 0)
            {
                continue;
            }

            sizes.Add(0);
            Visit(seed, sizes.Count - 1);
            while (stack.TryPop(out var i))
            {
                int region = label[i], x = i % n, y = i / n % n, z = i / (n * n);
                sizes[region]++;
                if (x > 0) Visit(i - 1, region);
                if (x < n - 1) Visit(i + 1, region);
                if (y > 0) Visit(i - n, region);
                if (y < n - 1) Visit(i + n, region);
                if (z > 0) Visit(i - (n * n), region);
                if (z < n - 1) Visit(i + (n * n), region);
            }
        }

        var least = RegionFraction * sizes.Max();
        for (var i = 0; i < inside.Length; i++)
        {
            inside[i] = inside[i] && sizes[label[i]] >= least;
        }

        return sizes.Max();

        void Visit(int i, int region)
        {
            if (inside[i] && label[i] == 0)
            {
                label[i] = region;
                stack.Push(i);
            }
        }
    }

    private static SolventMask Soften(bool[] inside, int size, double pixelSize, double extend, double softEdge, ComputeOptions? compute)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(extend);
        ArgumentOutOfRangeException.ThrowIfNegative(softEdge);
        if (Array.IndexOf(inside, true) < 0)
        {
            throw new InvalidInputException("No mask can be made: no density stands out from the noise or reaches the threshold.");
        }

        var squared = DistanceTransform.Squared(inside, size, compute ?? new ComputeOptions());
        for (var i = 0; i < squared.Length; i++)
        {
            squared[i] = (float)MapFilters.Edge((Math.Sqrt(squared[i]) * pixelSize) - extend, softEdge);
        }

        return new SolventMask(size, pixelSize, squared);
    }

    private static bool InSphere(int i, int n) => FromCentre(i % n, i / n % n, i / (n * n), n) < n / 2;

    private static double FromCentre(int x, int y, int z, int n)
    {
        double a = x - (n / 2), b = y - (n / 2), c = z - (n / 2);
        return Math.Sqrt((a * a) + (b * b) + (c * c));
    }
}
