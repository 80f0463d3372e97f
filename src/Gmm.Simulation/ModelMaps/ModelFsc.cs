using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Simulation;

/// <summary>Fourier shell correlation of a map and a map of an atomic model; 0.5 is the usual threshold (docs/maps.md).</summary>
/// <remarks>
/// <example>
/// <code>
/// FscCurve curve = ModelFsc.Measure(map, frame.FirstVoxel, atoms);
/// double resolution = curve.Resolution(0.5);
/// </code>
/// </example>
/// </remarks>
public static class ModelFsc
{
    /// <summary>Renders the atoms up to Nyquist on the map's grid (<see cref="ModelMap"/>) and compares.</summary>
    /// <param name="map">The map: of all particles, or the mean of half maps.</param>
    /// <param name="firstVoxel">Place of its first voxel in the atoms' frame, angstrom.</param>
    /// <param name="atoms">The atoms.</param>
    /// <param name="mask">A mask of the map's grid that multiplies both; null for none.</param>
    /// <param name="compute">Threads.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The curve.</returns>
    /// <exception cref="InvalidInputException">A mask of another grid, or atoms that cannot be rendered.</exception>
    public static FscCurve Measure(
        DensityMap map,
        (double X, double Y, double Z) firstVoxel,
        IReadOnlyList<SimulatedAtom> atoms,
        SolventMask? mask = null,
        ComputeOptions? compute = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        var options = new ModelMapOptions
        {
            Resolution = 2 * map.PixelSize,
            Size = (map.Size, map.Size, map.Size),
            PixelSize = map.PixelSize,
            Origin = firstVoxel,
        };
        var model = ModelMap.Render(atoms, options, compute ?? new ComputeOptions(), cancellationToken);
        return FourierShellCorrelation.Between(map, new RenderedMap(map.Size, map.PixelSize, model.Voxels), mask, compute);
    }
}
