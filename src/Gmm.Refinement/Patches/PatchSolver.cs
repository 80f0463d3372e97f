using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The most probable poses of patches in one image: Levenberg-Marquardt on the log-likelihood and the prior of their motions from the
/// consensus, patch by patch or all at once. One per thread and reference.
/// </summary>
internal sealed class PatchSolver
{
    private const int N = Pose.ParameterCount;

    private readonly PatchReference _reference;
    private readonly int _steps;
    private readonly double[] _gradient, _matrix, _covariance, _memory;
    private PatchPosterior _posterior;

    /// <summary>Steps tried at most.</summary>
    public const int Steps = 6;

    /// <summary>Least log-likelihood that a step must promise.</summary>
    public const double Tolerance = 0.05;

    public PatchSolver(PatchReference reference, int steps = Steps, double tolerance = Tolerance)
    {
        (_reference, _steps) = (reference, steps);
        Workspace = new PatchWorkspace(reference);
        _posterior = new PatchPosterior(reference, Workspace, reference.Bodies.Joint ? reference.Count : 1, tolerance);
        var n = N * _posterior.Count;
        (_gradient, _matrix, _covariance, _memory) = (new double[n], new double[n * n], new double[n * n], new double[DampedClimb.MemoryFor(n)]);
    }

    public PatchWorkspace Workspace { get; }

    /// <summary>Solves for all patches; the workspace holds the particle, not yet prepared.</summary>
    /// <param name="consensus">The pose of the whole.</param>
    /// <param name="starts">Where each patch starts, poses of the whole map.</param>
    /// <param name="prior">The distribution of each patch's motion.</param>
    /// <param name="estimates">Receives an estimate for each patch.</param>
    /// <param name="evidence">Receives what the image says about motions, where wanted.</param>
    public void Solve(
        in Pose consensus, ReadOnlySpan<Pose> starts, IReadOnlyList<RigidMotionPrior> prior, Span<PatchEstimate?> estimates, List<MotionEvidence>? evidence)
    {
        Workspace.Prepare(consensus);
        for (var first = 0; first < _reference.Count; first += _posterior.Count)
        {
            _posterior.Set(first, consensus, starts, prior);
            DampedClimb.Run(ref _posterior, _steps, DampingSchedule.Pose, _gradient, _matrix, _memory);
            _posterior.Report(_matrix, _covariance, _memory, consensus, estimates);
            evidence?.Add(_posterior.Evidence(consensus.Rotation));
        }
    }

    /// <summary>
    /// How much better patches at poses explain the particle in the workspace, not yet prepared, than all at the consensus: gain in log-likelihood.
    /// </summary>
    /// <param name="consensus">The pose of the whole.</param>
    /// <param name="found">Poses of the patches, of the whole map.</param>
    /// <param name="parts">For each patch, the gain of that patch alone, all others at the consensus, is added.</param>
    public double Gain(in Pose consensus, ReadOnlySpan<Pose> found, Span<double> parts)
    {
        Workspace.Prepare(consensus);
        double gain = 0;
        for (var first = 0; first < _reference.Count; first += _posterior.Count)
        {
            _posterior.Set(first, consensus, found, null);
            var block = _posterior.Gain();
            gain += block;
            if (_posterior.Count == 1)
            {
                parts[first] += block;
            }
        }

        for (var k = 0; _posterior.Count > 1 && k < _reference.Count; k++)
        {
            var alone = new Pose[found.Length];
            Array.Fill(alone, consensus);
            alone[k] = found[k];
            _posterior.Set(k - (k % _posterior.Count), consensus, alone, null);
            parts[k] += _posterior.Gain();
        }

        return gain;
    }
}
