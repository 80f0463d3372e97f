using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Torch;

/// <summary>
/// Levenberg-Marquardt for thousands of poses at once: every particle has its own damping and leaves when it has converged. The same rules and settings as
/// <see cref="LevenbergMarquardtPoseOptimizer"/> in one band, so the same poses to its tolerance.
/// </summary>
/// <param name="options">Settings; defaults if null. There are no coarse bands here.</param>
public sealed class TorchLevenbergMarquardt(LevenbergMarquardtOptions? options = null) : ITorchPoseOptimizer
{
    private const double FirstDamping = 1e-3;

    private readonly LevenbergMarquardtOptions _options = options ?? new LevenbergMarquardtOptions();

    /// <inheritdoc/>
    public TorchPoses Optimize(TorchPoseReference reference, TorchImages images, Tensor rotations, Tensor shifts, TorchPosePriors? priors = null)
    {
        ArgumentNullException.ThrowIfNull(rotations);
        PoseBatches.Check(reference, images, rotations, shifts, priors);
        using var no = no_grad();
        using var scope = NewDisposeScope();
        var state = new State(rotations, shifts, PoseBatches.Evaluate(reference, images, rotations, shifts, priors));
        var startScores = state.Scores.clone();
        // One unit of log-likelihood; for a score that is none, a thousandth of its value stands in for it.
        var tolerance = reference.Scorer.IsLogLikelihood
            ? full_like(state.Damping, _options.Tolerance)
            : state.Scores.select(1, 0).abs() * (1e-3 * _options.Tolerance);
        var active = arange(images.Count, dtype: ScalarType.Int64, device: rotations.device);
        for (var tried = 0; tried < _options.FineSteps && active.shape[0] > 0; tried++)
        {
            using var inner = NewDisposeScope();
            var left = Step(reference, images, priors, state, tolerance, active);
            // All of them go on: it belongs to the outer scope already.
            active = ReferenceEquals(left, active) ? active : left.MoveToOuterDisposeScope();
            state.KeepFrom(inner);
        }

        return Finish(reference, state, rotations, shifts, startScores);
    }

    /// <summary>Tries one step for the particles still under way; returns those that go on. The host waits once: for how many of them take the step.</summary>
    private static Tensor Step(
        TorchPoseReference reference, TorchImages images, TorchPosePriors? priors, State state, Tensor tolerance, Tensor active)
    {
        var all = active.shape[0] == images.Count;
        Tensor Of(Tensor values) => all ? values : values.index_select(0, active);
        Tensor gradient = Of(state.Gradient), damping = Of(state.Damping), rotation = Of(state.Rotations), shift = Of(state.Shifts);
        var (solution, positive) = SymmetricSystems.Solve(Of(state.Information), damping, gradient.unsqueeze(2));
        var step = Shorten(solution.squeeze(2), 0.5 * reference.Resolution, reference, rotation);
        // Half the product is the gain expected.
        var on = positive & ((gradient * step).sum(1) < 2 * Of(tolerance)).logical_not();
        var chosen = TensorMemory.Places(on);
        if (chosen.shape[0] == 0)
        {
            return active.narrow(0, 0, 0).clone();
        }

        if (chosen.shape[0] < active.shape[0])
        {
            (active, step, damping) = (active.index_select(0, chosen), step.index_select(0, chosen), damping.index_select(0, chosen));
            (rotation, shift) = (rotation.index_select(0, chosen), shift.index_select(0, chosen));
            all = false;
        }

        var (newRotation, newShift) = Move(reference, rotation, shift, step);
        using var some = all ? null : images.Select(active);
        using var known = all ? null : priors?.Select(active);
        var candidate = PoseBatches.Evaluate(reference, some ?? images, newRotation, newShift, all ? priors : known);
        state.Try(active, all, newRotation, newShift, candidate, damping);
        return active;
    }

    /// <summary>Scales steps so that they move the typical Gaussian, and the pivot, by the reach at most.</summary>
    private static Tensor Shorten(Tensor step, double reach, TorchPoseReference reference, Tensor rotation)
    {
        Tensor turn = step.narrow(1, 0, 3), way = step.narrow(1, 3, 2);
        if (reference.Pivot != default)
        {
            way = way + OfPivot(turn, Pivots(reference, rotation));
        }

        var moved = maximum(turn.square().sum(1).sqrt() * reference.Radius, way.square().sum(1).sqrt());
        return step * where(moved > reach, reach / moved, ones_like(moved)).unsqueeze(1);
    }

    /// <summary>
    /// Poses after steps, the image of the pivot moved by just what the step's linear form says: a part far off the box centre does not swing outwards.
    /// </summary>
    private static (Tensor Rotation, Tensor Shift) Move(TorchPoseReference reference, Tensor rotation, Tensor shift, Tensor step)
    {
        var turn = step.narrow(1, 0, 3);
        var turned = Orthonormal(bmm(TorchRotations.FromRotationVector(turn), rotation));
        var moved = shift + step.narrow(1, 3, 2);
        if (reference.Pivot == default)
        {
            return (turned, moved);
        }

        var before = Pivots(reference, rotation);
        return (turned, moved + OfPivot(turn, before) - (Pivots(reference, turned) - before).narrow(1, 0, 2));
    }

