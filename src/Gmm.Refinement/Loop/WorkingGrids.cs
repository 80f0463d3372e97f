using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>On which voxels the half maps of a refinement are made.</summary>
/// <param name="images">The first optics group.</param>
/// <param name="options">The refinement; a region's mask and a reference that is given are on the images' voxels, so maps are too.</param>
internal sealed class WorkingGrids(OpticsGroup images, RefinementOptions options)
{
    /// <summary>Frequency to which maps are made, over that of their resolution: what an iteration gains must be seen, and the fall of the curve.</summary>
    private const double Beyond = 1.4;

    /// <summary>Maps whose curve ends beyond this part of their shells are made again to a finer one.</summary>
    private const double Room = 0.9;

    /// <summary>A side that is not smaller than this part of the images' is not worth another grid.</summary>
    private const double WorthIt = 0.8;

    /// <summary>Maps are always made to this resolution, angstrom, whatever they show: by it the first ones are judged.</summary>
    public double Coarsest { get; init; } = 3.5;

    /// <summary>Side of images, pixels, from which there is something to gain.</summary>
    public int LargeBox { get; init; } = 288;

    /// <summary>The voxels of the images: maps to Nyquist.</summary>
    public WorkingGrid Full { get; } = new(images.ImageSize, images.PixelSize);

    /// <summary>The grid of the first maps.</summary>
    public WorkingGrid First => To(Beyond / (options.StartResolution ?? double.PositiveInfinity));

    /// <summary>The grid of the maps of the next iteration.</summary>
    /// <param name="state">Where the refinement stands, and nothing else: a run that is resumed goes on with the same.</param>
    public WorkingGrid After(RefinementState state) => To(Beyond / Math.Min(state.Resolution ?? state.Limit, state.Limit));

    /// <summary>The grid to make maps on again whose curve has not ended well inside their shells; null where it has, or there is no finer one.</summary>
    /// <param name="grid">Their grid.</param>
    /// <param name="fsc">Their curves.</param>
    public WorkingGrid? Finer(WorkingGrid grid, CorrectedFsc fsc) =>
        grid == Full || fsc.Resolution is not { } resolution || images.BoxLength / resolution < Room * (grid.Size / 2)
            ? null
            : To(Beyond / (2 * grid.PixelSize));

    /// <summary>Requires a mask on the voxels of the images.</summary>
    /// <param name="mask">The mask.</param>
    /// <exception cref="InvalidInputException">It is on others.</exception>
    public SolventMask Require(SolventMask mask) => Full.Has(mask) ? mask : throw new InvalidInputException(FormattableString.Invariant(
        $"the mask has {mask.Size} voxels of {mask.PixelSize:g6} A a side, the images {Full.Size} pixels of {Full.PixelSize:g6} A"));

    /// <summary>A model that is on the voxels of the images on those of a grid; any other as it is.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="model">The model, or none.</param>
    public GaussianModel? On(WorkingGrid grid, GaussianModel? model) =>
        model is not null && Full.Has(model.BoxSize, model.PixelSize) ? model.OnGrid(grid.Size, grid.PixelSize) : model;

    /// <summary>The grid for maps to a frequency, 1/angstrom.</summary>
    private WorkingGrid To(double frequency)
    {
        var shells = images.BoxLength * Math.Max(frequency, 1 / Coarsest);
        if (options.Focus is not null || options.Reference is not null || images.ImageSize < LargeBox || 2 * shells > WorthIt * images.ImageSize)
        {
            return Full;
        }

        // A multiple of four has a padded grid of exactly one and a half, as most large boxes have: then the cells of Fourier space are the same.
        var size = 4 * FftSizes.NextFast((int)Math.Ceiling(0.5 * shells) + 1);
        return size > WorthIt * images.ImageSize ? Full : new WorkingGrid(size, images.BoxLength / size);
    }
}
