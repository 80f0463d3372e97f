using System.Globalization;
using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// Whether two half maps have anything in common, tested against what chance gives. Asked of the maps as they are, before any mask is chosen from
/// them, so that nothing is picked from what is measured.
/// </summary>
/// <remarks>
/// <para>
/// Between maps of independent noise the correlation of a shell has mean 0 and the variance (redundancy) / (coefficients of the shell), conjugates
/// counted. Redundancy is 1 for white noise in the whole box. It is the order of the group where a symmetry was imposed, since that many coefficients
/// then say the same, and box
/// over support where the noise fills a part of the box only. It is measured, so nobody has to say what was done to the maps: with the signal taken off by
/// the difference D of the halves, sum(D(k) D(k)) / sum|D(k)|^2, the correlation of noise with its own inversion about the box centre, is
/// 0 on average, and its square twice the variance above. Inversion commutes with every rotation, so symmetric noise stays symmetric.
/// </para>
/// <para>
/// With N = coefficients / redundancy, a shell's evidence is z = sqrt(-(N - 1) ln(1 - FSC^2)), with the sign of the FSC: the likelihood ratio of a
/// correlation against none, which for small ones
/// is FSC sqrt(N). The score is the largest of (z_1 + ... + z_m) / sqrt(m) over m: signal is where it begins, at the coarsest shells, and goes on.
/// How often noise reaches what is needed is measured in docs/notes/validation.md.
/// </para>
/// </remarks>
/// <param name="Score">Standard deviations of chance.</param>
/// <param name="Redundancy">How many coefficients say the same, at least 1.</param>
/// <param name="Needed">The score from which there is signal.</param>
public sealed record SignalTest(double Score, double Redundancy, double Needed)
{
    /// <summary>Score from which two maps have signal in common.</summary>
    public const double Least = 4.5;

    /// <summary>Score from which what a mask leaves of maps with signal has some too.</summary>
    public const double LeastInMask = 3.5;

    /// <summary>Whether there is signal.</summary>
    public bool Found => Score >= Needed;

    /// <summary>Tests two half maps.</summary>
    /// <param name="half1">One half map.</param>
    /// <param name="half2">The other.</param>
    /// <param name="mask">Tests what this leaves of them, which says nothing if it was chosen from them; null for the maps as they are.</param>
    /// <param name="compute">Threads; null for the defaults.</param>
    /// <returns>The score.</returns>
    /// <exception cref="InvalidInputException">Maps or a mask of different box or pixel size.</exception>
    public static SignalTest Measure(HalfMap half1, HalfMap half2, SolventMask? mask = null, ComputeOptions? compute = null)
    {
        ArgumentNullException.ThrowIfNull(half1);
        ArgumentNullException.ThrowIfNull(half2);
        MapChecks.SameGrid(half1, half2, "The half maps");
        compute ??= new ComputeOptions();
        var (s1, s2) = (MapSpectrum.Of(half1.Voxels, half1.Size, [], compute), MapSpectrum.Of(half2.Voxels, half2.Size, [], compute));
        var chance = ChanceCorrelation.Of(s1, s2);
        return mask is null
            ? Of(FourierShellCorrelation.Curve(half1, s1, s2), chance)
            : Of(FourierShellCorrelation.Between(half1, half2, mask, compute), chance.Behind(mask.Voxels));
    }

    /// <summary>That there is no signal, in words.</summary>
    /// <param name="what">What agrees no more than noise does.</param>
    /// <returns>A clause.</returns>
    public string Describe(string what) => string.Create(
        CultureInfo.InvariantCulture, $"{what} agree no more than noise does ({Score:0.0} standard deviations of chance; {Needed:0.0} are needed)");

    /// <summary>The score of a curve.</summary>
    internal static SignalTest Of(FscCurve curve, ChanceCorrelation chance)
    {
        double sum = 0, best = double.NegativeInfinity;
        for (var s = 1; s < curve.Count; s++)
        {
            sum += chance.Evidence(s, curve[s]);
            best = Math.Max(best, sum / Math.Sqrt(s));
        }

        return new SignalTest(best, chance.Redundancy, chance.IsMasked ? LeastInMask : Least);
    }
}
