using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>
/// Levenberg-Marquardt on a card, a thread for each slot: the rules of <see cref="DampedClimb"/> and <c>PoseClimb</c>, whose damping, score and geometry are
/// the same code. A slot whose particle has converged has no more work: its threads return at once in every later kernel.
/// </summary>
internal static class ClimbKernels
{
    private const int N = ClimbState.N;

    /// <summary>Puts every slot at its start.</summary>
    public static void Start(Args a)
    {
        for (var i = Work.First; i < a.Slots; i += Work.Step)
        {
            if (a.Active[i] == 0)
            {
                continue;
            }

            var o = i * ClimbState.Length;
            for (var n = 0; n < ClimbState.PoseLength; n++)
            {
                a.State[o + ClimbState.Candidate + n] = a.Starts[(i * ClimbState.PoseLength) + n];
            }

            a.State[o + ClimbState.Steps] = -1;
            a.State[o + ClimbState.Damping] = a.Rules.Schedule.First;
        }
    }

    /// <summary>Takes or refuses the poses that were tried, and makes the next ones.</summary>
    public static void Step(Args a)
    {
        for (var i = Work.First; i < a.Slots; i += Work.Step)
        {
            if (a.Active[i] == 0)
            {
                continue;
            }

            var slot = (int)i;
            Judge(a, slot, Score(a, slot));
            if (!TryNext(a, slot))
            {
                a.Active[i] = 0;
            }
        }
    }

    /// <summary>The score of the pose tried with its gradient and matrix (<see cref="WhitenedProducts.Differentiate"/>), the prior in all of them.</summary>
    private static PoseScore Score(in Args a, int slot)
    {
        long p = (long)slot * ScoreKernels.Products, o = (long)slot * ClimbState.Length;
        double reference = a.Sums[p + 2];
        var score = new WhitenedProducts(a.Sums[p + 1], reference, a.Sums[p]).Score;
        var scale = score.Scale;
        var isEmpty = score.Correlation == 0;
        var triangle = p + 3 + (2 * N);
        for (var i = 0; i < N; i++)
        {
            double withData = a.Sums[p + 3 + i], withReference = a.Sums[p + 3 + N + i];
            a.State[o + ClimbState.NewGradient + i] = isEmpty ? 0 : Math.Abs(scale) * (withData - (scale * withReference));
            for (var j = 0; j <= i; j++, triangle++)
            {
                var v = isEmpty ? 0 : scale * scale * (a.Sums[triangle] - (withReference * a.Sums[p + 3 + N + j] / reference));
                a.State[o + ClimbState.NewInformation + (i * N) + j] = v;
                a.State[o + ClimbState.NewInformation + (j * N) + i] = v;
            }
        }

        return a.HasPriors == 0 ? score : new PoseScore(
            score.Objective + DevicePrior.Add(a.Priors, (long)slot * DevicePrior.Length, a.State, o), score.Correlation, score.Scale);
    }

    /// <summary>Keeps the pose tried if it is better, or the first.</summary>
    private static void Judge(in Args a, int slot, PoseScore score)
    {
        var s = a.State;
        var o = (long)slot * ClimbState.Length;
        var isFirst = s[o + ClimbState.Steps] < 0;
        var gained = isFirst || score.Objective > s[o + ClimbState.Score];
        if (gained)
        {
            Copy(s, o + ClimbState.Candidate, o + ClimbState.Pose, ClimbState.PoseLength);
            Copy(s, o + ClimbState.NewGradient, o + ClimbState.Gradient, N + (N * N));
            s[o + ClimbState.Score] = score.Objective;
            s[o + ClimbState.Score + 1] = score.Correlation;
            s[o + ClimbState.Score + 2] = score.Scale;
        }

        if (isFirst)
        {
            Copy(s, o + ClimbState.Score, o + ClimbState.StartScore, 3);
            s[o + ClimbState.Steps] = 0;
        }
        else
        {
            s[o + ClimbState.Damping] = a.Rules.Schedule.After(s[o + ClimbState.Damping], gained);
        }
    }

