using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// Judges a refinement when it is finished: the poses by <see cref="HeldOutPoses"/>, the half maps by their FSC in the one mask that served
/// throughout.
/// </summary>
internal sealed class RefinementJudge(PreparedParticles source, IPoseStage stage, ComputeOptions compute, RefinementOptions options)
{
    /// <summary>Particles of each half that are judged; the gain of one varies by about as much as it is.</summary>
    private const int Sample = 200;

    private readonly MappedList<Pose> _first = new(source.Particles.Count, i => source.Particles[i].Pose);

    private readonly int[][] _halves =
        [.. Enumerable.Range(1, 2).Select(h => Enumerable.Range(0, source.Particles.Count).Where(i => source.Particles[i].Half == h).ToArray())];

    /// <summary>Judges.</summary>
    /// <param name="start">The curves before the first iteration.</param>
    /// <param name="end">The state after the last.</param>
    /// <param name="limit">The resolution that the last poses were found at, angstrom.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public Verdict Judge(CorrectedFsc start, RefinementState end, double limit, CancellationToken cancellationToken)
    {
        if (!start.Signal.Found || (start.Resolution is null && end.Iteration == 0))
        {
            return Verdict.NoSignal(start);
        }

        var finer = Math.Min(start.Resolution ?? limit, end.Resolution ?? limit);
        var (before, after) = (start.Corrected.Mean(finer), end.Fsc.Corrected.Mean(finer));
        if (options.KeepPoses && end.Iteration > 0)
        {
            // The optics of a half were found with all of its images, and its poses with none: no image is held out that could judge.
            var worse = after < before - PoseFigures.Fall;
            return new Verdict
            {
                Outcome = worse ? VerdictOutcome.Worse : VerdictOutcome.CannotBeJudged,
                Reason = (worse
                    ? "the half maps agree less than at the start: "
                    : "poses were kept, and the images that optics were found with cannot judge them; ")
                    + FormattableString.Invariant($"mean FSC in the same mask {before:0.000} before, {after:0.000} after"),
                Advice = worse ? Verdict.CheckFirst : null,
                FscBefore = before,
                FscAfter = after,
            };
        }

        return end.Models is { } models && end.Iteration > 0
            ? HeldOut(end, models, limit, cancellationToken)
                .Verdict(before, after, start.Resolution, end.Resolution ?? (start.Resolution is null ? limit : null))
            : new Verdict { Outcome = VerdictOutcome.Unchanged, Reason = "no iteration was done", FscBefore = before, FscAfter = after };
    }

    private PoseFigures HeldOut(RefinementState end, (GaussianModel Half1, GaussianModel Half2) models, double limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<Pose> last = end.Poses;
        PoseFrame[] frames = [.. _halves.Select(members => PoseFrame.Fit(_first, last, members))];
        var gains = new List<double>();
        for (var h = 0; h < 2; h++)
        {
            var members = _halves[h].Where(i => end.Particles[i].Status == PoseStatus.Refined).ToArray();
            if (members.Length > 0)
            {
                // The other half's map may have turned and moved in its box; a start must not be blamed for that.
                var (other, frame) = (h == 0 ? models.Half2 : models.Half1, frames[1 - h]);
                var sample = stage.Sample(members, Sample);
                var heldOut = stage.HeldOut(new HalfTask(h, sample, other, SearchState.Of(end), source), limit, cancellationToken);
                gains.AddRange(heldOut.Gains(sample, i => frame.Apply(_first[i]), compute, cancellationToken));
            }
        }

        var (gain, error, count) = MeanEstimate.Of(gains);
        var moved = _halves.SelectMany((members, h) => members.Select(i => frames[h].Apply(_first[i]).Rotation.AngleTo(last[i].Rotation) * (180 / Math.PI)));
        return new PoseFigures(
            gain, error, count, Medians.OfFinite(moved), Medians.OfFinite(end.Particles.Select(p => p.RotationSigmaDegrees)),
            end.Particles.Count(p => p.Status == PoseStatus.Refined) / (double)end.Particles.Count)
        {
            OfSeries = options.TiltSeries is not null,
        };
    }
}
