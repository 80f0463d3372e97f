using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Where a refinement stands, as far as the search for poses needs to know it.</summary>
/// <param name="Iteration">The iteration done.</param>
/// <param name="Particles">One result for each particle, in the order of the source.</param>
/// <param name="Limit">The resolution limit of the next iteration, angstrom.</param>
internal sealed record SearchState(int Iteration, IReadOnlyList<ParticleResult> Particles, double Limit)
{
    /// <summary>The poses alone.</summary>
    public IReadOnlyList<Pose> Poses { get; } = ParticleResult.PosesOf(Particles);

    /// <inheritdoc cref="RefinementState.Ewald"/>
    public EwaldRecord? Ewald { get; init; }

    /// <inheritdoc cref="RefinementState.Focus"/>
    public FocusRecord? Focus { get; init; }

    /// <inheritdoc cref="RefinementState.Optics"/>
    public OpticsState? Optics { get; init; }

    /// <inheritdoc cref="RefinementState.OpticsFound"/>
    public OpticsRecord? OpticsFound { get; init; }

    /// <summary>Of a state.</summary>
    public static SearchState Of(RefinementState state) =>
        new(state.Iteration, state.Particles, state.Limit)
        {
            Ewald = state.Ewald,
            Focus = state.Focus,
            Optics = state.Optics,
            OpticsFound = state.OpticsFound,
        };
}