    /// <summary>[B, 3]: where poses turn the pivot.</summary>
    private static Tensor Pivots(TorchPoseReference reference, Tensor rotation) => matmul(rotation, reference.PivotOnDevice).squeeze(2);

    /// <summary>[B, 2]: how small rotations w move the image of a pivot at p, (w x p)_xy.</summary>
    private static Tensor OfPivot(Tensor turn, Tensor pivot)
    {
        Tensor x = pivot.select(1, 0), y = pivot.select(1, 1), z = pivot.select(1, 2), wz = turn.select(1, 2);
        return stack([(turn.select(1, 1) * z) - (wz * y), (wz * x) - (turn.select(1, 0) * z)], 1);
    }

    /// <summary>X (3 I - X^T X) / 2, as <see cref="Core.Rotation.Orthonormalized"/>; once, for the product of two rotations is nearly one.</summary>
    private static Tensor Orthonormal(Tensor x) => (x * 1.5) - (bmm(x, bmm(x.transpose(1, 2), x)) * 0.5);

    private TorchPoses Finish(TorchPoseReference reference, State state, Tensor rotations, Tensor shifts, Tensor startScores)
    {
        var objective = state.Scores.select(1, 0);
        // cos of the angle moved; exactly 0 as the objective: the image or the reference is empty, so that nothing was compared.
        var cosine = ((state.Rotations * rotations).sum([1, 2]) - 1) * 0.5;
        var moved = (state.Shifts - shifts).square().sum(1).sqrt();
        var usable = objective.isfinite() & (objective != 0) & (state.Scores.select(1, 1) != 0) & (moved <= _options.MaximumShiftAngstrom)
            & (cosine >= Math.Cos(Math.Min(180, _options.MaximumRotationDegrees) * (Math.PI / 180)) - 1e-12);
        var unit = eye(5, dtype: ScalarType.Float64, device: rotations.device).expand(state.Information.shape);
        var (inverse, positive) = SymmetricSystems.Solve(state.Information, zeros_like(state.Damping), unit);
        var known = usable & positive & full_like(usable, reference.Scorer.IsLogLikelihood);
        return new TorchPoses(
            where(usable.reshape(-1, 1, 1), state.Rotations, rotations),
            where(usable.unsqueeze(1), state.Shifts, shifts),
            where(usable.unsqueeze(1), state.Scores, startScores),
            startScores,
            where(known.reshape(-1, 1, 1), inverse, full_like(inverse, double.NaN)),
            state.Steps.clone(),
            usable);
    }

    /// <summary>Where every particle stands; what belongs to a pose changes only when a step is taken.</summary>
    private sealed class State(Tensor rotations, Tensor shifts, PoseBatches.Evaluation start)
    {
        public Tensor Rotations { get; private set; } = rotations.clone();

        public Tensor Shifts { get; private set; } = shifts.clone();

        public Tensor Scores { get; private set; } = start.Scores;

        public Tensor Gradient { get; private set; } = start.Gradient;

        public Tensor Information { get; private set; } = start.Information;

        public Tensor Damping { get; private set; } = full(rotations.shape[0], FirstDamping, dtype: ScalarType.Float64, device: rotations.device);

        public Tensor Steps { get; private set; } = zeros(rotations.shape[0], dtype: ScalarType.Int64, device: rotations.device);

        /// <summary>Takes the candidates that are better, and changes the damping of all that were tried.</summary>
        public void Try(Tensor which, bool all, Tensor rotation, Tensor shift, PoseBatches.Evaluation candidate, Tensor damping)
        {
            Tensor Old(Tensor values) => all ? values : values.index_select(0, which);
            Tensor Into(Tensor values, Tensor found) => all ? found : values.index_copy(0, which, found);
            var better = candidate.Scores.select(1, 0) > Old(Scores).select(1, 0);
            Tensor Choose(Tensor values, Tensor found) =>
                Into(values, where(better.reshape([-1, .. Enumerable.Repeat(1L, (int)found.dim() - 1)]), found, Old(values)));
            Damping = Into(Damping, where(better, (damping * 0.1).clamp_min(1e-6), (damping * 30).clamp_min(0.1)));
            Steps = Into(Steps, Old(Steps) + 1);
            (Rotations, Shifts) = (Choose(Rotations, rotation), Choose(Shifts, shift));
            Tensor gradient = Choose(Gradient, candidate.Gradient), information = Choose(Information, candidate.Information);
            (Scores, Gradient, Information) = (Choose(Scores, candidate.Scores), gradient, information);
        }

        public void KeepFrom(DisposeScope scope)
        {
            foreach (var tensor in new[] { Rotations, Shifts, Scores, Gradient, Information, Damping, Steps })
            {
                // Those not replaced belong to the outer scope already.
                if (scope.Contains(tensor))
                {
                    scope.MoveToOuter(tensor);
                }
            }
        }
    }
}
