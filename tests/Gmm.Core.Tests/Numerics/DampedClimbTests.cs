using FsCheck;
using FsCheck.Xunit;
using Gmm.Testing;

namespace Gmm.Core.Tests;

public class DampedClimbTests
{
    [Property]
    public bool A_quadratic_objective_is_climbed_in_one_undamped_step(DoNotSize<int> seed)
    {
        // -(x - c)'A(x - c)/2 with A = B'B + 1 has its maximum at c.
        var random = new Random(seed.Item);
        var n = random.Next(1, 9);
        var b = Enumerable.Range(0, n * n).Select(_ => Draw.Normal(random)).ToArray();
        var c = Enumerable.Range(0, n).Select(_ => Draw.Normal(random)).ToArray();
        var a = SmallMatrix.Multiply(SmallMatrix.Transpose(b, n, n), b, n, n, n);
        for (var i = 0; i < n; i++)
        {
            a[i * (n + 1)] += 1;
        }

        var problem = new Problem(n, x =>
        {
            double[] d = [.. c.Select((v, i) => v - x[i])], g = SmallMatrix.Multiply(a, d, n, n, 1);
            return (-0.5 * SmallMatrix.Dot(d, g), g, a);
        });
        Run(ref problem, 1, DampingSchedule.WhenNeeded);
        return problem.Tried == 1 && problem.X.Zip(c).All(p => Math.Abs(p.First - p.Second) < 1e-9);
    }

    [Fact]
    public void Rosenbrocks_valley_is_climbed_to_its_known_maximum_and_never_downhill()
    {
        var problem = Rosenbrock();
        var (gradient, matrix) = Run(ref problem, 100, DampingSchedule.Pose);
        Assert.Equal(1, problem.X[0], 1e-8);
        Assert.Equal(1, problem.X[1], 1e-8);
        Assert.All(gradient, g => Assert.Equal(0, g, 1e-6));
        Assert.Equal([802, -400, -400, 200], matrix.Select(v => Math.Round(v, 3)));
        Assert.True(problem.Kept.Count > 3);
        Assert.All(problem.Kept.Zip(problem.Kept.Skip(1)), p => Assert.True(p.Second > p.First));

        // The full step from (-1.2, 1) loses, so that some were refused.
        Assert.True(problem.Tried > problem.Kept.Count - 1);
    }

    [Fact]
    public void It_stops_where_the_next_step_promises_less_than_the_tolerance()
    {
        var all = Rosenbrock();
        Run(ref all, 100, DampingSchedule.Pose);
        var early = Rosenbrock() with { Tolerance = 1e-3 };
        var (gradient, matrix) = Run(ref early, 100, DampingSchedule.Pose);
        Assert.InRange(early.Tried, 1, all.Tried - 1);
        var step = new double[2];
        Assert.True(Cholesky.TrySolve(matrix, gradient, 1e-6, step));
        Assert.InRange(0.5 * SmallMatrix.Dot(gradient, step), 0, 1.1e-3);

        var none = Rosenbrock() with { Tolerance = double.PositiveInfinity };
        Run(ref none, 100, DampingSchedule.Pose);
        Assert.Equal(0, none.Tried);
        Assert.Equal([-1.2, 1], none.X);
    }

    [Fact]
    public void It_keeps_the_start_where_the_objective_is_no_number_or_the_matrix_not_positive()
    {
        var nan = new Problem(1, x => (x[0] == 0 ? 0 : double.NaN, [1], [1]));
        Run(ref nan, 7, DampingSchedule.Pose);
        Assert.Equal((0, 7), (nan.X[0], nan.Tried));

        var flat = new Problem(1, _ => (0, [1], [0]));
        Run(ref flat, 7, DampingSchedule.Pose);
        Assert.Equal((0, 0), (flat.X[0], flat.Tried));
    }

    [Fact]
    public void Steps_are_limited_before_they_are_tried()
    {
        var problem = new Problem(1, x => (-0.5 * (x[0] - 10) * (x[0] - 10), [10 - x[0]], [1])) { Longest = 3 };
        Run(ref problem, 2, DampingSchedule.WhenNeeded);
        Assert.Equal(6, problem.X[0], 1e-12);
    }

    private static (double[] Gradient, double[] Matrix) Run(ref Problem problem, int limit, DampingSchedule schedule)
    {
        var n = problem.X.Length;
        double[] gradient = new double[n], matrix = new double[n * n];
        DampedClimb.Run(ref problem, limit, schedule, gradient, matrix, new double[DampedClimb.MemoryFor(n)]);
        return (gradient, matrix);
    }

    /// <summary>-(100 (y - x^2)^2 + (1 - x)^2), from (-1.2, 1): Rosenbrock's function, with its Gauss-Newton matrix.</summary>
    private static Problem Rosenbrock() => new(2, v =>
    {
        double x = v[0], y = v[1], s = Math.Sqrt(2), r1 = s * 10 * (y - (x * x)), r2 = s * (1 - x), a = -20 * s * x, b = 10 * s, c = -s;
        return (-0.5 * ((r1 * r1) + (r2 * r2)), [-((a * r1) + (c * r2)), -b * r1], [(a * a) + (c * c), a * b, a * b, b * b]);
    }, -1.2, 1);

    private sealed record Problem(
        int Count, Func<double[], (double Value, double[] Gradient, double[] Matrix)> Objective, params double[] Start) : IClimbProblem
    {
        private double[] _candidate = Start.Length == 0 ? new double[Count] : Start;
        private double _value;

        public double[] X { get; private set; } = new double[Count];

        public List<double> Kept { get; } = [];

        public int Tried { get; private set; }

        public double Tolerance { get; init; } = double.NegativeInfinity;

        public double Longest { get; init; } = double.PositiveInfinity;

        public double Evaluate(Span<double> gradient, Span<double> gaussNewton)
        {
            var (value, g, m) = Objective(_candidate);
            g.CopyTo(gradient);
            m.CopyTo(gaussNewton);
            return _value = value;
        }

        public void Accept()
        {
            X = _candidate;
            Kept.Add(_value);
        }

        public void Limit(Span<double> step)
        {
            foreach (ref var s in step)
            {
                s = Math.Clamp(s, -Longest, Longest);
            }
        }

        public void Move(ReadOnlySpan<double> step)
        {
            Tried++;
            _candidate = [.. X];
            for (var i = 0; i < step.Length; i++)
            {
                _candidate[i] += step[i];
            }
        }
    }
}
