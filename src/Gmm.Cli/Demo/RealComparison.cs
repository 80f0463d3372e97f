using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>Compares maps of the real images with the atomic model, in one mask for all of them. Nothing of it enters a refinement.</summary>
internal sealed class RealComparison
{
    private readonly RenderedMap _model;
    private readonly ComputeOptions _compute;

    /// <summary>Renders the model and makes the mask around its atoms.</summary>
    public RealComparison(AtomicModel model, OpticsGroup optics, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var (n, pixel) = (optics.ImageSize, optics.PixelSize);
        var atoms = SimulatedAtom.FromModel(model);
        var options = new ModelMapOptions { Resolution = 2 * pixel, Size = (n, n, n), PixelSize = pixel, Origin = (0, 0, 0) };
        _model = new RenderedMap(n, pixel, ModelMap.Render(atoms, options, compute, cancellationToken).Voxels);
        var centre = n / 2 * pixel;

        // Extension and edge are those of gmm mask --model.
        Mask = SolventMasks.FromAtoms(
            n, pixel, [.. atoms.Select(a => (a.X - centre, a.Y - centre, a.Z - centre))], Math.Max(6, 3 * pixel), Math.Max(8, 4 * pixel), compute);
        _compute = compute;
    }

    /// <summary>The mask.</summary>
    public SolventMask Mask { get; }

    /// <summary>The model's map at Nyquist.</summary>
    public DensityMap Model => _model;

    /// <summary>Compares two half maps with each other and their mean with the model.</summary>
    public RealCurves Measure(HalfMap half1, HalfMap half2) => new(
        FourierShellCorrelation.PhaseRandomised(half1, half2, Mask, _compute).Corrected,
        FourierShellCorrelation.Between(new HalfMapPair(half1, half2, 1, 1).Mean(), _model, Mask, _compute));
}
