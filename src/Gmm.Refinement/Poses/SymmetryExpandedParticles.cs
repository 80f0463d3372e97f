using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Particles of a symmetric structure, each taken once for every operator of its group: image i in the poses (A S, t). Images are shared, not
/// copied, and all copies of an image stay in its half set.
/// </summary>
/// <remarks>
/// Row r of the expanded set is copy r % Order of particle r / Order; copy 0 is the particle as it is. Refined without symmetry against a focused
/// model, every copy finds the pose of its own subunit (paper, Methods: symmetry expansion of the spike and of the ABC transporter).
/// <example>
/// <code>
/// var expanded = new SymmetryExpandedParticles(particles, SymmetryGroup.Parse("C3"));
/// </code>
/// </example>
/// </remarks>
internal sealed class SymmetryExpandedParticles : IParticleSource
{
    private readonly IParticleSource _source;

    /// <summary>Makes the copies.</summary>
    /// <param name="source">The particles, which are kept, not copied.</param>
    /// <param name="symmetry">The group.</param>
    /// <exception cref="InvalidInputException">More rows than can be numbered.</exception>
    public SymmetryExpandedParticles(IParticleSource source, SymmetryGroup symmetry)
    {
        if ((long)source.Particles.Count * symmetry.Order > Array.MaxLength)
        {
            throw new InvalidInputException($"{source.Particles.Count} particles with {symmetry.Order} copies each are too many rows");
        }

        _source = source;
        Symmetry = symmetry;
        Particles = [.. source.Particles.SelectMany(p => symmetry.Operators.Select(s => p with { Pose = p.Pose with { Rotation = p.Pose.Rotation * s } }))];
    }

    /// <summary>The group.</summary>
    public SymmetryGroup Symmetry { get; }

    /// <inheritdoc/>
    public IReadOnlyList<OpticsGroup> OpticsGroups => _source.OpticsGroups;

    /// <inheritdoc/>
    public IReadOnlyList<Particle> Particles { get; }

    /// <summary>The particle that a row is a copy of.</summary>
    /// <param name="index">Row, from 0.</param>
    /// <returns>Its index in the source, from 0.</returns>
    public int SourceIndex(int index) => index / Symmetry.Order;

    /// <summary>The operator that made a row.</summary>
    /// <param name="index">Row, from 0.</param>
    /// <returns>Its index among <see cref="SymmetryGroup.Operators"/>; 0 is the particle as it is.</returns>
    public int Copy(int index) => index % Symmetry.Order;

    /// <inheritdoc/>
    public void ReadImage(int index, Span<float> pixels) => _source.ReadImage(SourceIndex(index), pixels);

    /// <inheritdoc/>
    public string Describe(int index) => _source.Describe(SourceIndex(index));
}
