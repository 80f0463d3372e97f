using Gmm.Core;

namespace Gmm.IO;

/// <summary>A map of any box, as an MRC file holds it, with its place in space. Axes are x, y, z whatever the file's order.</summary>
public sealed record MrcVolume
{
    /// <summary>Voxels along x, y, z.</summary>
    public required (int X, int Y, int Z) Size { get; init; }

    /// <summary>Voxel size along x, y, z, angstrom; 0 where the header does not say.</summary>
    public required (double X, double Y, double Z) PixelSize { get; init; }

    /// <summary>The values, x fastest, then y, then z.</summary>
    public required float[] Voxels { get; init; }

    /// <summary>ORIGIN of the header along x, y, z, angstrom.</summary>
    public (double X, double Y, double Z) Origin { get; init; }

    /// <summary>First voxel in the cell along x, y, z (NXSTART, put in the order of the axes).</summary>
    public (int X, int Y, int Z) Start { get; init; }

    /// <summary>
    /// Position of the first voxel's centre in the frame of atomic models, angstrom: ORIGIN, or <see cref="Start"/> times the voxel size if
    /// ORIGIN is zero. Files that say both say the same twice, so they are not added; ChimeraX reads maps in this way.
    /// </summary>
    public (double X, double Y, double Z) FirstVoxel => Origin != default
        ? Origin
        : (Start.X * PixelSize.X, Start.Y * PixelSize.Y, Start.Z * PixelSize.Z);

    /// <summary>The file, for error messages.</summary>
    public string? Source { get; init; }

    /// <summary>The map as a cubic one.</summary>
    /// <param name="pixelSize">Angstrom per voxel to use in place of the header's.</param>
    /// <returns>The map; its voxels are shared.</returns>
    /// <exception cref="InvalidInputException">The box is not a cube, or the voxels are not, or their size is not known.</exception>
    public DensityMap ToDensityMap(double? pixelSize = null)
    {
        if (Size.X != Size.Y || Size.X != Size.Z)
        {
            throw new InvalidInputException($"the map is {Size.X} x {Size.Y} x {Size.Z} voxels; a cube is needed", Source, null, "header NX, NY, NZ");
        }

        var a = pixelSize ?? PixelSize.X;
        if (PhysicalLimits.PixelProblem(a) is { } problem)
        {
            throw new InvalidInputException(problem, Source, null, "header CELLA");
        }

        return pixelSize is not null || (Math.Abs(PixelSize.Y - a) <= 1e-3 * a && Math.Abs(PixelSize.Z - a) <= 1e-3 * a)
            ? new DensityMap(Size.X, a, Voxels)
            : throw new InvalidInputException(
                $"voxels of {PixelSize.X:G6} x {PixelSize.Y:G6} x {PixelSize.Z:G6} angstrom are not cubes", Source, null, "header CELLA");
    }
}
