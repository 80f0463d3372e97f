using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// The voxels on which the half maps of an iteration are made. Images that are much finer than their maps' resolution give maps of the same length of side on
/// fewer voxels: the same Fourier coefficients up to a radius, and none of the noise beyond (docs/scale.md, "Big boxes").
/// </summary>
/// <param name="Size">Voxels of a side.</param>
/// <param name="PixelSize">Angstrom per voxel.</param>
internal readonly record struct WorkingGrid(int Size, double PixelSize)
{
    /// <summary>The grid of a map.</summary>
    /// <param name="map">The map.</param>
    public static WorkingGrid Of(DensityMap map) => new(map.Size, map.PixelSize);

    /// <summary>Whether a map is on it.</summary>
    /// <param name="map">The map.</param>
    public bool Has(DensityMap map) => Has(map.Size, map.PixelSize);

    /// <summary>Whether it is that of so many voxels of a size; headers hold that as float32.</summary>
    /// <param name="size">Voxels of a side.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    public bool Has(int size, double pixelSize) => size == Size && Math.Abs(pixelSize - PixelSize) <= 1e-3 * PixelSize;

    /// <summary>What a reconstructor is asked for.</summary>
    /// <param name="symmetry">The point group.</param>
    /// <param name="parts">Parts of each half.</param>
    public ReconstructionOptions Options(SymmetryGroup symmetry, int parts) =>
        new() { Symmetry = symmetry, BoxSize = Size, PixelSize = PixelSize, Parts = parts };

    /// <summary>A mask of a box of the same length on these voxels, between its own linearly.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="compute">Threads.</param>
    /// <returns>The mask itself if it has as many.</returns>
    public SolventMask Resample(SolventMask mask, ComputeOptions compute)
    {
        if (mask.Size == Size)
        {
            return mask;
        }

        var size = Size;
        var voxels = new float[size * size * size];
        var (below, part) = Places(mask);
        int n = mask.Size, last = n - 1;
        Guarded.For(0, size, compute.Parallelism, z =>
        {
            var (z0, fz) = (below[z] * n * n, part[z]);
            var z1 = Math.Min(below[z] + 1, last) * n * n;
            for (var y = 0; y < size; y++)
            {
                var (y0, fy) = (below[y] * n, part[y]);
                var y1 = Math.Min(below[y] + 1, last) * n;
                ReadOnlySpan<float> a = mask.Voxels.AsSpan(z0 + y0, n), b = mask.Voxels.AsSpan(z0 + y1, n);
                ReadOnlySpan<float> c = mask.Voxels.AsSpan(z1 + y0, n), d = mask.Voxels.AsSpan(z1 + y1, n);
                var row = voxels.AsSpan(((z * size) + y) * size, size);
                for (var x = 0; x < size; x++)
                {
                    int x0 = below[x], x1 = Math.Min(x0 + 1, last);
                    row[x] = Between(
                        Between(Between(a[x0], a[x1], part[x]), Between(b[x0], b[x1], part[x]), fy),
                        Between(Between(c[x0], c[x1], part[x]), Between(d[x0], d[x1], part[x]), fy),
                        fz);
                }
            }
        });
        return new SolventMask(size, PixelSize, voxels);

        static float Between(float a, float b, float part) => a + (part * (b - a));
    }

    /// <summary>For each voxel of a side the mask's voxel below it, and how far it is beyond; ends stand still.</summary>
    private (int[] Below, float[] Part) Places(SolventMask mask)
    {
        var (below, part) = (new int[Size], new float[Size]);
        for (var i = 0; i < Size; i++)
        {
            var at = Math.Clamp(((i - (Size / 2)) * PixelSize / mask.PixelSize) + (mask.Size / 2), 0, mask.Size - 1);
            below[i] = (int)at;
            part[i] = (float)(at - below[i]);
        }

        return (below, part);
    }
}
