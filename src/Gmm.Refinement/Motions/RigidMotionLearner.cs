using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Learns how parts move from many images of one half by expectation maximisation (an empirical Bayes prior; Dempster, Laird and Rubin, J. R. Stat. Soc. B 39
/// (1977) 1).
/// </summary>
/// <remarks>
/// Expectation: each image's posterior of the motion, mean m and covariance V, given the present covariance S. With C = P S P' what the image sees of it
/// (<see cref="RigidMotionPrior"/>), X = (C^-1 + J)^-1 and B = S P' C^-1,
///
///   m = B X b,   V = B X B' + S - B P S;
///
/// what the image cannot see (depth) follows from S. Maximisation, over n images, with an inverse-Wishart prior: ten images of a motion F too small
/// to see, and f that nothing moves,
///
///   S = (sum (m m' + V) + 10 F) / (n + f).
///
/// Where images say that nothing moves S shrinks, and with it the parts' poses stay at the consensus. Where they say nothing it stays nearly as it is
/// with f = 0, and shrinks with f > 0 (<see cref="LearningSchedule"/>).
/// </remarks>
internal static class RigidMotionLearner
{
    private const int N = Pose.ParameterCount;
    private const int M = RigidMotionPrior.Parameters;

    // So that no direction is ever quite forbidden, and S can be inverted.
    private const double FloorCount = 10;
    private const double FloorRadian = 0.2 * Math.PI / 180;
    private const double FloorAngstrom = 0.1;

    /// <summary>Images of one piece of work: fixed, so that sums do not depend on threads.</summary>
    private const int Piece = 32;

    /// <summary>Learns.</summary>
    /// <param name="evidence">What the images of the half say.</param>
    /// <param name="start">The distribution of each part's motion to start from.</param>
    /// <param name="schedule">How many rounds, and f.</param>
    /// <param name="compute">Threads; the result does not depend on them.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The distributions; those of the start without evidence.</returns>
    public static RigidMotionPrior[] Learn(
        IReadOnlyList<MotionEvidence> evidence, IReadOnlyList<RigidMotionPrior> start, LearningSchedule schedule, ComputeOptions compute,
        CancellationToken cancellationToken)
    {
        RigidMotionPrior[] motions = [.. start], before = motions;
        for (var round = 0; round < schedule.Rounds && evidence.Count > 0; round++)
        {
            var next = Round(evidence, motions, schedule.Still, compute, cancellationToken);
            if (Change(motions, next) < schedule.Enough)
            {
                return next;
            }

            // SQUAREM extrapolates over two plain rounds and mends what it spoilt with a third.
            (before, motions) = schedule.Extrapolates && round % 3 == 1
                ? (motions, [.. before.Select((m, k) => MotionExtrapolation.Extrapolate(m, motions[k], next[k]))])
                : (motions, next);
        }

        return motions;
    }

    private static RigidMotionPrior[] Round(
        IReadOnlyList<MotionEvidence> evidence, RigidMotionPrior[] motions, double still, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var sums = new Sums[(evidence.Count + Piece - 1) / Piece];
        Guarded.For(0, sums.Length, compute.StoppedBy(cancellationToken).Parallelism, p =>
        {
            sums[p] = new Sums(motions.Length);
            var work = new Work(motions.Length);
            for (var i = p * Piece; i < Math.Min(evidence.Count, (p + 1) * Piece); i++)
            {
                work.Add(evidence[i], motions, sums[p]);
            }
        });
        return Sums.Mean(sums, motions, still);
    }

    /// <summary>Largest relative change of a variance.</summary>
    private static double Change(RigidMotionPrior[] a, RigidMotionPrior[] b)
    {
        double largest = 0;
        for (var k = 0; k < a.Length; k++)
        {
            for (var d = 0; d < M * M; d += M + 1)
            {
                largest = Math.Max(largest, Math.Abs((b[k].Covariance[d] / a[k].Covariance[d]) - 1));
            }
        }

        return largest;
    }

    private sealed class Sums(int parts)
    {
        private readonly double[] _sum = new double[parts * M * M];
        private readonly int[] _count = new int[parts];

        public Span<double> Of(int part)
        {
            _count[part]++;
            return _sum.AsSpan(part * M * M, M * M);
        }

        public static RigidMotionPrior[] Mean(Sums[] parts, RigidMotionPrior[] old, double still)
        {
            var means = new RigidMotionPrior[old.Length];
            Span<double> mean = stackalloc double[M * M];
            for (var k = 0; k < means.Length; k++)
            {
                var count = parts.Sum(p => p._count[k]);
                if (count == 0)
                {
                    means[k] = old[k];
                    continue;
                }

                for (var i = 0; i < M * M; i++)
                {
                    double sum = 0;
                    foreach (var part in parts)
                    {
                        sum += part._sum[(k * M * M) + i];
                    }

                    var floor = i % (M + 1) > 0 ? 0 : i / M < 3 ? FloorRadian * FloorRadian : FloorAngstrom * FloorAngstrom;
                    mean[i] = (sum + (FloorCount * floor)) / (count + still);
                }

                for (var i = 0; i < M; i++)
                {
                    for (var j = 0; j < i; j++)
                    {
                        mean[(i * M) + j] = mean[(j * M) + i] = 0.5 * (mean[(i * M) + j] + mean[(j * M) + i]);
                    }
                }

                means[k] = new RigidMotionPrior(old[k].Centre, mean);
            }

            return means;
        }
    }

    /// <summary>One thread's scratch.</summary>
    private sealed class Work(int parts)
    {
        private readonly double[] _memory = new double[Cholesky.MemoryFor(N * parts)];
        private readonly double[] _seen = new double[N * N * parts];
        private readonly double[] _cross = new double[M * N * parts];
        private readonly double[] _posterior = new double[N * parts * N * parts];
        private readonly double[] _covariance = new double[N * parts * N * parts];
        private readonly double[] _precision = new double[N * N * parts];
        private readonly double[] _mean = new double[N * parts];

        public void Add(MotionEvidence e, RigidMotionPrior[] motions, Sums sums)
        {
            var n = N * e.Parts;
            var matrix = _posterior.AsSpan(0, n * n);
            e.Information.CopyTo(matrix);
            for (var k = 0; k < e.Parts; k++)
            {
                Span<double> seen = _seen.AsSpan(k * N * N, N * N), precision = _precision.AsSpan(k * N * N, N * N);
                motions[e.First + k].Project(e.Rotation, seen, _cross.AsSpan(k * M * N, M * N));
                if (!Cholesky.TryInvert(N, seen, precision))
                {
                    return;
                }

                for (var i = 0; i < N; i++)
                {
                    for (var j = 0; j < N; j++)
                    {
                        matrix[(((k * N) + i) * n) + (k * N) + j] += precision[(i * N) + j];
                    }
                }
            }

            var covariance = _covariance.AsSpan(0, n * n);
            var cholesky = new Cholesky(n, _memory);
            if (!cholesky.TryFactor(matrix))
            {
                return;
            }

            cholesky.Solve(e.Right, _mean);
            cholesky.Invert(covariance);

            for (var k = 0; k < e.Parts; k++)
            {
                Lift(k, n, covariance, motions[e.First + k].Covariance, sums.Of(e.First + k));
            }
        }

        /// <summary>Adds m m' + V.</summary>
        private void Lift(int k, int n, ReadOnlySpan<double> covariance, ReadOnlySpan<double> prior, Span<double> sum)
        {
            ReadOnlySpan<double> cross = _cross.AsSpan(k * M * N, M * N), precision = _precision.AsSpan(k * N * N, N * N);
            Span<double> b = stackalloc double[M * N], second = stackalloc double[N * N];
            for (var i = 0; i < M; i++)
            {
                for (var j = 0; j < N; j++)
                {
                    double v = 0;
                    for (var l = 0; l < N; l++)
                    {
                        v += cross[(i * N) + l] * precision[(l * N) + j];
                    }

                    b[(i * N) + j] = v;
                }
            }

            for (var i = 0; i < N; i++)
            {
                for (var j = 0; j < N; j++)
                {
                    second[(i * N) + j] = covariance[(((k * N) + i) * n) + (k * N) + j] + (_mean[(k * N) + i] * _mean[(k * N) + j]);
                }
            }

            for (var i = 0; i < M; i++)
            {
                for (var j = 0; j < M; j++)
                {
                    var v = prior[(i * M) + j];
                    for (var l = 0; l < N; l++)
                    {
                        double inner = 0;
                        for (var h = 0; h < N; h++)
                        {
                            inner += second[(l * N) + h] * b[(j * N) + h];
                        }

                        v += b[(i * N) + l] * (inner - cross[(j * N) + l]);
                    }

                    sum[(i * M) + j] += v;
                }
            }
        }
    }
}
