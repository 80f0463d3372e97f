namespace Gmm.Refinement;

/// <summary>Which terms of the optics are estimated with the map, and when (docs/optics.md, Finding the terms).</summary>
public sealed record OpticsOptions
{
    /// <summary>Whether each particle's defocus is estimated, with a prior from its micrograph.</summary>
    public bool Defocus { get; init; } = true;

    /// <summary>Whether its astigmatism is too, held near its micrograph's; only with <see cref="Defocus"/>.</summary>
    public bool Astigmatism { get; init; } = true;

    /// <summary>
    /// Whether phase shifts are too, where the file has any: near their micrograph's, which is near the one given; only with <see cref="Astigmatism"/>.
    /// </summary>
    public bool PhaseShift { get; init; } = true;

    /// <summary>Whether each group's beam tilt and trefoil are.</summary>
    public bool Odd { get; init; } = true;

    /// <summary>Whether each group's even terms to the fourth order are: a phase, spherical aberration, two-fold and four-fold ones.</summary>
    public bool Even { get; init; } = true;

    /// <summary>Whether each group's anisotropic magnification is.</summary>
    public bool Magnification { get; init; } = true;

    /// <summary>First iteration that estimates them.</summary>
    public int FromIteration { get; init; } = 1;

    /// <summary>Passes over the images in an iteration: Gauss-Newton steps of the groups' terms.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>Particles of a half that a group needs for terms of its own; with fewer they stay as they are.</summary>
    public int LeastParticles { get; init; } = 50;

    /// <summary>Checks the values.</summary>
    /// <exception cref="ArgumentException">A value out of range, or nothing to estimate.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FromIteration);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Passes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LeastParticles);
        if (!Defocus && !Odd && !Even && !Magnification)
        {
            throw new ArgumentException("No term of the optics is to be estimated.");
        }

        if (Astigmatism && !Defocus)
        {
            throw new ArgumentException("Astigmatism is estimated with the defocus only.");
        }
    }
}
