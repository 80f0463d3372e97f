using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Learns the distribution of patches' motions from many images by expectation maximisation (an empirical Bayes prior), half by half.</summary>
/// <remarks>
/// Expectation: each image's posterior of the motion, mean m and covariance V, given the present distribution; the part of the motion it
/// cannot see (depth) follows from the distribution. Maximisation: S = mean of m m^T + V. Where images say nothing S stays as it is; where they say that
/// nothing moves it shrinks towards zero, and with it the patches' poses stay at the consensus.
/// </remarks>
internal static class PatchMotionLearner
{
    /// <summary>Cycles of three rounds each.</summary>
    private const int Cycles = 13;

    /// <summary>It has converged when no variance changes by more than this in a round.</summary>
    private const double Enough = 5e-3;

    private const int N = Pose.ParameterCount;
    private const int M = PatchMotions.Parameters;

    /// <summary>Images of one piece of work: fixed, so that sums do not depend on threads.</summary>
    private const int Piece = 32;

    public static PatchMotions Learn(IReadOnlyList<MotionEvidence> evidence, PatchMotions start, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var motions = start;
        for (var cycle = 0; cycle < Cycles && evidence.Count > 0; cycle++)
        {
            // Where images say little, plain rounds creep: SQUAREM extrapolates over two of them and mends what it spoilt with a third.
            var first = Round(evidence, motions, compute, cancellationToken);
            var second = Round(evidence, first, compute, cancellationToken);
            if (Change(first, second) < Enough)
            {
                return second;
            }

            motions = Round(evidence, MotionExtrapolation.Extrapolate(motions, first, second), compute, cancellationToken);
        }

        return motions;
    }

    private static PatchMotions Round(IReadOnlyList<MotionEvidence> evidence, PatchMotions motions, ComputeOptions compute, CancellationToken cancellationToken)
    {
        var patches = motions.Covariance.Length;
        var sums = new Sums[(evidence.Count + Piece - 1) / Piece];
        Parallel.For(0, sums.Length, compute.StoppedBy(cancellationToken).Parallelism, p =>
        {
            sums[p] = new Sums(patches);
            var work = new Work(patches);
            for (var i = p * Piece; i < Math.Min(evidence.Count, (p + 1) * Piece); i++)
            {
                work.Add(evidence[i], motions, sums[p]);
            }
        });
        return Sums.Mean(sums, motions);
    }

    /// <summary>Largest relative change of a variance.</summary>
    private static double Change(PatchMotions a, PatchMotions b)
    {
        double largest = 0;
        for (var k = 0; k < a.Covariance.Length; k++)
        {
            for (var i = 0; i < M; i++)
            {
                var d = i * (M + 1);
                largest = Math.Max(largest, Math.Abs(b.Covariance[k][d] - a.Covariance[k][d]) / Math.Max(a.Covariance[k][d], 1e-12));
            }
        }

        return largest;
    }

    private sealed class Sums(int patches)
    {
        private readonly double[] _sum = new double[patches * M * M];
        private readonly int[] _count = new int[patches];

        public Span<double> Of(int patch)
        {
            _count[patch]++;
            return _sum.AsSpan(patch * M * M, M * M);
        }

        public static PatchMotions Mean(Sums[] parts, PatchMotions old)
        {
            var means = new double[old.Covariance.Length][];
            for (var k = 0; k < means.Length; k++)
            {
                means[k] = new double[M * M];
                var count = parts.Sum(p => p._count[k]);
                for (var i = 0; i < M * M; i++)
                {
                    double sum = 0;
                    foreach (var part in parts)
                    {
                        sum += part._sum[(k * M * M) + i];
                    }

                    means[k][i] = count > 0 ? sum / count : old.Covariance[k][i];
                }

                for (var i = 0; i < M; i++)
                {
                    for (var j = 0; j < i; j++)
                    {
                        means[k][(i * M) + j] = means[k][(j * M) + i] = 0.5 * (means[k][(i * M) + j] + means[k][(j * M) + i]);
                    }
                }
            }

            return new PatchMotions(means);
        }
    }

    /// <summary>One thread's scratch.</summary>
    private sealed class Work(int patches)
    {
        private readonly double[] _memory = new double[Cholesky.MemoryFor(N * patches)];
        private readonly double[] _seen = new double[N * N * patches];
        private readonly double[] _cross = new double[M * N * patches];
        private readonly double[] _posterior = new double[N * patches * N * patches];
        private readonly double[] _covariance = new double[N * patches * N * patches];
        private readonly double[] _precision = new double[N * N * patches];
        private readonly double[] _mean = new double[N * patches];

        public void Add(MotionEvidence e, PatchMotions motions, Sums sums)
        {
            var n = N * e.Patches;
            var matrix = _posterior.AsSpan(0, n * n);
            e.Information.CopyTo(matrix);
            for (var k = 0; k < e.Patches; k++)
            {
                Span<double> seen = _seen.AsSpan(k * N * N, N * N), precision = _precision.AsSpan(k * N * N, N * N);
                motions.Project(e.First + k, e.Rotation, seen, _cross.AsSpan(k * M * N, M * N));
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

            for (var k = 0; k < e.Patches; k++)
            {
                Lift(k, n, covariance, motions.Covariance[e.First + k], sums.Of(e.First + k));
            }
        }

        /// <summary>Adds m m^T + V of the six-dimensional motion: with B = S P^T C^-1, m = B x, V = B X B^T + S - B P S.</summary>
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
