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
    public TorchPoses Optimize(TorchPoseReference reference, TorchImages images, Tensor rotations, Tensor shifts)
    {
        ArgumentNullException.ThrowIfNull(rotations);
        PoseBatches.Check(reference, images, rotations, shifts);
        using var no = no_grad();
        using var scope = NewDisposeScope();
        var state = new State(rotations, shifts, PoseBatches.Evaluate(reference, images, rotations, shifts));
        var startScores = state.Scores.clone();
        // One unit of log-likelihood; for a score that is none, a thousandth of its value stands in for it.
        var tolerance = reference.Scorer.IsLogLikelihood
            ? full_like(state.Damping, _options.Tolerance)
            : state.Scores.select(1, 0).abs() * (1e-3 * _options.Tolerance);
        var active = arange(images.Count, dtype: ScalarType.Int64, device: rotations.device);
        for (var tried = 0; tried < _options.FineSteps && active.shape[0] > 0; tried++)
        {
            using var inner = NewDisposeScope();
            active = Step(reference, images, state, tolerance, active).MoveToOuterDisposeScope();
            state.KeepFrom(inner);
        }

        return Finish(reference, state, rotations, shifts, startScores);
    }

    /// <summary>Tries one step for the particles still under way; returns those that go on.</summary>
    private static Tensor Step(TorchPoseReference reference, TorchImages images, State state, Tensor tolerance, Tensor active)
    {
        var gradient = state.Gradient.index_select(0, active);
        var damping = state.Damping.index_select(0, active);
        var (solution, positive) = SymmetricSystems.Solve(state.Information.index_select(0, active), damping, gradient.unsqueeze(2));
        var step = Shorten(solution.squeeze(2), 0.5 * reference.Resolution, reference.Radius);
        // Half the product is the gain expected.
        var on = positive & ((gradient * step).sum(1) < 2 * tolerance.index_select(0, active)).logical_not();
        var chosen = on.nonzero().squeeze(1);
        if (chosen.shape[0] == 0)
        {
            return active.narrow(0, 0, 0).clone();
        }

        (active, step, damping) = (active.index_select(0, chosen), step.index_select(0, chosen), damping.index_select(0, chosen));
        state.Steps = state.Steps.index_add(0, active, ones_like(active), 1);
        var rotation = bmm(TorchRotations.FromRotationVector(step.narrow(1, 0, 3)), state.Rotations.index_select(0, active));
        rotation = Orthonormal(rotation);
        var shift = state.Shifts.index_select(0, active) + step.narrow(1, 3, 2);
        using var some = active.shape[0] == images.Count ? null : images.Select(active);
        var candidate = PoseBatches.Evaluate(reference, some ?? images, rotation, shift);
        var better = candidate.Scores.select(1, 0) > state.Scores.select(1, 0).index_select(0, active);
        state.Damping = state.Damping.index_copy(0, active, where(better, (damping * 0.1).clamp_min(1e-6), (damping * 30).clamp_min(0.1)));
        var taken = better.nonzero().squeeze(1);
        if (taken.shape[0] > 0)
        {
            state.Take(active.index_select(0, taken), rotation.index_select(0, taken), shift.index_select(0, taken), candidate.Select(taken));
        }

        return active;
    }

    /// <summary>Scales steps so that they move the typical Gaussian by the reach at most.</summary>
    private static Tensor Shorten(Tensor step, double reach, double radius)
    {
        var moved = maximum(step.narrow(1, 0, 3).square().sum(1).sqrt() * radius, step.narrow(1, 3, 2).square().sum(1).sqrt());
        return step * where(moved > reach, reach / moved, ones_like(moved)).unsqueeze(1);
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

        public Tensor Damping { get; set; } = full(rotations.shape[0], FirstDamping, dtype: ScalarType.Float64, device: rotations.device);

        public Tensor Steps { get; set; } = zeros(rotations.shape[0], dtype: ScalarType.Int64, device: rotations.device);

        public void Take(Tensor which, Tensor rotation, Tensor shift, PoseBatches.Evaluation values)
        {
            Rotations = Rotations.index_copy(0, which, rotation);
            Shifts = Shifts.index_copy(0, which, shift);
            Scores = Scores.index_copy(0, which, values.Scores);
            Gradient = Gradient.index_copy(0, which, values.Gradient);
            Information = Information.index_copy(0, which, values.Information);
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
