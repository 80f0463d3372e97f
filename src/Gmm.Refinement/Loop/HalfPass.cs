using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// One pass over the images of a half: each is read once, its pose is found, and it goes into its half's sums at that pose. Part by part
/// (<see cref="HalfParts"/>), so that others can take parts over.
/// </summary>
/// <param name="task">The half.</param>
/// <param name="search">Finds poses.</param>
/// <param name="signals">What the half's images say together, by optics group; null where scales are not estimated.</param>
/// <param name="settle">What is made of a particle, from what was found and what its group says.</param>
/// <param name="insertion">Where images go; null where the maps are made later.</param>
/// <param name="chunkSize">Images refined, and held in memory, at a time; decides nothing.</param>
internal sealed class HalfPass(
    HalfTask task, IHalfSearch search, SignalGroup?[]? signals, Func<int, PoseEstimate, SignalGroup?[]?, ParticleResult> settle, MapInsertion? insertion,
    int chunkSize)
{
    /// <summary>The half.</summary>
    public HalfTask Task => task;

    /// <summary>What its images say together.</summary>
    public SignalGroup?[]? Signals => signals;

    /// <summary>Works through one part.</summary>
    /// <param name="part">Its particles.</param>
    /// <param name="estimates">Receives what is found; what is there already is kept.</param>
    /// <param name="sums">Where the images are summed; null where the maps are made later.</param>
    /// <param name="done">Called with the number of particles of each piece.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public void Run(int[] part, PoseEstimate?[] estimates, FourierAccumulator? sums, Action<int>? done, CancellationToken cancellationToken) =>
        task.Source.Walk(search.Chunks(part, chunkSize), chunk =>
        {
            search.Refine([.. chunk.Where(i => estimates[i] is null)], estimates, cancellationToken);
            if (sums is not null)
            {
                insertion!.Insert(chunk, i => settle(i, estimates[i]!, signals), sums, cancellationToken);
            }

            done?.Invoke(chunk.Length);
        }, cancellationToken);

    /// <summary>Takes a part that another process has worked through; its sums are added by who has them.</summary>
    /// <param name="part">Its particles.</param>
    /// <param name="found">What was found for each.</param>
    /// <param name="estimates">Receives it.</param>
    public void Take(int[] part, PoseEstimate[] found, PoseEstimate?[] estimates)
    {
        for (var n = 0; n < part.Length; n++)
        {
            estimates[part[n]] = found[n];
        }

        insertion?.Note(part, i => settle(i, estimates[i]!, signals));
        LetGo(part, estimates);
    }

    /// <summary>Lets go of what nobody in this process asks of a part that is done: the covariances, which are half of what is held of a particle.</summary>
    /// <param name="part">Its particles.</param>
    /// <param name="estimates">What was found.</param>
    public void LetGo(int[] part, PoseEstimate?[] estimates)
    {
        if (search.Learns)
        {
            return;
        }

        foreach (var i in part)
        {
            estimates[i] = estimates[i]?.WithoutCovariance();
        }
    }

    /// <inheritdoc cref="IHalfSearch.Learn"/>
    public HalfMotion? Learn(PoseEstimate?[] estimates, CancellationToken cancellationToken) => search.Learn(estimates, cancellationToken);
}
