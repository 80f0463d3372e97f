using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>What particles of one half and one optics group are compared with, on a device (<see cref="PoseReference"/>).</summary>
internal sealed class DeviceReference : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _correction;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _turn;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _even;
    private readonly DevicePlan _gridPlan;
    private readonly DevicePlan? _imagePlan;
    private readonly DeviceDisc _disc;
    private readonly DeviceModel _model;

    private DeviceReference(GpuDevice device, GriddingProjector projector, WhitenedCorrelationScorer scorer, OpticsGroup optics, in ClimbRules rules)
    {
        var plan = projector.Plan;
        (Optics, Rules) = (optics, rules);
        _gridPlan = new DevicePlan(device, plan.GridSize);
        _disc = new DeviceDisc(device, scorer);
        _model = new DeviceModel(device, plan);
        _correction = device.Upload<float>(plan.Correction);
        Wave = (float)(2 * Math.PI / Disc.BoxLength);
        CellAngstrom = (float)(1 / plan.CellsPerAngstrom);
        // Coefficients between Fourier pixels are the host's work.
        _imagePlan = optics.Aberrations is { HasMagnification: true } ? null : new DevicePlan(device, optics.ImageSize);
        _turn = device.Upload<float>(_imagePlan is null ? [] : Turn(Disc, optics));
        _even = device.Upload<float>(new AberrationTable(optics.Aberrations, Disc).EvenTurns ?? new float[Disc.Count]);
    }

    /// <summary>The optics group of the images.</summary>
    public OpticsGroup Optics { get; }

    /// <summary>How poses are climbed.</summary>
    public ClimbRules Rules { get; }

    /// <summary>The coefficients compared.</summary>
    public FourierDisc Disc => _disc.Disc;

    /// <summary>2 pi over the box length.</summary>
    public float Wave { get; }

    /// <summary>Angstrom of a cell.</summary>
    public float CellAngstrom { get; }

    /// <summary>Whether images are transformed on the device; if not, coefficients and transfers come from the host.</summary>
    public bool TransformsImages => _imagePlan is not null;

    /// <summary>The transform along an image's side.</summary>
    public DevicePlan ImagePlan => _imagePlan!;

    /// <summary>The transform along a grid's side.</summary>
    public DevicePlan GridPlan => _gridPlan;

    /// <summary>The Gaussians.</summary>
    public DeviceModel.Views Model => _model.View;

    /// <summary>The coefficients on the device.</summary>
    public DeviceDisc.Views Coefficients => _disc.View;

    /// <summary>By what a coefficient of the grid's transform is multiplied.</summary>
    public ArrayView<float> Correction => _correction.View;

    /// <summary>By what an image's coefficient is multiplied, cos and sin.</summary>
    public ArrayView<float> ImageTurn => _turn.View;

    /// <summary>Turns that even aberrations add to the CTF's phase.</summary>
    public ArrayView<float> EvenTurns => _even.View;

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
        _correction.Dispose();
        _turn.Dispose();
        _even.Dispose();
        _gridPlan.Dispose();
        _imagePlan?.Dispose();
        _disc.Dispose();
        _model.Dispose();
    }

    /// <summary>The phase origin at <see cref="DiscTransform.OriginPixel"/> and odd aberrations taken out, exp(-i odd), as one factor.</summary>
    private static float[] Turn(FourierDisc disc, OpticsGroup optics)
    {
        var turn = new float[2 * disc.Count];
        var origin = DiscTransform.OriginPixel(optics.ImageSize, optics.OddOrigin);
        for (var i = 0; i < disc.Count; i++)
        {
            int kx = disc.Kx[i], ky = disc.Ky[i];
            var turns = (long)(kx + ky + (2 * optics.ImageSize)) * origin % optics.ImageSize / (double)optics.ImageSize;
            var odd = optics.Aberrations?.OddPhase(kx / disc.BoxLength, ky / disc.BoxLength) ?? 0;
            var (sin, cos) = Math.SinCos((2 * Math.PI * turns) - odd);
            (turn[2 * i], turn[(2 * i) + 1]) = ((float)cos, (float)sin);
        }

        return turn;
    }
}
