using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>Who else works through the particles and sums the maps of an iteration of patches: processes that share a disk with this one.</summary>
internal interface IPatchRunner
{
    /// <summary>Has the poses of both halves found.</summary>
    /// <param name="state">Where the refinement stands.</param>
    /// <param name="models">The model of each half.</param>
    /// <param name="passes">The halves' passes, which receive what images say of motions.</param>
    /// <param name="halves">The particles of each half.</param>
    /// <param name="estimates">Receives, for each patch, what is found for each particle.</param>
    /// <param name="done">Called with numbers of particles that are done.</param>
    /// <param name="cancellationToken">Stops it.</param>
    void Refine(
        PatchState state, IReadOnlyList<GaussianModel> models, IReadOnlyList<PatchHalfPass> passes, int[][] halves, PatchEstimate?[][] estimates,
        Action<int> done, CancellationToken cancellationToken);

    /// <summary>Has the sums of a patch's half maps made.</summary>
    /// <param name="state">The state whose poses they are of.</param>
    /// <param name="patch">The patch, from 0.</param>
    /// <param name="halves">The particles of each half.</param>
    /// <param name="half">0 or 1.</param>
    /// <param name="sums">Receives them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    void Sum(PatchState state, int patch, int[][] halves, int half, FourierAccumulator sums, CancellationToken cancellationToken);

    /// <summary>Ends the work on an iteration's maps.</summary>
    void End();
}
