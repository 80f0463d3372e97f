using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// Refines the poses of all patches in many particles together, scored by a part of the options; the steps are those of <see cref="PatchSolver"/>.
/// </summary>
/// <param name="images">Reads the images.</param>
/// <param name="references">For each optics group its reference, or null where no particle of the half belongs to it.</param>
/// <param name="scorer">Scores them.</param>
internal sealed class PatchBatchRefiner(ParticleImages images, IReadOnlyList<PatchReference?> references, IBodyScorer scorer) : IDisposable
{
    private const int N = Pose.ParameterCount;

    /// <summary>Particles refined together, at most; decides nothing.</summary>
    private const int Piece = 256;

    private readonly IBodyScores?[] _scores = new IBodyScores?[references.Count];

    /// <summary>Refines particles.</summary>
    /// <param name="indices">The particles.</param>
    /// <param name="consensus">The pose of the whole, for each particle of the source.</param>
    /// <param name="starts">For each patch a start pose for each particle of the source.</param>
    /// <param name="prior">The distribution of each patch's motion.</param>
    /// <param name="results">For each patch, receives an estimate for each particle in the list.</param>
    /// <param name="evidence">Receives, for the particles in it, what their images say about motions; null where not wanted.</param>
    /// <param name="compute">Threads of what stays on the processor.</param>
    /// <param name="cancellationToken">Stops between pieces.</param>
    public void Refine(
        IReadOnlyList<int> indices,
        IReadOnlyList<Pose> consensus,
        IReadOnlyList<IReadOnlyList<Pose>> starts,
        IReadOnlyList<RigidMotionPrior> prior,
        PatchEstimate?[][] results,
        Dictionary<int, List<MotionEvidence>>? evidence,
        ComputeOptions compute,
        CancellationToken cancellationToken)
    {
        foreach (var group in indices.GroupBy(i => images.Source.Particles[i].OpticsIndex))
        {
            var reference = references[group.Key] ?? throw new ArgumentException($"There is no reference for optics group {group.Key}.");
            var scores = _scores[group.Key] ??= scorer.Start(reference.Bodies.Moving, reference.Bodies.Still, reference.Scorer);
            foreach (var piece in group.Chunk(Piece))
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var i in piece)
                {
                    Array.ForEach(results, r => r[i] = new PatchEstimate(consensus[i], new float[N], null, 0, PoseStatus.UnusableImage));
                }

                int[] members = [.. scores.Load(images, piece, [.. piece.Select(i => consensus[i])], compute, cancellationToken).Select(p => piece[p])];
                var together = reference.Bodies.Joint ? reference.Count : 1;
                for (var first = 0; first < reference.Count && members.Length > 0; first += together)
                {
                    Refine(scores, reference, first, together, members, consensus, starts, prior, results, evidence);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var scores in _scores)
        {
            scores?.Dispose();
        }
    }

    private static void Refine(
        IBodyScores scores,
        PatchReference reference,
        int first,
        int together,
        int[] members,
        IReadOnlyList<Pose> consensus,
        IReadOnlyList<IReadOnlyList<Pose>> starts,
        IReadOnlyList<RigidMotionPrior> prior,
        PatchEstimate?[][] results,
        Dictionary<int, List<MotionEvidence>>? evidence)
    {
        PatchPosterior[] posteriors = [.. members.Select(i =>
        {
            var posterior = new PatchPosterior(reference, null, together, PatchSolver.Tolerance);
            posterior.Set(first, consensus[i], [.. starts.Select(s => s[i])], prior);
            return posterior;
        })];
        if (reference.TakesOut)
        {
            scores.TakeOut(first, [.. posteriors.Select(p => p.Consensus[0])]);
        }

        double[][] Rows(int length) => [.. members.Select(_ => new double[length])];
        var (gradients, matrices) = (Rows(N * together), Rows(N * together * N * together));
        DampedClimb.RunAll(posteriors, PatchSolver.Steps, DampingSchedule.Pose, gradients, matrices, (which, slopes, information) =>
        {
            var found = scores.Evaluate(first, which, [.. which.Select(i => posteriors[i].Candidates.ToArray())], slopes, information);
            return [.. which.Select((i, a) => posteriors[i].Take(found[a], slopes[a], information[a]))];
        });
        double[] covariance = new double[N * together * N * together], memory = new double[DampedClimb.MemoryFor(N * together)];
        var estimates = new PatchEstimate?[results.Length];
        for (var m = 0; m < members.Length; m++)
        {
            posteriors[m].Report(matrices[m], covariance, memory, consensus[members[m]], estimates);
            for (var k = first; k < first + together; k++)
            {
                results[k][members[m]] = estimates[k];
            }

            evidence?.GetValueOrDefault(members[m])?.Add(posteriors[m].Evidence(consensus[members[m]].Rotation));
        }
    }
}
