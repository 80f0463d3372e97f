using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The posterior of the poses of some patches in one image, as the problem of a <see cref="DampedClimb"/>: the log-likelihood and the prior of their motions
/// from the consensus. One per thread and reference; poses are in the patches' frames.
/// </summary>
internal sealed class PatchPosterior : IClimbProblem
{
    private const int N = Pose.ParameterCount;

    private readonly PatchWorkspace _workspace;
    private readonly Pose[] _consensus, _poses, _candidates;
    private readonly double[] _precision;
    private double[] _gradient, _newGradient, _information, _newInformation, _motion, _newMotion;
    private PoseScore _newScore;
    private int _first;

    /// <summary>Makes the memory.</summary>
    /// <param name="workspace">The image.</param>
    /// <param name="count">Patches solved together.</param>
    /// <param name="tolerance">Least log-likelihood that a step must promise.</param>
    public PatchPosterior(PatchWorkspace workspace, int count, double tolerance)
    {
        (_workspace, Tolerance) = (workspace, tolerance);
        var n = N * count;
        (_consensus, _poses, _candidates) = (new Pose[count], new Pose[count], new Pose[count]);
        (_gradient, _newGradient, _motion, _newMotion) = (new double[n], new double[n], new double[n], new double[n]);
        (_information, _newInformation) = (new double[n * n], new double[n * n]);
        _precision = new double[N * N * count];
    }

    public double Tolerance { get; }

    /// <summary>Patches solved together.</summary>
    public int Count => _poses.Length;

    /// <summary>The poses kept.</summary>
    public ReadOnlySpan<Pose> Poses => _poses;

    /// <summary>Their steps from the consensus.</summary>
    public ReadOnlySpan<double> Motion => _motion;

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
        var patches = _workspace.Reference.Bodies.Patches;
        for (var k = 0; k < Count; k++)
        {
            _consensus[k] = PatchFrame.ToPatch(consensus, patches[first + k]);
            _candidates[k] = PatchFrame.ToPatch(starts[first + k], patches[first + k]);
            prior?[first + k].Precision(consensus.Rotation, _precision.AsSpan(k * N * N, N * N));
        }

        if (_workspace.Reference.TakesOut)
        {
            _workspace.TakeOut(first, _consensus[0]);
        }
    }

    /// <summary>How much better the start explains the image than the consensus: gain in log-likelihood.</summary>
    public double Gain() =>
        _workspace.Evaluate(_first, Count, _candidates, _gradient, _information).Objective
        - _workspace.Evaluate(_first, Count, _consensus, _gradient, _information).Objective;

    public double Evaluate(Span<double> gradient, Span<double> gaussNewton)
    {
        _newScore = _workspace.Evaluate(_first, Count, _candidates, _newGradient, _newInformation);
        var objective = _newScore.Objective;
        _newGradient.CopyTo(gradient);
        _newInformation.CopyTo(gaussNewton);
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
        var reach = 0.5 * _workspace.Reference.Resolution;
        double moved = 0;
        for (var k = 0; k < Count; k++)
        {
            var s = step.Slice(k * N, N);
            moved = Math.Max(moved, Math.Max(
                _workspace.Reference.Bodies.Radius[_first + k] * Math.Sqrt((s[0] * s[0]) + (s[1] * s[1]) + (s[2] * s[2])),
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
}
