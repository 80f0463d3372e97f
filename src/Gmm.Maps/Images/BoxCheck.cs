using Gmm.Core;
using static System.FormattableString;

namespace Gmm.Maps;

/// <summary>
/// Whether images' boxes hold what the defocus spreads: detail at the frequency k lies lambda k defocus beside its place, to both sides, and what leaves the
/// box when particles are cut out is lost (docs/optics.md, What the box cuts off).
/// </summary>
internal static class BoxCheck
{
    /// <summary>Share of the detail at the maps' resolution, of a typical image, under which a person is told.</summary>
    private const double Least = 0.2;

    /// <summary>The share that a box that is advised keeps.</summary>
    private const double Enough = 0.8;

    /// <summary>Half maps are averaged over blocks of this side, angstrom, before they are multiplied, so that noise does not look like a structure.</summary>
    private const double Block = 10;

    /// <summary>Frequencies at which the share is looked at.</summary>
    private const int Frequencies = 200;

    /// <summary>Looks at the optics group whose typical image keeps least.</summary>
    /// <param name="maps">Half maps of the images.</param>
    /// <param name="source">The images.</param>
    /// <param name="resolution">The resolution of the maps, angstrom; null for none.</param>
    /// <returns>What is wrong, in a sentence; null for nothing.</returns>
    public static string? Warning(HalfMapPair maps, IParticleSource source, double? resolution)
    {
        if (resolution is not { } finest || Shells(maps.Half1, maps.Half2) is not { } shells)
        {
            return null;
        }

        var least = Enumerable.Range(0, source.OpticsGroups.Count)
            .Where(g => source.OpticsGroups[g].CtfState == CtfState.Unmodified)
            .Select(g => (Group: source.OpticsGroups[g], Ctf: Typical(source.Particles.Where(p => p.OpticsIndex == g && p.Weight > 0))))
            .Where(g => g.Ctf is not null)
            .Select(g => (g.Group, Ctf: g.Ctf!, Share: Share(g.Group.ImageSize * g.Group.PixelSize, g.Ctf!, finest)))
            .DefaultIfEmpty((Group: source.OpticsGroups[0], Ctf: null!, Share: 1))
            .MinBy(g => g.Share);
        if (least.Share >= Least)
        {
            return null;
        }

        var (group, ctf) = (least.Group, least.Ctf);
        var box = group.ImageSize * group.PixelSize;
        var half = Enumerable.Range(1, Frequencies).Select(n => box / (1 + (n * ((box / finest) - 1) / Frequencies))).First(d => Share(box, ctf, d) < 0.5);
        var pixels = group.ImageSize;
        while (Share(pixels * group.PixelSize, ctf, finest) < Enough)
        {
            pixels += 2 * Math.Max(1, pixels / 50);
        }

        return (source.OpticsGroups.Count > 1 ? $"optics group {group.Name}: " : string.Empty)
            + Invariant($"the box of {box:F0} A is small for a defocus of {Math.Abs(Mean(ctf)) / 1e4:F1} um (median): detail at {finest:F1} A lies up to ")
            + Invariant($"{Distance(ctf, finest):F0} A beside its place, and {100 * (1 - least.Share):F0} % of it outside the box, over half of what is ")
            + Invariant($"finer than {half:F1} A; for this resolution extract the particles in a box of {pixels} pixels ({pixels * group.PixelSize:F0} A)");

        double Share(double length, CtfParameters c, double d) => new BoxShare(shells, maps.Half1.PixelSize, length).Of(Distance(c, d));
    }

    private static double Mean(CtfParameters ctf) => 0.5 * (ctf.DefocusU + ctf.DefocusV);

    private static CtfParameters? Typical(IEnumerable<Particle> particles)
    {
        CtfParameters[] sorted = [.. particles.Select(p => p.Ctf).OrderBy(c => Math.Abs(Mean(c)))];
        return sorted.Length == 0 ? null : sorted[sorted.Length / 2];
    }

    /// <summary>How far detail lies beside its place: the gradient of the phase over 2 pi, angstrom.</summary>
    private static double Distance(CtfParameters ctf, double resolution)
    {
        var shift = ctf.WavelengthAngstrom / resolution;
        return Math.Abs((Mean(ctf) * shift) - (ctf.SphericalAberrationMillimetre * 1e7 * shift * shift * shift));
    }

    /// <summary>Share of the structure by distance from the centre, in steps of a voxel, from what the half maps have in common; null for nothing.</summary>
    private static double[]? Shells(HalfMap one, HalfMap two)
    {
        var side = Math.Max(1, (int)Math.Round(Block / one.PixelSize));
        var blocks = one.Size / side;
        var centre = 0.5 * one.Size;
        var shells = new double[(int)(Math.Sqrt(3) * centre) + 1];
        for (var z = 0; z < blocks; z++)
        {
            for (var y = 0; y < blocks; y++)
            {
                for (var x = 0; x < blocks; x++)
                {
                    var (dx, dy, dz) = (Off(x), Off(y), Off(z));
                    shells[(int)Math.Sqrt((dx * dx) + (dy * dy) + (dz * dz))] += Sum(one, x, y, z) * Sum(two, x, y, z);
                }
            }
        }

        for (var s = 0; s < shells.Length; s++)
        {
            shells[s] = Math.Max(0, shells[s]);
        }

        var total = shells.Sum();
        return total > 0 ? Array.ConvertAll(shells, s => s / total) : null;

        double Off(int block) => ((block + 0.5) * side) - centre;
        double Sum(DensityMap map, int bx, int by, int bz)
        {
            double sum = 0;
            for (var z = bz * side; z < (bz + 1) * side; z++)
            {
                for (var y = by * side; y < (by + 1) * side; y++)
                {
                    var row = ((z * map.Size) + y) * map.Size;
                    for (var x = bx * side; x < (bx + 1) * side; x++)
                    {
                        sum += map.Voxels[row + x];
                    }
                }
            }

            return sum;
        }
    }
}
