using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gmm.Core;

/// <summary>The contrast transfer function over many frequencies at once: <see cref="Ctf.FillTransfer"/>, vectorised. Immutable, to be shared.</summary>
/// <remarks>
/// The phase is counted in turns in float64 and only its fraction is rounded to float32, so the error stays below 1e-6 at any defocus.
/// The astigmatic defocus is d k^2 + e ((kx^2 - ky^2) cos 2a + 2 kx ky sin 2a), d and e half the sum and half the difference of
/// DefocusU and DefocusV: no angle of a frequency is needed.
/// </remarks>
public sealed class CtfEvaluator
{
    private readonly float[] _kx;
    private readonly float[] _ky;
    private readonly float[]? _even;

    /// <summary>Exponents of the envelope of an exposure; made when the first image has one.</summary>
    private readonly Lazy<double[]> _exposure;

    /// <summary>Prepares the frequencies of a disc.</summary>
    /// <param name="disc">The coefficients.</param>
    /// <param name="aberrations">The optics group's, of which the even ones count here; null is none.</param>
    public CtfEvaluator(FourierDisc disc, Aberrations? aberrations = null)
        : this(disc, new AberrationTable(aberrations, disc ?? throw new ArgumentNullException(nameof(disc))))
    {
    }

    internal CtfEvaluator(FourierDisc disc, AberrationTable aberrations)
    {
        _even = aberrations.EvenTurns;
        Disc = disc;
        _kx = new float[disc.Count];
        _ky = new float[disc.Count];
        for (var i = 0; i < disc.Count; i++)
        {
            _kx[i] = disc.Kx[i];
            _ky[i] = disc.Ky[i];
        }

        _exposure = new(() => [.. Enumerable.Range(0, disc.Count).Select(i => ExposureEnvelope.Exponent(Square(_kx[i], _ky[i], 1 / disc.BoxLength)))]);
    }

    /// <summary>The coefficients.</summary>
    public FourierDisc Disc { get; }

    /// <summary>What multiplies the structure's transform in an image: the CTF, |CTF|, CTF^2 or 1, as the state of the images says.</summary>
    /// <param name="ctf">The particle's parameters.</param>
    /// <param name="state">What has been done to the images.</param>
    /// <param name="transfer">Values of the first coefficients, as many as the span is long, at most Disc.Count.</param>
    /// <exception cref="ArgumentException">The span is longer than the disc.</exception>
    public void FillTransfer(CtfParameters ctf, CtfState state, Span<float> transfer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(transfer.Length, _kx.Length, nameof(transfer));
        Fill(
            ctf, state, _kx.AsSpan(0, transfer.Length), _ky.AsSpan(0, transfer.Length), 1 / Disc.BoxLength,
            _even is null ? [] : _even.AsSpan(0, transfer.Length), transfer);
        if (ctf.PreExposure != 0 && state != CtfState.None)
        {
            var exponents = _exposure.Value;
            for (var i = 0; i < transfer.Length; i++)
            {
                transfer[i] *= Damping(ctf, state, exponents[i]);
            }
        }
    }

    /// <summary>The same at any frequencies.</summary>
    /// <param name="ctf">The particle's parameters.</param>
    /// <param name="state">What has been done to the images.</param>
    /// <param name="kx">Frequencies along x, in the unit given.</param>
    /// <param name="ky">Frequencies along y, as many.</param>
    /// <param name="unit">The unit of kx and ky in 1/angstrom: 1 / BoxLength for Fourier pixels.</param>
    /// <param name="transfer">As many values.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Fill(CtfParameters ctf, CtfState state, ReadOnlySpan<float> kx, ReadOnlySpan<float> ky, double unit, Span<float> transfer)
    {
        Fill(ctf, state, kx, ky, unit, [], transfer);
        for (var i = 0; i < transfer.Length && ctf.PreExposure != 0 && state != CtfState.None; i++)
        {
            transfer[i] *= Damping(ctf, state, ExposureEnvelope.Exponent(Square(kx[i], ky[i], unit)));
        }
    }

    private static double Square(double kx, double ky, double unit) => ((kx * kx) + (ky * ky)) * unit * unit;

    /// <summary>What an exposure leaves of the transfer, which has the envelope squared where the image was multiplied by its CTF.</summary>
    private static float Damping(CtfParameters ctf, CtfState state, double exponent) =>
        (float)Math.Exp((state == CtfState.Premultiplied ? 2 : 1) * ctf.PreExposure * exponent);

