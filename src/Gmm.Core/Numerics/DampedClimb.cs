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
        for (var tried = 0; tried < limit && TryMove(ref problem, cholesky, step, gradient, gaussNewton, damping, tolerance); tried++)
        {
            var value = problem.Evaluate(newGradient, newGaussNewton);
            Judge(ref problem, value, schedule, newGradient, newGaussNewton, gradient, gaussNewton, ref objective, ref damping);
        }
    }

    /// <summary>Climbs with many problems of one number of parameters, whose candidates are evaluated together.</summary>
    /// <param name="problems">What is climbed; at the end each holds the best place found. They are not asked to evaluate.</param>
    /// <param name="limit">Steps tried at most.</param>
    /// <param name="schedule">The damping.</param>
    /// <param name="gradients">For each problem, receives the gradient at its place.</param>
    /// <param name="gaussNewtons">For each problem, receives the matrix at its place.</param>
    /// <param name="evaluate">
    /// The objectives at the candidates of the problems of given numbers, in their order, with gradients and matrices put where it is told.
    /// </param>
    public static void RunAll<TProblem>(
        TProblem[] problems, int limit, in DampingSchedule schedule, double[][] gradients, double[][] gaussNewtons,
        Func<int[], double[][], double[][], double[]> evaluate)
        where TProblem : IClimbProblem
    {
        int[] active = [.. Enumerable.Range(0, problems.Length)];
        var objectives = evaluate(active, gradients, gaussNewtons);
        double[] tolerances = new double[problems.Length], dampings = new double[problems.Length];
        Array.Fill(dampings, schedule.First);
        for (var i = 0; i < problems.Length; i++)
        {
            problems[i].Accept();
            tolerances[i] = problems[i].Tolerance;
        }

        for (var tried = 0; tried < limit; tried++)
        {
            active = Array.FindAll(active, i =>
            {
                var n = gradients[i].Length;
                var step = new double[n];
                return TryMove(
                    ref problems[i], new Cholesky(n, new double[Cholesky.MemoryFor(n)]), step, gradients[i], gaussNewtons[i], dampings[i], tolerances[i]);
            });
            if (active.Length == 0)
            {
                return;
            }

            double[][] slopes = Array.ConvertAll(active, i => new double[gradients[i].Length]);
            double[][] matrices = Array.ConvertAll(active, i => new double[gaussNewtons[i].Length]);
            var values = evaluate(active, slopes, matrices);
            for (var a = 0; a < active.Length; a++)
            {
                var i = active[a];
                Judge(
                    ref problems[i], values[a], schedule, slopes[a], matrices[a], gradients[i], gaussNewtons[i], ref objectives[i], ref dampings[i]);
            }
        }
    }

    /// <summary>Makes the next candidate; false where the matrix is of no use or no gain worth a step is expected.</summary>
    private static bool TryMove<TProblem>(
        ref TProblem problem, in Cholesky cholesky, Span<double> step, ReadOnlySpan<double> gradient, ReadOnlySpan<double> gaussNewton, double damping,
        double tolerance)
        where TProblem : IClimbProblem
    {
        if (!cholesky.TryFactor(gaussNewton, damping))
        {
            return false;
        }

        cholesky.Solve(gradient, step);
        problem.Limit(step);
        if (SmallMatrix.Dot(gradient, step) < 2 * tolerance)
        {
            return false;
        }

        problem.Move(step);
        return true;
    }

    /// <summary>Keeps the candidate that was evaluated if the objective rose there, and changes the damping.</summary>
    private static void Judge<TProblem>(
        ref TProblem problem, double value, in DampingSchedule schedule, ReadOnlySpan<double> newGradient, ReadOnlySpan<double> newGaussNewton,
        Span<double> gradient, Span<double> gaussNewton, ref double objective, ref double damping)
        where TProblem : IClimbProblem
    {
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
