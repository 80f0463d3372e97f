namespace Gmm.Refinement;

/// <summary>What the images of one half and one optics group say together of the signal in them (<see cref="SignalScales"/>).</summary>
/// <param name="RestLimit">Whitened power of what is left of an image, from which on it weighs less.</param>
/// <param name="Scale">Mean scale of the group, which stays.</param>
internal sealed record SignalGroup(double RestLimit, double Scale)
{
    /// <summary>Mean of the true amplitudes; null where they have no spread worth the name, so that all scales stay as they are.</summary>
    public double? Mean { get; init; }

    /// <summary>Their variance.</summary>
    public double Spread { get; init; }
}
