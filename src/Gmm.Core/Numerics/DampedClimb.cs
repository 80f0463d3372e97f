namespace Gmm.Core;

/// <summary>
/// Levenberg-Marquardt to a maximum (Levenberg, Q. Appl. Math. 2 (1944) 164; Marquardt, J. SIAM 11 (1963) 431): with the gradient g and the
/// Gauss-Newton matrix J of the objective,
///
///   (J + damping diag J) step = g,   expected gain = g'step / 2,
///
/// a step is kept only if the objective rises, and the damping falls and rises with that.
/// </summary>
internal static class DampedClimb
{
    /// <summary>Number of values that a climb over n parameters needs.</summary>
    public static int MemoryFor(int n) => Cholesky.MemoryFor(n) + (n * n) + (2 * n);

    /// <summary>Shortens a step that reaches too far, by one measure of the problem's own, to where it reaches just so far.</summary>
    public static void Shorten(Span<double> step, double reached, double most)
    {
        if (reached > most)
        {
            var factor = most / reached;
            foreach (ref var s in step)
            {
                s *= factor;
            }
        }
    }

    /// <summary>Climbs from the problem's start.</summary>
    /// <param name="problem">What is climbed; at the end it holds the best place found.</param>
    /// <param name="limit">Steps tried at most.</param>
    /// <param name="schedule">The damping.</param>
    /// <param name="gradient">Receives the gradient at that place, n values.</param>
    /// <param name="gaussNewton">Receives the matrix at that place, n x n values.</param>
    /// <param name="memory"><see cref="MemoryFor"/> values at least, overwritten.</param>
    public static void Run<TProblem>(
        ref TProblem problem, int limit, in DampingSchedule schedule, Span<double> gradient, Span<double> gaussNewton, Span<double> memory)
        where TProblem : IClimbProblem
    {
        var n = gradient.Length;
        Span<double> step = memory[..n], newGradient = memory.Slice(n, n), newGaussNewton = memory.Slice(2 * n, n * n);
        var cholesky = new Cholesky(n, memory[((2 * n) + (n * n))..]);
        var objective = problem.Evaluate(gradient, gaussNewton);
        problem.Accept();
        var tolerance = problem.Tolerance;
        var damping = schedule.First;
        for (var tried = 0; tried < limit; tried++)
        {
            if (!cholesky.TryFactor(gaussNewton, damping))
            {
                break;
            }

            cholesky.Solve(gradient, step);
            problem.Limit(step);
            if (SmallMatrix.Dot(gradient, step) < 2 * tolerance)
            {
                break;
            }

            problem.Move(step);
            var value = problem.Evaluate(newGradient, newGaussNewton);
            var gained = value > objective;
            damping = schedule.After(damping, gained);
            if (gained)
            {
                objective = value;
                problem.Accept();
                newGradient.CopyTo(gradient);
                newGaussNewton.CopyTo(gaussNewton);
            }
        }
    }
}