    /// <summary>Makes the next pose to try; false where the climb is at its end.</summary>
    private static bool TryNext(in Args a, int slot)
    {
        var s = a.State;
        var o = (long)slot * ClimbState.Length;
        if (s[o + ClimbState.Steps] >= a.Rules.Limit || !DeviceCholesky.TryFactor(s, o))
        {
            return false;
        }

        DeviceCholesky.Solve(s, o);
        var kept = ClimbState.Rotation(s, o + ClimbState.Pose);
        double x = a.Rules.PivotX, y = a.Rules.PivotY, z = a.Rules.PivotZ;
        double ax = (kept.M00 * x) + (kept.M01 * y) + (kept.M02 * z), ay = (kept.M10 * x) + (kept.M11 * y) + (kept.M12 * z);
        double az = (kept.M20 * x) + (kept.M21 * y) + (kept.M22 * z);
        Shorten(a, s, o + ClimbState.Step, ax, ay, az);
        double gain = 0;
        for (var i = 0; i < N; i++)
        {
            gain += s[o + ClimbState.Gradient + i] * s[o + ClimbState.Step + i];
        }

        if (gain < 2 * a.Rules.Tolerance)
        {
            return false;
        }

        s[o + ClimbState.Steps] += 1;
        Move(a, s, o, kept, ax, ay, az);
        return true;
    }

    /// <summary>Scales a step so that it moves the typical Gaussian, and the pivot, by the reach at most.</summary>
    private static void Shorten(in Args a, ArrayView<double> s, long step, double ax, double ay, double az)
    {
        double wx = s[step], wy = s[step + 1], wz = s[step + 2];
        double dx = s[step + 3] + ((wy * az) - (wz * ay)), dy = s[step + 4] + ((wz * ax) - (wx * az));
        var moved = Math.Max(a.Rules.Radius * Math.Sqrt((wx * wx) + (wy * wy) + (wz * wz)), Math.Sqrt((dx * dx) + (dy * dy)));
        if (moved > a.Rules.Reach)
        {
            var factor = a.Rules.Reach / moved;
            for (var i = 0; i < N; i++)
            {
                s[step + i] *= factor;
            }
        }
    }

    /// <summary>The pose after the step, the image of the pivot moved by just what the step's linear form says.</summary>
    private static void Move(in Args a, ArrayView<double> s, long o, Rotation kept, double ax, double ay, double az)
    {
        var step = o + ClimbState.Step;
        double wx = s[step], wy = s[step + 1], wz = s[step + 2], t2 = (wx * wx) + (wy * wy) + (wz * wz), t = Math.Sqrt(t2);
        DeviceTrigonometry.SinCos(t, out var sine, out var cosine);
        // Series near zero keeps full precision where sin(t)/t would be 0/0, as Rotation.FromRotationVector does.
        double first = t < 1e-4 ? 1 - (t2 / 6) : sine / t, second = t < 1e-4 ? 0.5 - (t2 / 24) : (1 - cosine) / t2;
        var turned = Core.Rotation.Multiply(Core.Rotation.Rodrigues(wx, wy, wz, first, second), kept).Orthonormalized();
        double x = a.Rules.PivotX, y = a.Rules.PivotY, z = a.Rules.PivotZ;
        double bx = (turned.M00 * x) + (turned.M01 * y) + (turned.M02 * z), by = (turned.M10 * x) + (turned.M11 * y) + (turned.M12 * z);
        var c = o + ClimbState.Candidate;
        s[c] = turned.M00;
        s[c + 1] = turned.M01;
        s[c + 2] = turned.M02;
        s[c + 3] = turned.M10;
        s[c + 4] = turned.M11;
        s[c + 5] = turned.M12;
        s[c + 6] = turned.M20;
        s[c + 7] = turned.M21;
        s[c + 8] = turned.M22;
        s[c + 9] = s[o + ClimbState.Pose + 9] + s[step + 3] + (wy * az) - (wz * ay) - (bx - ax);
        s[c + 10] = s[o + ClimbState.Pose + 10] + s[step + 4] + (wz * ax) - (wx * az) - (by - ay);
    }

    private static void Copy(ArrayView<double> s, long from, long to, int count)
    {
        for (var n = 0; n < count; n++)
        {
            s[to + n] = s[from + n];
        }
    }

    /// <summary>The kernels' argument.</summary>
    internal struct Args
    {
        /// <summary>Slots.</summary>
        public int Slots;

        /// <summary>How poses are climbed.</summary>
        public ClimbRules Rules;

        /// <summary>Whether a slot has work.</summary>
        public ArrayView<int> Active;

        /// <summary>Whether anything is known of the poses beforehand.</summary>
        public int HasPriors;

        /// <summary>What is known (<see cref="DevicePrior"/>).</summary>
        public ArrayView<double> Priors;

        /// <summary>Poses to start from.</summary>
        public ArrayView<double> Starts;

        /// <summary>Products of the poses tried.</summary>
        public ArrayView<double> Sums;

        /// <summary>Where each slot stands (<see cref="ClimbState"/>).</summary>
        public ArrayView<double> State;
    }
}
