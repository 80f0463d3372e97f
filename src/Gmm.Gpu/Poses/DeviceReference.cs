using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>What particles of one half and one optics group are compared with, on a device (<see cref="PoseReference"/>).</summary>
internal sealed class DeviceReference : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _coefficients;
    private readonly DeviceModel _model;

    private DeviceReference(GpuDevice device, GriddingProjector projector, WhitenedCorrelationScorer scorer, OpticsGroup optics, in ClimbRules rules)
    {
        var plan = projector.Plan;
        Rules = rules;
        GridPlan = new DevicePlan(device, plan.GridSize);
        Images = new DeviceOptics(device, scorer.Disc, optics);
        _model = new DeviceModel(device, plan);
        float[] data = new float[Disc.Count], reference = new float[Disc.Count];
        for (var q = 0; q <= Disc.Radius; q++)
        {
            var (start, length) = (Disc.RingStart(q), Disc.RingStart(q + 1) - Disc.RingStart(q));
            data.AsSpan(start, length).Fill((float)scorer.DataWeight[q]);
            reference.AsSpan(start, length).Fill((float)scorer.ReferenceWeight[q]);
        }

        _coefficients = device.Upload<float>([.. plan.Correction, .. data, .. reference]);
        Wave = (float)(2 * Math.PI / Disc.BoxLength);
        CellAngstrom = (float)(1 / plan.CellsPerAngstrom);
    }

    /// <summary>How the images' coefficients are made.</summary>
    public DeviceOptics Images { get; }

    /// <summary>How poses are climbed.</summary>
    public ClimbRules Rules { get; }

    /// <summary>The coefficients compared.</summary>
    public FourierDisc Disc => Images.Disc;

    /// <summary>2 pi over the box length.</summary>
    public float Wave { get; }

    /// <summary>Angstrom of a cell.</summary>
    public float CellAngstrom { get; }

    /// <summary>The transform along a grid's side.</summary>
    public DevicePlan GridPlan { get; }

    /// <summary>The Gaussians.</summary>
    public DeviceModel.Views Model => _model.View;

    /// <summary>By what a coefficient of the grid's transform is multiplied.</summary>
    public ArrayView<float> Correction => _coefficients.View.SubView(0, Disc.Count);

    /// <summary>What data are multiplied by.</summary>
    public ArrayView<float> DataWeight => _coefficients.View.SubView(Disc.Count, Disc.Count);

    /// <summary>What a transfer is multiplied by.</summary>
    public ArrayView<float> ReferenceWeight => _coefficients.View.SubView(2 * Disc.Count, Disc.Count);

    /// <summary>Copies a reference.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="optics">The optics group of its images.</param>
    /// <param name="options">How poses are climbed.</param>
    /// <exception cref="InvalidInputException">It is made of what the device has not; the message says of what.</exception>
    public static DeviceReference From(GpuDevice device, PoseReference reference, OpticsGroup optics, LevenbergMarquardtOptions options)
    {
        var band = reference.Bands[^1];
        var (projector, scorer) = (band.Projector as GriddingProjector, band.Scorer as WhitenedCorrelationScorer);
        var missing = reference.Bands.Count > 1 ? "bands from coarse to fine"
            : reference.EwaldSign != 0 ? "the Ewald sphere"
            : band.Rest is not null ? "a part of the structure that stays while another moves"
            : projector is null ? $"the projector {band.Projector.GetType().Name}"
            : scorer is null ? $"the scorer {band.Scorer.GetType().Name}"
            : null;
        return missing is null
            ? new DeviceReference(device, projector!, scorer!, optics, ClimbRules.Of(reference, options, projector!.Plan))
            : throw new InvalidInputException($"{device.Name} has no kernels for {missing}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _coefficients.Dispose();
        _model.Dispose();
        GridPlan.Dispose();
        Images.Dispose();
    }
}
