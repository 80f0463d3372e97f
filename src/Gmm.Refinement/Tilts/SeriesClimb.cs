using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The pose of a tilt series as the problem of a <see cref="DampedClimb"/>: a rotation w and a shift v in the frame of the first image, and each
/// image's own shift where it may have one. Image i's pose step is (T_i w, (T_i v)_xy + d_i), so that its derivatives are summed through that
/// linear map; the images share one amplitude.
/// </summary>
internal sealed class SeriesClimb : IClimbProblem
{
    private const int N = Pose.ParameterCount;

    /// <summary>Parameters that all images share.</summary>
    public const int Shared = 6;

    private readonly SeriesWorkspace _workspace;
    private readonly SeriesGeometry _geometry;
    private readonly TiltSeriesPrior _prior;
    private readonly double[] _withReference;
    private SeriesPose _candidate;
    private PoseScore _candidateScore;

    /// <summary>Makes the problem.</summary>
    /// <param name="workspace">The prepared images.</param>
    /// <param name="geometry">Their tilts.</param>
    /// <param name="start">Where the climb starts.</param>
    /// <param name="prior">What is known of the pose; own shifts of no standard deviation stay.</param>
    /// <param name="tolerance">Least log-likelihood that a step must promise.</param>
    public SeriesClimb(SeriesWorkspace workspace, SeriesGeometry geometry, SeriesPose start, TiltSeriesPrior prior, double tolerance)
    {
        (_workspace, _geometry, _prior, Tolerance) = (workspace, geometry, prior, tolerance);
        (Kept, _candidate) = (start, start);
        Parameters = ParametersOf(geometry.Count, prior);
        _withReference = new double[Parameters];
    }

    /// <summary>Number of parameters.</summary>
    public int Parameters { get; }

    /// <summary>The pose kept.</summary>
    public SeriesPose Kept { get; private set; }

    /// <summary>Its score, the prior in its objective.</summary>
    public PoseScore Score { get; private set; }

    /// <summary>The start's score.</summary>
    public PoseScore First { get; private set; }

    /// <summary>Poses tried after the start.</summary>
    public int Steps { get; private set; }

    /// <inheritdoc/>
    public double Tolerance { get; }

    private bool HasOwn => Parameters > Shared;

    /// <summary>Number of parameters of a series of so many images.</summary>
    public static int ParametersOf(int images, TiltSeriesPrior prior) => Shared + (prior.ShiftSigmaAngstrom > 0 ? 2 * images : 0);

    /// <summary>The gain in log-likelihood of a series over no signal, without a prior.</summary>
    public static PoseScore Likelihood(SeriesWorkspace workspace, SeriesGeometry geometry, SeriesPose pose)
    {
        var sum = default(WhitenedProducts);
        for (var i = 0; i < workspace.Count; i++)
        {
            sum += workspace.Products(i, geometry.Pose(pose, i));
        }

        return sum.Score;
    }

    /// <inheritdoc/>
    public double Evaluate(Span<double> gradient, Span<double> gaussNewton)
    {
        gradient.Clear();
        gaussNewton.Clear();
        _withReference.AsSpan().Clear();
        Span<double> data = stackalloc double[N], reference = stackalloc double[N], gram = stackalloc double[N * N];
        Span<double> map = stackalloc double[N * (Shared + 2)];
        var sum = default(WhitenedProducts);
        for (var i = 0; i < _workspace.Count; i++)
        {
            sum += _workspace.Products(i, _geometry.Pose(_candidate, i), data, reference, gram);
            Map(i, map);
            Add(i, map, data, reference, gram, gradient, gaussNewton);
        }

        _candidateScore = sum.Differentiate(gradient, _withReference, gaussNewton);
        _candidateScore = _candidateScore with { Objective = _candidateScore.Objective + AddPrior(gradient, gaussNewton) };
        return _candidateScore.Objective;
    }

    /// <inheritdoc/>
    public void Accept()
    {
        (Kept, Score) = (_candidate, _candidateScore);
        First = Steps == 0 ? Score : First;
    }

    /// <summary>Scales a step so that it moves the typical Gaussian, and the particle, by half the resolution at most.</summary>
    public void Limit(Span<double> step)
    {
        var moved = Math.Max(_workspace.Radius * SmallMatrix.Length(step[..3]), SmallMatrix.Length(step[3..Shared]));
        for (var p = Shared; p < step.Length; p += 2)
        {
            moved = Math.Max(moved, SmallMatrix.Length(step.Slice(p, 2)));
        }

        DampedClimb.Shorten(step, moved, 0.5 * _workspace.Resolution);
    }

    /// <inheritdoc/>
    public void Move(ReadOnlySpan<double> step)
    {
        Steps++;
        var own = Kept.Own;
        if (HasOwn)
        {
            own = [.. own];
            for (var i = 0; i < own.Length; i++)
            {
                own[i] = (own[i].X + step[Shared + (2 * i)], own[i].Y + step[Shared + (2 * i) + 1]);
            }
        }

        _candidate = new SeriesPose(
            (Rotation.FromRotationVector(step[0], step[1], step[2]) * Kept.Rotation).Orthonormalized(),
            (Kept.Shift.X + step[3], Kept.Shift.Y + step[4], Kept.Shift.Z + step[5]),
            own);
    }

