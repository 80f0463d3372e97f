using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The most probable poses of patches in one image: Levenberg-Marquardt on the log-likelihood and the prior of their motions from the
/// consensus, patch by patch or all at once. One per thread and reference.
/// </summary>
internal sealed class PatchSolver
{
    private const int N = Pose.ParameterCount;
    private const double FirstDamping = 1e-3;

    private readonly PatchReference _reference;
    private readonly bool _joint;
    private readonly int _steps;
    private readonly double _tolerance;
    private readonly NormalEquations _equations;
    private readonly Pose[] _starts, _poses, _candidates;
    private readonly double[] _step, _precision, _right, _matrix;
    private double[] _gradient, _newGradient, _information, _newInformation, _motion, _newMotion;

    public PatchSolver(PatchReference reference, bool joint, int steps = 6, double tolerance = 0.05)
    {
        (_reference, _joint, _steps, _tolerance) = (reference, joint, steps, tolerance);
        Workspace = new PatchWorkspace(reference);
        var count = joint ? reference.Count : 1;
        var n = N * count;
        _equations = new NormalEquations(n);
        (_starts, _poses, _candidates) = (new Pose[count], new Pose[count], new Pose[count]);
        (_gradient, _newGradient, _step, _motion, _newMotion, _right) = (new double[n], new double[n], new double[n], new double[n], new double[n], new double[n]);
        (_information, _newInformation, _matrix) = (new double[n * n], new double[n * n], new double[n * n]);
        _precision = new double[N * N * count];
    }

    public PatchWorkspace Workspace { get; }

    /// <summary>Solves for all patches; the workspace holds the particle, not yet prepared.</summary>
    /// <param name="consensus">The pose of the whole.</param>
    /// <param name="starts">Where each patch starts, poses of the whole map.</param>
    /// <param name="prior">The distribution of motions.</param>
    /// <param name="estimates">Receives an estimate for each patch.</param>
    /// <param name="evidence">Receives what the image says about motions, where wanted.</param>
    public void Solve(in Pose consensus, ReadOnlySpan<Pose> starts, PatchMotions prior, Span<PatchEstimate?> estimates, List<MotionEvidence>? evidence)
    {
        Workspace.Prepare(consensus);
        var patches = _reference.Bodies.Patches;
        var count = _starts.Length;
        for (var first = 0; first < patches.Count; first += count)
        {
            for (var k = 0; k < count; k++)
            {
                _starts[k] = PatchFrame.ToPatch(consensus, patches[first + k]);
                _poses[k] = PatchFrame.ToPatch(starts[first + k], patches[first + k]);
                prior.Precision(first + k, consensus.Rotation, _precision.AsSpan(k * N * N, N * N), _equations);
            }

            if (!_joint && _reference.Still is not null)
            {
                Workspace.TakeOut(first, _starts[0]);
            }

            var score = Climb(first, count);
            Report(first, count, consensus, score, estimates);
            evidence?.Add(Evidence(first, consensus.Rotation));
        }
    }

    /// <summary>How much better patches at poses explain the particle in the workspace, not yet prepared, than all at the consensus: gain in log-likelihood.</summary>
    /// <param name="consensus">The pose of the whole.</param>
    /// <param name="found">Poses of the patches, of the whole map.</param>
    public double Gain(in Pose consensus, ReadOnlySpan<Pose> found)
    {
        Workspace.Prepare(consensus);
        var patches = _reference.Bodies.Patches;
        var count = _starts.Length;
        double gain = 0;
        for (var first = 0; first < patches.Count; first += count)
        {
            for (var k = 0; k < count; k++)
            {
                _starts[k] = PatchFrame.ToPatch(consensus, patches[first + k]);
                _poses[k] = PatchFrame.ToPatch(found[first + k], patches[first + k]);
            }

            if (!_joint && _reference.Still is not null)
            {
                Workspace.TakeOut(first, _starts[0]);
            }

            gain += Workspace.Evaluate(first, count, _poses, _gradient, _information).Objective
                - Workspace.Evaluate(first, count, _starts, _gradient, _information).Objective;
        }

        return gain;
    }

