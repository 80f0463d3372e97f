using Gmm.Core;
using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>
/// The map of an atomic model in vacuum: electron scattering factors (Peng et al. 1996) as sums of Gaussians, each atom with its own B factor
/// and occupancy, at a resolution.
/// </summary>
/// <remarks>
/// A voxel is the density, angstrom of scattering factor per cubic angstrom: the sum of all voxels times their volume is the sum of f(0).
/// The Gaussians are summed on a grid at least 1.5 times as fine and cut in Fourier space at the map's own band, so that nothing folds back
/// at Nyquist, as sampling them at the voxels would. Density beyond the box is cut off, not folded in.
/// </remarks>
public static class ModelMap
{
    /// <summary>Makes the map.</summary>
    /// <param name="atoms">The atoms, as <see cref="SimulatedAtom.FromModel"/> gives them.</param>
    /// <param name="options">Resolution and grid.</param>
    /// <param name="compute">Threads; they do not change a bit of the result.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The map, with ORIGIN so that it lies over the model.</returns>
    /// <exception cref="InvalidInputException">
    /// No atom, an element without scattering factor, a value that is not finite, or more than one atom in a hundred outside the box.
    /// </exception>
    public static MrcVolume Render(
        IReadOnlyList<SimulatedAtom> atoms, ModelMapOptions options, ComputeOptions? compute = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        ArgumentNullException.ThrowIfNull(options);
        compute = (compute ?? new ComputeOptions()).StoppedBy(cancellationToken);
        options.Validate();
        compute.Validate();
        Check(atoms, options);
        var n = options.Size;
        (int X, int Y, int Z) m = (FineSize(n.X), FineSize(n.Y), FineSize(n.Z));
        if ((long)m.X * m.Y * m.Z > Array.MaxLength / 2)
        {
            throw new InvalidInputException(
                $"a box of {n.X} x {n.Y} x {n.Z} voxels is too large for the finer grid", "map of a model", null, nameof(options.Size));
        }

        var extra = ExtraBlur(options);
        var fine = new RealFft3D<float>(m.Z, m.Y, m.X);
        var density = new float[fine.RealLength];
        ModelDensity.Sum(atoms, options, m, extra, density, compute.Threads, compute.CancellationToken);
        float[] re = new float[fine.SpectrumLength], im = new float[fine.SpectrumLength];
        fine.Forward(density, re, im, new float[fine.ScratchLength], compute.Threads, compute.CancellationToken);
        var coarse = new RealFft3D<float>(n.Z, n.Y, n.X);
        float[] cutRe = new float[coarse.SpectrumLength], cutIm = new float[coarse.SpectrumLength];
        Cut(re, im, m, cutRe, cutIm, options, extra);
        var voxels = new float[coarse.RealLength];
        coarse.Inverse(cutRe, cutIm, voxels, new float[coarse.ScratchLength], compute.Threads, compute.CancellationToken);
        return new MrcVolume { Size = n, PixelSize = (options.PixelSize, options.PixelSize, options.PixelSize), Voxels = voxels, Origin = options.Origin };
    }

    /// <summary>
    /// B factor added before the Gaussians are sampled and taken off after: what folds back from the fine grid's far side must have fallen to
    /// 1e-4 of what is there at Nyquist, where exp(-B/4 (1/p^2 - 1/(4 p^2))) falls for a total B of 49 p^2.
    /// </summary>
    private static double ExtraBlur(ModelMapOptions options) =>
        Math.Max(0, (49 * options.PixelSize * options.PixelSize) - (4 * options.Resolution * options.Resolution));

    /// <summary>The least even size of factors 2, 3 and 5 that is 1.5 times as large.</summary>
    private static int FineSize(int size)
    {
        for (var m = ((3 * size) + 1) / 2; ; m++)
        {
            var rest = m;
            foreach (var factor in new[] { 2, 3, 5 })
            {
                while (rest % factor == 0)
                {
                    rest /= factor;
                }
            }

            if (rest == 1 && m % 2 == 0)
            {
                return m;
            }
        }
    }

    private static void Cut(float[] re, float[] im, (int X, int Y, int Z) m, float[] cutRe, float[] cutIm, ModelMapOptions options, double extra)
    {
        var n = options.Size;
        int width = (n.X / 2) + 1, fineWidth = (m.X / 2) + 1;

        // The fine map has more voxels of the same density.
        var scale = (double)n.X * n.Y * n.Z / ((double)m.X * m.Y * m.Z);
        double Frequency2(int k, int size) => (double)k * k / ((double)size * size * options.PixelSize * options.PixelSize);
        for (var z = 0; z < n.Z; z++)
        {
            var kz = z < (n.Z + 1) / 2 ? z : z - n.Z;
            for (var y = 0; y < n.Y; y++)
            {
                var ky = y < (n.Y + 1) / 2 ? y : y - n.Y;
                int from = (((kz < 0 ? kz + m.Z : kz) * m.Y) + (ky < 0 ? ky + m.Y : ky)) * fineWidth, to = ((z * n.Y) + y) * width;
                for (var kx = 0; kx < width; kx++)
                {
                    // Nyquist has no phase on an even grid; it is left empty, as in the images of the simulator.
                    if (2 * kx == n.X || -2 * ky == n.Y || -2 * kz == n.Z)
                    {
                        continue;
                    }

                    var k2 = Frequency2(kx, n.X) + Frequency2(ky, n.Y) + Frequency2(kz, n.Z);
                    var factor = scale * Math.Exp(extra * k2 / 4);
                    cutRe[to + kx] = (float)(re[from + kx] * factor);
                    cutIm[to + kx] = (float)(im[from + kx] * factor);
                }
            }
        }
    }

    private static void Check(IReadOnlyList<SimulatedAtom> atoms, ModelMapOptions options)
    {
        if (atoms.Count == 0)
        {
            throw new InvalidInputException("the model has no atoms");
        }

        var outside = 0;
        bool Outside(double x, double origin, int size) => x < origin - (options.PixelSize / 2) || x > origin + ((size - 0.5) * options.PixelSize);
        for (var i = 0; i < atoms.Count; i++)
        {
            var a = atoms[i];
            if (ElectronScattering.Find(a.Element) is null)
            {
                throw new InvalidInputException($"atom {i + 1}: no electron scattering factor for element '{a.Element}'");
            }

            if (!double.IsFinite(a.X + a.Y + a.Z + a.BFactor + a.Occupancy))
            {
                throw new InvalidInputException($"atom {i + 1}: position, B factor and occupancy must be finite");
            }

            outside += Outside(a.X, options.Origin.X, options.Size.X) || Outside(a.Y, options.Origin.Y, options.Size.Y)
                || Outside(a.Z, options.Origin.Z, options.Size.Z)
                ? 1
                : 0;
        }

        if (outside > atoms.Count / 100)
        {
            throw new InvalidInputException(
                FormattableString.Invariant($"{outside} of {atoms.Count} atoms lie outside the box of {options.Size.X} x {options.Size.Y} x {options.Size.Z} ")
                    + FormattableString.Invariant($"voxels of {options.PixelSize:G4} A that begins at {options.Origin.X:F1}, {options.Origin.Y:F1}, ")
                    + FormattableString.Invariant($"{options.Origin.Z:F1} A"));
        }
    }
}
