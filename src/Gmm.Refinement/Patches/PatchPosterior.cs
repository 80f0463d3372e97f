using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The posterior of the poses of some patches in one image, as the problem of a <see cref="DampedClimb"/>: the log-likelihood and the prior of their motions
/// from the consensus. One per thread and reference; poses are in the patches' frames.
/// </summary>
internal sealed class PatchPosterior : IClimbProblem
{
    private const int N = Pose.ParameterCount;

    private readonly PatchReference _reference;
    private readonly PatchWorkspace? _workspace;
    private readonly Pose[] _consensus, _poses, _candidates;
    private readonly double[] _precision;
    private double[] _gradient, _newGradient, _information, _newInformation, _motion, _newMotion;
    private PoseScore _newScore;
    private int _first;

    /// <summary>Makes the memory.</summary>
    /// <param name="reference">What images are compared with.</param>
    /// <param name="workspace">The image; null where it is scored elsewhere (<see cref="Take"/>).</param>
    /// <param name="count">Patches solved together.</param>
    /// <param name="tolerance">Least log-likelihood that a step must promise.</param>
    public PatchPosterior(PatchReference reference, PatchWorkspace? workspace, int count, double tolerance)
    {
        (_reference, _workspace, Tolerance) = (reference, workspace, tolerance);
        var n = N * count;
        (_consensus, _poses, _candidates) = (new Pose[count], new Pose[count], new Pose[count]);
        (_gradient, _newGradient, _motion, _newMotion) = (new double[n], new double[n], new double[n], new double[n]);
        (_information, _newInformation) = (new double[n * n], new double[n * n]);
        _precision = new double[N * N * count];
    }

    public double Tolerance { get; }

    /// <summary>Patches solved together.</summary>
    public int Count => _poses.Length;

    /// <summary>The consensus, in the patches' frames.</summary>
    public ReadOnlySpan<Pose> Consensus => _consensus;

    /// <summary>The poses that are tried.</summary>
    public ReadOnlySpan<Pose> Candidates => _candidates;

    /// <summary>Their score.</summary>
    public PoseScore Score { get; private set; }

    /// <summary>Sets the problem.</summary>
    /// <param name="first">The first patch; the others follow it.</param>
    /// <param name="consensus">The pose of the whole.</param>
    /// <param name="starts">Where each patch of the reference starts, poses of the whole map.</param>
    /// <param name="prior">The distribution of each patch's motion; null where nothing is climbed.</param>
    public void Set(int first, in Pose consensus, ReadOnlySpan<Pose> starts, IReadOnlyList<RigidMotionPrior>? prior)
    {
        _first = first;
        var patches = _reference.Bodies.Patches;
        for (var k = 0; k < Count; k++)
        {
            _consensus[k] = PatchFrame.ToPatch(consensus, patches[first + k]);
            _candidates[k] = PatchFrame.ToPatch(starts[first + k], patches[first + k]);
            prior?[first + k].Precision(consensus.Rotation, _precision.AsSpan(k * N * N, N * N));
        }

        if (_reference.TakesOut)
        {
            _workspace?.TakeOut(first, _consensus[0]);
        }
    }

    /// <summary>How much better the start explains the image than the consensus: gain in log-likelihood.</summary>
    public double Gain() =>
        _workspace!.Evaluate(_first, Count, _candidates, _gradient, _information).Objective
        - _workspace.Evaluate(_first, Count, _consensus, _gradient, _information).Objective;

    public double Evaluate(Span<double> gradient, Span<double> gaussNewton)
    {
        var score = _workspace!.Evaluate(_first, Count, _candidates, gradient, gaussNewton);
        return Take(score, gradient, gaussNewton);
    }

    /// <summary>Takes the score of the candidates, and adds the prior.</summary>
    /// <param name="score">The score.</param>
    /// <param name="gradient">Its gradient, to which that of the prior is added.</param>
    /// <param name="gaussNewton">Its matrix, likewise.</param>
    /// <returns>The logarithm of the posterior.</returns>
    public double Take(in PoseScore score, Span<double> gradient, Span<double> gaussNewton)
    {
        _newScore = score;
        var objective = score.Objective;
        gradient.CopyTo(_newGradient);
        gaussNewton.CopyTo(_newInformation);
        for (var k = 0; k < Count; k++)
        {
            // For steps of a few degrees the tangent spaces of consensus and pose are one.
            var motion = _newMotion.AsSpan(k * N, N);
            PatchFrame.Step(_consensus[k], _candidates[k], motion);
            objective += QuadraticPrior.Add(_precision.AsSpan(k * N * N, N * N), motion, k * N, gradient, gaussNewton);
        }

        return objective;
    }

    public void Accept()
    {
        Score = _newScore;
        _candidates.CopyTo(_poses, 0);
        (_gradient, _newGradient) = (_newGradient, _gradient);
        (_information, _newInformation) = (_newInformation, _information);
        (_motion, _newMotion) = (_newMotion, _motion);
    }

    /// <summary>No patch moves its typical Gaussian by more than half the resolution in a step.</summary>
    public void Limit(Span<double> step)
    {
        var reach = 0.5 * _reference.Resolution;
        double moved = 0;
        for (var k = 0; k < Count; k++)
        {
            var s = step.Slice(k * N, N);
            moved = Math.Max(moved, Math.Max(
                _reference.Bodies.Radius[_first + k] * Math.Sqrt((s[0] * s[0]) + (s[1] * s[1]) + (s[2] * s[2])),
                Math.Sqrt((s[3] * s[3]) + (s[4] * s[4]))));
        }

        if (moved > reach)
        {
            foreach (ref var s in step)
            {
                s *= reach / moved;
            }
        }
    }

    public void Move(ReadOnlySpan<double> step)
    {
        for (var k = 0; k < Count; k++)
        {
            _candidates[k] = _poses[k].Step(step.Slice(k * N, N));
        }
    }

    /// <summary>The quadratic form of the likelihood alone at the poses kept, x from the consensus: b = J x + gradient.</summary>
    public MotionEvidence Evidence(in Rotation rotation)
    {
        var n = _motion.Length;
        var right = new double[n];
        for (var i = 0; i < n; i++)
        {
            right[i] = _gradient[i] + SmallMatrix.Dot(_information.AsSpan(i * n, n), _motion);
        }

        return new MotionEvidence(rotation, _first, [.. _information], right);
    }

    /// <summary>The estimates of the patches at the poses kept.</summary>
    /// <param name="matrix">The Gauss-Newton matrix of the posterior there.</param>
    /// <param name="covariance">Room for its inverse.</param>
    /// <param name="memory">Room for <see cref="Cholesky"/>.</param>
    /// <param name="consensus">The pose of the whole.</param>
    /// <param name="estimates">Of all patches; receives those of these.</param>
    public void Report(ReadOnlySpan<double> matrix, Span<double> covariance, Span<double> memory, in Pose consensus, Span<PatchEstimate?> estimates)
    {
        var n = N * Count;
        var cholesky = new Cholesky(n, memory);
        var known = cholesky.TryFactor(matrix);
        if (known)
        {
            cholesky.Invert(covariance);
        }

        var usable = double.IsFinite(Score.Objective) && Score.Objective != 0;
        for (var k = 0; k < Count; k++)
        {
            if (!usable)
            {
                estimates[_first + k] = new PatchEstimate(consensus, new float[N], null, 0, PoseStatus.Failed);
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

            estimates[_first + k] = new PatchEstimate(
                PatchFrame.FromPatch(_poses[k], _reference.Bodies.Patches[_first + k]), step, block, (float)Score.Correlation, PoseStatus.Refined);
        }
    }
}