    /// <summary>Climbs; gradient and information that remain belong to the poses that remain, the likelihood's alone.</summary>
    private PoseScore Climb(int first, int count)
    {
        var n = N * count;
        Motions(_poses, _motion);
        var score = Workspace.Evaluate(first, count, _poses, _gradient, _information);
        var objective = score.Objective - Penalty(_motion);
        var damping = FirstDamping;
        for (var tried = 0; tried < _steps; tried++)
        {
            AddPrior(n);
            if (!_equations.Solve(n, _matrix, _right, damping, _step))
            {
                break;
            }

            Shorten(first);
            if (SymmetricSystem.Dot(_right, _step) < 2 * _tolerance)
            {
                break;
            }

            for (var k = 0; k < count; k++)
            {
                _candidates[k] = _poses[k].Step(_step.AsSpan(k * N, N));
            }

            Motions(_candidates, _newMotion);
            var newScore = Workspace.Evaluate(first, count, _candidates, _newGradient, _newInformation);
            var newObjective = newScore.Objective - Penalty(_newMotion);
            if (newObjective > objective)
            {
                (score, objective) = (newScore, newObjective);
                _candidates.CopyTo(_poses, 0);
                (_gradient, _newGradient) = (_newGradient, _gradient);
                (_information, _newInformation) = (_newInformation, _information);
                (_motion, _newMotion) = (_newMotion, _motion);
                damping = Math.Max(damping * 0.1, 1e-6);
            }
            else
            {
                damping = Math.Max(damping * 30, 0.1);
            }
        }

        return score;
    }

    private void Motions(Pose[] poses, Span<double> motion)
    {
        for (var k = 0; k < poses.Length; k++)
        {
            PatchFrame.Step(_starts[k], poses[k], motion.Slice(k * N, N));
        }
    }

    private double Penalty(ReadOnlySpan<double> motion)
    {
        double sum = 0;
        for (var k = 0; k < _starts.Length; k++)
        {
            var m = motion.Slice(k * N, N);
            var p = _precision.AsSpan(k * N * N, N * N);
            for (var i = 0; i < N; i++)
            {
                sum += m[i] * SymmetricSystem.Dot(p.Slice(i * N, N), m);
            }
        }

        return 0.5 * sum;
    }

    /// <summary>The normal equations with the prior: (J + L) step = gradient - L motion. For steps of a few degrees the tangent spaces of start and pose are one.</summary>
    private void AddPrior(int n)
    {
        _information.CopyTo(_matrix, 0);
        _gradient.CopyTo(_right, 0);
        for (var k = 0; k < _starts.Length; k++)
        {
            var p = _precision.AsSpan(k * N * N, N * N);
            for (var i = 0; i < N; i++)
            {
                _right[(k * N) + i] -= SymmetricSystem.Dot(p.Slice(i * N, N), _motion.AsSpan(k * N, N));
                for (var j = 0; j < N; j++)
                {
                    _matrix[(((k * N) + i) * n) + (k * N) + j] += p[(i * N) + j];
                }
            }
        }
    }

    /// <summary>No patch moves its typical Gaussian by more than half the resolution in a step.</summary>
    private void Shorten(int first)
    {
        var reach = 0.5 * _reference.Resolution;
        double moved = 0;
        for (var k = 0; k < _starts.Length; k++)
        {
            var s = _step.AsSpan(k * N, N);
            moved = Math.Max(moved, Math.Max(
                _reference.Bodies.Radius[first + k] * Math.Sqrt((s[0] * s[0]) + (s[1] * s[1]) + (s[2] * s[2])), Math.Sqrt((s[3] * s[3]) + (s[4] * s[4]))));
        }

        if (moved > reach)
        {
            foreach (ref var s in _step.AsSpan())
            {
                s *= reach / moved;
            }
        }
    }

    private void Report(int first, int count, in Pose consensus, PoseScore score, Span<PatchEstimate?> estimates)
    {
        var n = N * count;
        AddPrior(n);
        // The matrix of the last trial is no longer needed.
        var covariance = _newInformation;
        var known = _equations.Invert(n, _matrix, covariance);
        var usable = double.IsFinite(score.Objective) && score.Objective != 0;
        for (var k = 0; k < count; k++)
        {
            if (!usable)
            {
                estimates[first + k] = new PatchEstimate(consensus, new float[N], null, 0, PoseStatus.Failed);
                continue;
            }

            var block = known ? new float[N * N] : null;
            for (var i = 0; block is not null && i < N * N; i++)
            {
                block[i] = (float)covariance[(((k * N) + (i / N)) * n) + (k * N) + (i % N)];
            }

            var step = new float[N];
            for (var i = 0; i < N; i++)
            {
                step[i] = (float)_motion[(k * N) + i];
            }

            estimates[first + k] = new PatchEstimate(
                PatchFrame.FromPatch(_poses[k], _reference.Bodies.Patches[first + k]), step, block, (float)score.Correlation, PoseStatus.Refined);
        }
    }

    /// <summary>The quadratic form of the likelihood at the solution x: b = J x + gradient.</summary>
    private MotionEvidence Evidence(int first, in Rotation rotation)
    {
        var n = _motion.Length;
        var right = new double[n];
        for (var i = 0; i < n; i++)
        {
            right[i] = _gradient[i] + SymmetricSystem.Dot(_information.AsSpan(i * n, n), _motion);
        }

        return new MotionEvidence(rotation, first, [.. _information], right);
    }
}