    /// <summary>The covariance of an image's pose step, 25 values, from that of all parameters.</summary>
    public double[] Covariance(int image, ReadOnlySpan<double> covariance)
    {
        Span<double> map = stackalloc double[N * (Shared + 2)];
        Map(image, map);
        var width = HasOwn ? Shared + 2 : Shared;
        var result = new double[N * N];
        for (var p = 0; p < N; p++)
        {
            for (var q = 0; q < N; q++)
            {
                double sum = 0;
                for (var a = 0; a < width; a++)
                {
                    for (var b = 0; b < width; b++)
                    {
                        sum += map[(p * (Shared + 2)) + a] * map[(q * (Shared + 2)) + b] * covariance[(Index(image, a) * Parameters) + Index(image, b)];
                    }
                }

                result[(p * N) + q] = sum;
            }
        }

        return result;
    }

    /// <summary>The place of an image's parameter, of the shared six and its own two, among all.</summary>
    private static int Index(int image, int local) => local < Shared ? local : Shared + (2 * image) + local - Shared;

    /// <summary>What the shared six and an image's own two parameters do to its pose step: 5 x 8 values, row by row.</summary>
    private void Map(int image, Span<double> map)
    {
        var t = _geometry.Turn(image);
        ReadOnlySpan<double> turn = [t.M00, t.M01, t.M02, t.M10, t.M11, t.M12, t.M20, t.M21, t.M22];
        const int width = Shared + 2;
        map.Clear();
        for (var p = 0; p < 3; p++)
        {
            turn.Slice(3 * p, 3).CopyTo(map[(p * width)..]);
        }

        for (var p = 0; p < 2; p++)
        {
            turn.Slice(3 * p, 3).CopyTo(map[(((3 + p) * width) + 3)..]);
            map[((3 + p) * width) + Shared + p] = 1;
        }
    }

    /// <summary>Adds an image's products through its map.</summary>
    private void Add(
        int image, ReadOnlySpan<double> map, ReadOnlySpan<double> data, ReadOnlySpan<double> reference, ReadOnlySpan<double> gram, Span<double> withData,
        Span<double> all)
    {
        const int width = Shared + 2;
        var used = HasOwn ? width : Shared;
        Span<double> right = stackalloc double[N];
        for (var a = 0; a < used; a++)
        {
            var row = Index(image, a);
            for (var p = 0; p < N; p++)
            {
                withData[row] += map[(p * width) + a] * data[p];
                _withReference[row] += map[(p * width) + a] * reference[p];
            }

            for (var q = 0; q < N; q++)
            {
                right[q] = 0;
                for (var p = 0; p < N; p++)
                {
                    right[q] += map[(p * width) + a] * gram[(Math.Max(p, q) * N) + Math.Min(p, q)];
                }
            }

            // The lower triangle, of which own parameters are the later rows.
            for (var b = 0; b <= a; b++)
            {
                double sum = 0;
                for (var q = 0; q < N; q++)
                {
                    sum += right[q] * map[(q * width) + b];
                }

                all[(row * Parameters) + Index(image, b)] += sum;
            }
        }
    }

    /// <summary>What is known beforehand; of the place at least that it is in the box: images of one direction would else not say how high it is.</summary>
    private double AddPrior(Span<double> gradient, Span<double> gaussNewton)
    {
        var (x, y, z) = RotationVector.Of(_candidate.Rotation * _geometry.First.Transpose());
        var position = _prior.PositionSigmaAngstrom > 0 ? _prior.PositionSigmaAngstrom : _workspace.BoxLength;
        // The same along all axes, so that the rotation vector is its own derivative (docs/tilt-series.md).
        var sum = AddPrior([x, y, z], _prior.RotationSigmaDegrees * (Math.PI / 180) / Math.Sqrt(3), 0, gradient, gaussNewton)
            + AddPrior([_candidate.Shift.X, _candidate.Shift.Y, _candidate.Shift.Z], position, 3, gradient, gaussNewton);
        for (var i = 0; HasOwn && i < _candidate.Own.Length; i++)
        {
            sum += AddPrior(
                [_candidate.Own[i].X, _candidate.Own[i].Y], _prior.ShiftSigmaAngstrom, Shared + (2 * i), gradient, gaussNewton);
        }

        return sum;
    }

    private static double AddPrior(ReadOnlySpan<double> displacement, double sigma, int first, Span<double> gradient, Span<double> gaussNewton)
    {
        if (!(sigma > 0))
        {
            return 0;
        }

        var m = displacement.Length;
        Span<double> information = stackalloc double[m * m];
        information.Clear();
        for (var p = 0; p < m; p++)
        {
            information[p * (m + 1)] = 1 / (sigma * sigma);
        }

        return QuadraticPrior.Add(information, displacement, first, gradient, gaussNewton);
    }
}
