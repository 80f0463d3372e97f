using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Simulation;

/// <summary>The curve that a map's amplitudes should follow, from an atomic model.</summary>
public static class ModelAmplitudes
{
    /// <summary>
    /// The amplitude of each shell of a map simulated from an atomic model: electron scattering factors less displaced solvent, all atoms
    /// with the B factor of <paramref name="resolution"/>, whose transform exp(-(resolution k)^2) falls to 1/e at 1/resolution as in EMAN2's e2pdb2mrc.
    /// </summary>
    /// <param name="atoms">The atoms; where the model lies does not matter.</param>
    /// <param name="size">Side of the box, voxels.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="resolution">Angstrom; 2 in Chen (2025).</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>The root mean square of |F| over the shells 0 to size / 2.</returns>
    /// <exception cref="InvalidInputException">No atoms, an element without scattering factor, or a model that does not fit into the box.</exception>
    public static double[] Of(
        IReadOnlyList<SimulatedAtom> atoms, int size, double pixelSize, double resolution = 2, ComputeOptions? compute = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        ArgumentOutOfRangeException.ThrowIfNegative(resolution);
        var options = new SimulationOptions { ParticleCount = 1, BoxSize = size, PixelSize = pixelSize, BFactor = 4 * resolution * resolution, AtomBScale = 0 };
        var model = ScatteringModel.Create(atoms, options);
        if (model.MaxRadius > size * pixelSize / 2)
        {
            throw new InvalidInputException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"The model reaches {model.MaxRadius:0} A from its centre; the box of {size * pixelSize:0} A cannot hold it."));
        }

        var map = TrueMapRenderer.Render(model, options, 1, (compute ?? new ComputeOptions()).StoppedBy(cancellationToken));
        return [.. RadialProfiles.ShellPower(map, null, compute).Select(Math.Sqrt)];
    }
}
