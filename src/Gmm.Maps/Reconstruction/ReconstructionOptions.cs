using Gmm.Core;

namespace Gmm.Maps;

/// <summary>Which map is wanted; how it is made is the reconstructor's own (<see cref="IReconstructor"/>).</summary>
public sealed record ReconstructionOptions
{
    /// <summary>Side of the map, voxels; the image size of the first optics group by default.</summary>
    public int? BoxSize { get; init; }

    /// <summary>Angstrom per voxel of the map; the pixel size of the first optics group by default.</summary>
    public double? PixelSize { get; init; }

    /// <summary>The point group of the structure, in RELION's axes. The map is that of every image inserted in all its equivalent poses.</summary>
    public SymmetryGroup Symmetry { get; init; } = SymmetryGroup.None;

    /// <summary>Finest resolution, angstrom; Nyquist by default. Data beyond it are neither read into the sums nor stored.</summary>
    public double? MaxResolution { get; init; }

    /// <summary>What is done to images as they are read, where the source does not say itself (<see cref="PreparedParticles"/>).</summary>
    public ImageOptions Images { get; init; } = new();

    /// <summary>Parts of each half that are summed by themselves and then added, so that several processes can share them (<see cref="HalfParts"/>).</summary>
    internal int Parts { get; init; } = 1;
}
