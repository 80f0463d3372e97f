using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>What the images of an optics group share, on a card: the coefficients wanted of them, and how they are made.</summary>
internal sealed class DeviceOptics : IDisposable
{
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _k;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _turn;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _even;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _correction;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _place;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> _weights;
    private readonly int _origin;
    private readonly bool _isMagnified;

    /// <summary>Copies it.</summary>
    /// <param name="card">Where to.</param>
    /// <param name="disc">The coefficients wanted.</param>
    /// <param name="groups">All optics groups: images of different detectors are brought to one fall-off.</param>
    /// <param name="index">The group among them.</param>
    /// <exception cref="InvalidInputException">Images too large for the card.</exception>
    public DeviceOptics(GpuCard card, FourierDisc disc, IReadOnlyList<OpticsGroup> groups, int index)
    {
        (Disc, Optics, BandRadius) = (disc, groups[index], disc.Radius);
        var k = new int[2 * disc.Count];
        for (var i = 0; i < disc.Count; i++)
        {
            (k[i], k[disc.Count + i]) = (disc.Kx[i], disc.Ky[i]);
        }

        _k = card.Upload<int>(k);
        var magnified = Optics.Aberrations is { HasMagnification: true } a
            ? new MagnifiedTransform(Optics.ImageSize, disc, a.Magnification.Inverse(), Optics.OddOrigin)
            : null;
        _isMagnified = magnified is not null;
        _turn = card.Upload<float>(Turn(disc, Optics, DetectorMtf.Factors(groups, index, disc)));
        _even = card.Upload<float>(new AberrationTable(Optics.Aberrations, disc).EvenTurns ?? new float[disc.Count]);
        if (magnified is null)
        {
            var ones = new float[Optics.ImageSize];
            Array.Fill(ones, 1);
            Plan = new DevicePlan(card, Optics.ImageSize);
            (_correction, _place, _weights) = (card.Upload<float>(ones), card.Upload<int>([]), card.Upload<float>([]));
            return;
        }

        var plan = magnified.Plan;
        var place = new int[plan.Place.Length];
        for (var i = 0; i < place.Length; i++)
        {
            var isMeasured = magnified.IsMeasured[i / 2];
            place[i] = isMeasured ? plan.Place[i] : ImageViews.Unmeasured;
            BandRadius = isMeasured ? Math.Max(BandRadius, Math.Max(-place[i], place[i] + MagnifiedTransform.Taps - 1)) : BandRadius;
        }

        (Plan, _origin) = (new DevicePlan(card, plan.GridSize), plan.Origin);
        (_correction, _place, _weights) = (card.Upload<float>(plan.Correction), card.Upload<int>(place), card.Upload<float>(plan.Weights));
    }

    /// <summary>The coefficients wanted.</summary>
    public FourierDisc Disc { get; }

    /// <summary>The optics group.</summary>
    public OpticsGroup Optics { get; }

    /// <summary>Largest frequency of the images' transforms that is kept; of magnified images it may lie beyond a half, where transforms repeat.</summary>
    public int BandRadius { get; }

    /// <summary>The transform along an image's side, padded where images are magnified.</summary>
    public DevicePlan Plan { get; }

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
        BandRadius = BandRadius,
        Active = input.Active,
        Band = slots.Band,
        IsMagnified = _isMagnified ? 1 : 0,
        Place = _place.View,
        Weights = _weights.View,
        Turn = _turn.View,
        EvenTurns = _even.View,
        Ctf = input.Ctf,
    };

    /// <summary>The argument of the kernel that transforms the images' rows.</summary>
    /// <param name="slots">The slots that they are transformed in.</param>
    /// <param name="input">The images.</param>
    public ImageRowKernel.Args Rows(ImageSlots slots, ImageInput input) => new()
    {
        Transform = Plan.View,
        Slots = slots.Count,
        Size = Optics.ImageSize,
        Origin = _origin,
        Radius = BandRadius,
        Active = input.Active,
        Pixels = input.Values,
        Correction = _correction.View,
        Lines = slots.Lines,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _k.Dispose();
        _turn.Dispose();
        _even.Dispose();
        _correction.Dispose();
        _place.Dispose();
        _weights.Dispose();
        Plan.Dispose();
    }

    /// <summary>
    /// The phase origin at <see cref="DiscTransform.OriginPixel"/>, which a padded image has at its first pixel, odd aberrations taken out, exp(-i odd), and
    /// the detector's fall-off, as one factor.
    /// </summary>
    private static float[] Turn(FourierDisc disc, OpticsGroup optics, float[]? mtf)
    {
        var turn = new float[2 * disc.Count];
        var origin = optics.Aberrations is { HasMagnification: true } ? 0 : DiscTransform.OriginPixel(optics.ImageSize, optics.OddOrigin);
        for (var i = 0; i < disc.Count; i++)
        {
            int kx = disc.Kx[i], ky = disc.Ky[i];
            var turns = (long)(kx + ky + (2 * optics.ImageSize)) * origin % optics.ImageSize / (double)optics.ImageSize;
            var odd = optics.Aberrations?.OddPhase(kx / disc.BoxLength, ky / disc.BoxLength) ?? 0;
            var (sin, cos) = Math.SinCos((2 * Math.PI * turns) - odd);
            var factor = mtf?[i] ?? 1;
            (turn[2 * i], turn[(2 * i) + 1]) = (factor * (float)cos, factor * (float)sin);
        }

        return turn;
    }
}
