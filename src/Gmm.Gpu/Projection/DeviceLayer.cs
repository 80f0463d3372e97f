using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>A <see cref="GriddingProjector"/> on a card: its Gaussians, its grid, and what makes coefficients of the grid's transform.</summary>
internal sealed class DeviceLayer : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _correction;
    private readonly DeviceModel _model;

    /// <summary>Copies a projector.</summary>
    /// <param name="card">Where to.</param>
    /// <param name="projector">The projector.</param>
    /// <exception cref="InvalidInputException">Too little memory, or a grid too large for the card.</exception>
    public DeviceLayer(GpuCard card, GriddingProjector projector)
    {
        var plan = projector.Plan;
        (GridSize, CellsPerAngstrom) = (plan.GridSize, plan.CellsPerAngstrom);
        Plan = new DevicePlan(card, plan.GridSize);
        _model = new DeviceModel(card, plan);
        _correction = card.Upload<float>(plan.Correction);
    }

    /// <summary>Side of the grid, cells.</summary>
    public int GridSize { get; }

    /// <summary>Cells of the grid to an angstrom.</summary>
    public double CellsPerAngstrom { get; }

    /// <summary>The transform along the grid's side.</summary>
    public DevicePlan Plan { get; }

    /// <summary>The Gaussians.</summary>
    public DeviceModel.Views Model => _model.View;

    /// <summary>By what a coefficient of the grid's transform is multiplied.</summary>
    public ArrayView<float> Correction => _correction.View;

    /// <summary>The gridding projectors that a projector is made of; null where it is another one.</summary>
    public static IReadOnlyList<GriddingProjector>? Of(IProjector<float>? projector) => projector switch
    {
        null => [],
        GriddingProjector one => [one],
        LayeredProjector layered => layered.Layers,
        _ => null,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _correction.Dispose();
        _model.Dispose();
        Plan.Dispose();
    }
}
