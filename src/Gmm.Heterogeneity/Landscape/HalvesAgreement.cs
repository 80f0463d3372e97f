using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Heterogeneity;

/// <summary>
/// Whether the halves, which were trained apart, found the same conformation at each point of a row: their maps there, compared inside the
/// mask of what moves. The yardstick is the agreement of half 1's map with half 2's at the point that is farthest away.
/// </summary>
public sealed class HalvesAgreement
{
    private readonly SolventMask _mask;
    private readonly double _resolution;
    private readonly ComputeOptions _compute;

    /// <summary>Chooses the mask: the focus mask, where there is one on the maps' grid, or one made of a pair of half maps.</summary>
    /// <param name="focus">The focus mask that the motion was learnt in; null if there was none.</param>
    /// <param name="half1">The map of half 1 at a point.</param>
    /// <param name="half2">The map of half 2 there.</param>
    /// <param name="resolution">Finest resolution compared in training, angstrom: means are taken up to there.</param>
    /// <param name="compute">Threads.</param>
    public HalvesAgreement(SolventMask? focus, HalfMap half1, HalfMap half2, double resolution, ComputeOptions compute)
    {
        ArgumentNullException.ThrowIfNull(half1);
        (_resolution, _compute) = (resolution, compute);
        UsesFocus = focus is not null && MapChecks.IsOnGrid(focus, half1.Size, half1.PixelSize);
        if (UsesFocus)
        {
            _mask = focus!;
        }
        else
        {
            (_mask, Warning) = SolventMasks.Automatic(half1, half2, compute);
        }
    }

    /// <summary>Whether the mask is the focus mask; else it was made of the half maps.</summary>
    public bool UsesFocus { get; }

    /// <summary>What was wrong with the mask that was made; null if nothing was.</summary>
    public string? Warning { get; }

    /// <summary>Compares two maps inside the mask.</summary>
    /// <param name="half1">A map of half 1.</param>
    /// <param name="half2">A map of half 2, of the same point or another.</param>
    /// <returns>The corrected FSC by phase randomisation, and its mean up to the resolution of training.</returns>
    public (CorrectedFsc Fsc, double Mean) Compare(HalfMap half1, HalfMap half2)
    {
        var fsc = FourierShellCorrelation.PhaseRandomised(half1, half2, _mask, _compute);
        return (fsc, fsc.Corrected.Mean(_resolution));
    }
}