    /// <param name="ctf">The particle's parameters.</param>
    /// <param name="state">What has been done to the images.</param>
    /// <param name="kx">Frequencies along x, in the unit given.</param>
    /// <param name="ky">Frequencies along y, as many.</param>
    /// <param name="unit">The unit of kx and ky in 1/angstrom.</param>
    /// <param name="extra">Turns to add to the phase, as many; empty: none.</param>
    /// <param name="transfer">As many values.</param>
    private static void Fill(
        CtfParameters ctf, CtfState state, ReadOnlySpan<float> kx, ReadOnlySpan<float> ky, double unit, ReadOnlySpan<float> extra, Span<float> transfer)
    {
        ArgumentNullException.ThrowIfNull(ctf);
        ArgumentOutOfRangeException.ThrowIfNotEqual(kx.Length, transfer.Length, nameof(kx));
        ArgumentOutOfRangeException.ThrowIfNotEqual(ky.Length, transfer.Length, nameof(ky));
        if (state == CtfState.None)
        {
            transfer.Fill(1);
            return;
        }

        var terms = new Terms(ctf, unit);
        int lanes = Vector<float>.Count, i = 0;
        if (extra.IsEmpty)
        {
            for (; i + lanes <= transfer.Length; i += lanes)
            {
                terms.Evaluate(new Vector<float>(kx[i..]), new Vector<float>(ky[i..]), Vector<float>.Zero, state).CopyTo(transfer[i..]);
            }
        }
        else
        {
            for (; i + lanes <= transfer.Length; i += lanes)
            {
                terms.Evaluate(new Vector<float>(kx[i..]), new Vector<float>(ky[i..]), new Vector<float>(extra[i..]), state).CopyTo(transfer[i..]);
            }
        }

        if (i < transfer.Length)
        {
            Span<float> x = stackalloc float[lanes], y = stackalloc float[lanes], e = stackalloc float[lanes];
            kx[i..].CopyTo(x);
            ky[i..].CopyTo(y);
            (extra.IsEmpty ? extra : extra[i..]).CopyTo(e);
            terms.Evaluate(new Vector<float>(x), new Vector<float>(y), new Vector<float>(e), state).CopyTo(x);
            x[..(transfer.Length - i)].CopyTo(transfer[i..]);
        }
    }

    /// <summary>One particle's constants in lanes (<see cref="CtfTerms"/>).</summary>
    private readonly struct Terms
    {
        private readonly Vector<double> _constant;
        private readonly Vector<double> _x2;
        private readonly Vector<double> _xy;
        private readonly Vector<double> _y2;
        private readonly Vector<double> _quartic;
        private readonly Vector<float> _scale;
        private readonly Vector<double> _decay;
        private readonly bool _hasEnvelope;

        public Terms(CtfParameters ctf, double unit)
        {
            var terms = CtfTerms.Of(ctf, unit);
            (_constant, _x2, _xy, _y2, _quartic) = (new(terms.Constant), new(terms.X2), new(terms.XY), new(terms.Y2), new(terms.Quartic));
            (_scale, _decay, _hasEnvelope) = (new((float)ctf.ScaleFactor), new(terms.Decay), ctf.BFactor != 0);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<float> Evaluate(Vector<float> kx, Vector<float> ky, Vector<float> extra, CtfState state)
        {
            Vector.Widen(kx, out var lowX, out var highX);
            Vector.Widen(ky, out var lowY, out var highY);
            Vector.Widen(extra, out var lowE, out var highE);
            var c = Sine(Vector.Narrow(Fraction(lowX, lowY, lowE), Fraction(highX, highY, highE))) * _scale;
            if (_hasEnvelope)
            {
                Vector<double> low = ((lowX * lowX) + (lowY * lowY)) * _decay, high = ((highX * highX) + (highY * highY)) * _decay;
                c *= Vector.Exp(Vector.Narrow(low, high));
            }

            return state switch { CtfState.PhaseFlipped => Vector.Abs(c), CtfState.Premultiplied => c * c, _ => c };
        }

        /// <summary>Sine of a number of turns between -1/2 and 1/2: folded to a quarter, then the series to the eleventh power.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static Vector<float> Sine(Vector<float> turns)
        {
            var size = Vector.Abs(turns);
            var t = Vector.Min(size, new Vector<float>(0.5f) - size);
            var t2 = t * t;
            var sum = new Vector<float>(-15.094643f);
            sum = Vector.MultiplyAddEstimate(sum, t2, new Vector<float>(42.058693f));
            sum = Vector.MultiplyAddEstimate(sum, t2, new Vector<float>(-76.705860f));
            sum = Vector.MultiplyAddEstimate(sum, t2, new Vector<float>(81.605249f));
            sum = Vector.MultiplyAddEstimate(sum, t2, new Vector<float>(-41.341702f));
            sum = Vector.MultiplyAddEstimate(sum, t2, new Vector<float>(6.2831853f));
            return Vector.CopySign(sum * t, turns);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private Vector<double> Fraction(Vector<double> x, Vector<double> y, Vector<double> extra)
        {
            var k2 = Vector.MultiplyAddEstimate(x, x, y * y);
            var turns = Vector.MultiplyAddEstimate(k2 * k2, _quartic, _constant + extra);
            turns = Vector.MultiplyAddEstimate(x, Vector.MultiplyAddEstimate(x, _x2, y * _xy), turns);
            turns = Vector.MultiplyAddEstimate(y * y, _y2, turns);
            return turns - Vector.Round(turns);
        }
    }
}
