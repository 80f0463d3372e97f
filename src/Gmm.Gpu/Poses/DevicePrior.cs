using Gmm.Core;
using Gmm.Refinement;

namespace Gmm.Gpu;

/// <summary>
/// What is known of a pose beforehand, in a climb (<see cref="PosePrior"/> and <see cref="QuadraticPrior"/> on a card): with y the displacement from the most
/// probable pose, L the information and J = dy/dstep, -y'Ly / 2 is added to the objective, -J'Ly to the gradient and J'LJ to the matrix.
/// </summary>
internal static class DevicePrior
{
    /// <summary>Numbers of a prior: the most probable pose, the pivot, the information row by row, and whether anything is known.</summary>
    public const int Length = Known + 1;

    private const int N = ClimbState.N;
    private const int Pivot = ClimbState.PoseLength;
    private const int Information = Pivot + 3;
    private const int Known = Information + (N * N);

    /// <summary>Writes a prior as a kernel reads it; null says nothing.</summary>
    public static void Put(PosePrior? prior, Span<double> numbers)
    {
        numbers[Known] = prior is null ? 0 : 1;
        if (prior is not null)
        {
            ClimbState.Put(prior.Centre, numbers);
            (numbers[Pivot], numbers[Pivot + 1], numbers[Pivot + 2]) = prior.Pivot;
            prior.Information.CopyTo(numbers[Information..]);
        }
    }

    /// <summary>Adds the prior to the gradient and the matrix of the pose tried.</summary>
    /// <param name="prior">The priors.</param>
    /// <param name="p">Where the slot's begins.</param>
    /// <param name="s">The states; those of factor, scale and step are free at that time.</param>
    /// <param name="o">Where the slot's begins.</param>
    /// <returns>The log-density, less its maximum.</returns>
    public static double Add(ArrayView<double> prior, long p, ArrayView<double> s, long o)
    {
        if (prior[p + Known] == 0)
        {
            return 0;
        }

        long y = o + ClimbState.Step, pull = o + ClimbState.Scale, jacobian = o + ClimbState.Factor, information = p + Information;
        Displace(prior, p, s, o, y, jacobian);
        double value = 0;
        for (var i = 0; i < N; i++)
        {
            double sum = 0;
            for (var j = 0; j < N; j++)
            {
                sum += prior[information + (i * N) + j] * s[y + j];
            }

            s[pull + i] = sum;
            value += s[y + i] * sum;
        }

        for (var i = 0; i < N; i++)
        {
            double g = 0;
            for (var k = 0; k < N; k++)
            {
                g += s[jacobian + (k * N) + i] * s[pull + k];
            }

            s[o + ClimbState.NewGradient + i] -= g;
            for (var j = 0; j < N; j++)
            {
                s[o + ClimbState.NewInformation + (i * N) + j] += Product(prior, information, s, jacobian, i, j);
            }
        }

        return -0.5 * value;
    }

    /// <summary>(J'LJ) of a row and a column.</summary>
    private static double Product(ArrayView<double> prior, long information, ArrayView<double> s, long jacobian, int row, int column)
    {
        double sum = 0;
        for (var k = 0; k < N; k++)
        {
            double weighted = 0;
            for (var l = 0; l < N; l++)
            {
                weighted += prior[information + (k * N) + l] * s[jacobian + (l * N) + column];
            }

            sum += s[jacobian + (k * N) + row] * weighted;
        }

        return sum;
    }

    /// <summary>The displacement of the pose tried, and its derivatives with respect to a pose step.</summary>
    private static void Displace(ArrayView<double> prior, long p, ArrayView<double> s, long o, long y, long jacobian)
    {
        Rotation pose = ClimbState.Rotation(s, o + ClimbState.Candidate), centre = ClimbState.Rotation(prior, p);
        var turn = Rotation.Multiply(pose, centre.Transpose());
        RotationVector.Angle(turn, out var twiceSine, out var twiceCosine);
        var w = RotationVector.Of(turn, DeviceTrigonometry.Angle(twiceSine, twiceCosine));
        double x = prior[p + Pivot], yp = prior[p + Pivot + 1], z = prior[p + Pivot + 2];
        double ax = (pose.M00 * x) + (pose.M01 * yp) + (pose.M02 * z), ay = (pose.M10 * x) + (pose.M11 * yp) + (pose.M12 * z);
        double az = (pose.M20 * x) + (pose.M21 * yp) + (pose.M22 * z);
        double bx = (centre.M00 * x) + (centre.M01 * yp) + (centre.M02 * z), by = (centre.M10 * x) + (centre.M11 * yp) + (centre.M12 * z);
        s[y] = w.X;
        s[y + 1] = w.Y;
        s[y + 2] = w.Z;
        s[y + 3] = s[o + ClimbState.Candidate + 9] - prior[p + 9] + (ax - bx);
        s[y + 4] = s[o + ClimbState.Candidate + 10] - prior[p + 10] + (ay - by);
        DeviceTrigonometry.SinCos(Math.Sqrt((w.X * w.X) + (w.Y * w.Y) + (w.Z * w.Z)), out var sine, out var cosine);
        var m = RotationVector.InverseLeftJacobian(w.X, w.Y, w.Z, sine, cosine);
        Row(s, jacobian, m.M00, m.M01, m.M02, 0, 0);
        Row(s, jacobian + N, m.M10, m.M11, m.M12, 0, 0);
        Row(s, jacobian + (2 * N), m.M20, m.M21, m.M22, 0, 0);
        // A rotation w moves the pivot's image by w x (A p).
        Row(s, jacobian + (3 * N), 0, az, -ay, 1, 0);
        Row(s, jacobian + (4 * N), -az, 0, ax, 0, 1);
    }

    private static void Row(ArrayView<double> s, long at, double a, double b, double c, double d, double e)
    {
        s[at] = a;
        s[at + 1] = b;
        s[at + 2] = c;
        s[at + 3] = d;
        s[at + 4] = e;
    }
}
