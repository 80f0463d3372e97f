using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>What the images of an optics group share, on a device: the coefficients wanted of them, and how they are made.</summary>
internal sealed class DeviceOptics : IDisposable
{
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _k;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _turn;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _even;
    private readonly DevicePlan? _plan;

    /// <summary>Copies it.</summary>
    /// <param name="card">Where to.</param>
    /// <param name="disc">The coefficients wanted.</param>
    /// <param name="optics">The optics group.</param>
    /// <exception cref="InvalidInputException">Images too large for the card.</exception>
    public DeviceOptics(GpuCard card, FourierDisc disc, OpticsGroup optics)
    {
        (Disc, Optics) = (disc, optics);
        var k = new int[2 * disc.Count];
        for (var i = 0; i < disc.Count; i++)
        {
            (k[i], k[disc.Count + i]) = (disc.Kx[i], disc.Ky[i]);
        }

        _k = card.Upload<int>(k);
        // Coefficients between Fourier pixels, and detectors that are evened out, are the host's work.
        _plan = optics.Aberrations is { HasMagnification: true } || optics.Mtf is not null ? null : new DevicePlan(card, optics.ImageSize);
        _turn = card.Upload<float>(_plan is null ? [] : Turn(disc, optics));
        _even = card.Upload<float>(new AberrationTable(optics.Aberrations, disc).EvenTurns ?? new float[disc.Count]);
    }

    /// <summary>The coefficients wanted.</summary>
    public FourierDisc Disc { get; }

    /// <summary>The optics group.</summary>
    public OpticsGroup Optics { get; }

    /// <summary>The transform along an image's side; null where coefficients and transfers come from the host.</summary>
    public DevicePlan? Plan => _plan;

    /// <summary>The disc as kernels see it.</summary>
    public DiscViews Coefficients => new()
    {
        Count = Disc.Count,
        Radius = Disc.Radius,
        Kx = _k.View.SubView(0, Disc.Count),
        Ky = _k.View.SubView(Disc.Count, Disc.Count),
    };

    /// <summary>Images as kernels see them.</summary>
    /// <param name="slots">The slots that they are transformed in.</param>
    /// <param name="input">The images.</param>
    public ImageViews Images(ImageSlots slots, ImageInput input) => new()
    {
        Disc = Coefficients,
        Slots = slots.Count,
        State = (int)Optics.CtfState,
        IsBand = _plan is null ? 0 : 1,
        Active = input.Active,
        Values = _plan is null ? input.Values : slots.Band,
        Turn = _turn.View,
        EvenTurns = _even.View,
        Ctf = input.Ctf,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _k.Dispose();
        _turn.Dispose();
        _even.Dispose();
        _plan?.Dispose();
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
