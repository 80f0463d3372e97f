namespace Gmm.Core;

/// <summary>An optics group's aberrations at the coefficients of a disc, computed once in float64. Immutable, to be shared.</summary>
internal sealed class AberrationTable
{
    private readonly float[]? _cos;
    private readonly float[]? _sin;

    /// <summary>Computes the tables.</summary>
    /// <param name="aberrations">The aberrations; null is none.</param>
    /// <param name="disc">The specimen's frequencies.</param>
    public AberrationTable(Aberrations? aberrations, FourierDisc disc)
    {
        if (aberrations is { HasEven: true })
        {
            // In turns, as the CTF counts its phase, of which the even phase is subtracted.
            EvenTurns = disc.Tabulate((kx, ky) =>
            {
                var turns = -aberrations.EvenPhase(kx, ky) / (2 * Math.PI);
                return turns - Math.Round(turns);
            });
        }

        if (aberrations is { HasOdd: true })
        {
            _cos = disc.Tabulate((kx, ky) => Math.Cos(aberrations.OddPhase(kx, ky)));
            _sin = disc.Tabulate((kx, ky) => Math.Sin(aberrations.OddPhase(kx, ky)));
        }
    }

    /// <summary>What is added to the CTF's phase, turns between -1/2 and 1/2, disc.Count values; null if nothing.</summary>
    public float[]? EvenTurns { get; }

    /// <summary>Takes the odd aberrations out of an image's coefficients: times exp(-i odd). The noise stays as it was.</summary>
    public void Remove(Span<float> re, Span<float> im) => Turn(re, im, -1);

    /// <summary>Puts them in: times exp(i odd).</summary>
    public void Apply(Span<float> re, Span<float> im) => Turn(re, im, 1);

    private void Turn(Span<float> re, Span<float> im, float sign)
    {
        if (_cos is null || _sin is null)
        {
            return;
        }

        re = re[.._cos.Length];
        im = im[.._cos.Length];
        for (var i = 0; i < re.Length; i++)
        {
            float a = re[i], b = im[i], c = _cos[i], s = sign * _sin[i];
            re[i] = (a * c) - (b * s);
            im[i] = (a * s) + (b * c);
        }
    }
}
