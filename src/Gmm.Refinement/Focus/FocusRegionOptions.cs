using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The region of a focused refinement.</summary>
public sealed record FocusRegionOptions
{
    /// <summary>The focus mask, soft, of the maps' box.</summary>
    public required SolventMask Mask { get; init; }

    /// <summary>
    /// How the model is focused; by default the rest stays in place (<see cref="FocusMode.Subtract"/>), where the published way is
    /// <see cref="FocusMode.Width"/>.
    /// </summary>
    public FocusOptions Options { get; init; } = new() { Mode = FocusMode.Subtract };

    /// <summary>
    /// Whether the region's rigid motion is learnt and holds the poses near the consensus (<see cref="RigidMotionPrior"/>); without it each
    /// particle's pose is free, as published. Only with a likelihood score.
    /// </summary>
    public bool MotionPrior { get; init; } = true;

    /// <summary>What the mask is called in messages, such as its file.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// For each particle of the source the pose of the whole molecule, which the region's motion is measured against: the prior on the motion is
    /// centred there, and in the mode <see cref="FocusMode.Subtract"/> the rest is fitted from half maps at these poses and stays there. Null
    /// takes the starting poses; they must be given where those are the region's own already, as after <c>Gmm.Heterogeneity.ConformationToPose</c>.
    /// </summary>
    public IReadOnlyList<Pose>? Consensus { get; init; }

    /// <summary>The file that <see cref="Consensus"/> came from, for the run's record.</summary>
    public string? ConsensusName { get; init; }
}
