namespace Gmm.Simulation;

/// <summary>How far the atoms of a randomised copy are moved.</summary>
public enum AtomDisplacement
{
    /// <summary>Every atom by a normal deviate along each axis: the average falls off in Fourier space as with a B factor.</summary>
    Normal,

    /// <summary>
    /// Every atom by the same distance in a direction of its own, by the words of the paper's supplement. The average then has side lobes in
    /// Fourier space: beyond the resolution, density of the wrong sign that both halves share, which the FSC takes for signal.
    /// </summary>
    Fixed,
}
