using Gmm.Core;

namespace Gmm.Maps;

/// <summary>How a map is reconstructed.</summary>
public sealed record ReconstructionOptions
{
    /// <summary>Side of the map, voxels; the image size of the first optics group by default.</summary>
    public int? BoxSize { get; init; }

    /// <summary>Angstrom per voxel of the map; the pixel size of the first optics group by default.</summary>
    public double? PixelSize { get; init; }

    /// <summary>The point group of the structure, in RELION's axes. The map is that of every image inserted in all its equivalent poses.</summary>
    public SymmetryGroup Symmetry { get; init; } = SymmetryGroup.None;

    /// <summary>Side of the Fourier grid over the side of the map, from 1 to 4; under 1.2 the edge of the box is badly aliased.</summary>
    public double PaddingFactor { get; init; } = 1.5;

    /// <summary>Finest resolution, angstrom; Nyquist by default. Data beyond it are neither read into the sums nor stored.</summary>
    public double? MaxResolution { get; init; }

    /// <summary>
    /// Spectral signal-to-noise ratio of each shell of the map, for a Wiener filter. Used by <see cref="Reconstructor.Reconstruct"/> only:
    /// half maps are always unfiltered.
    /// </summary>
    public IReadOnlyList<double>? ShellSsnr { get; init; }

    /// <summary>What is done to images as they are read, where the source does not say itself (<see cref="PreparedParticles"/>).</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>
    /// Whether the map fades to a constant outside the sphere in its box (radius half the box, edge three voxels), as RELION's maps do. The
    /// corners hold noise only, raised by undoing the kernel's fading.
    /// </summary>
    public bool MaskCorners { get; init; } = true;
}
