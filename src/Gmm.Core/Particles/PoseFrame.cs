namespace Gmm.Core;

/// <summary>
/// The rigid motion that two sets of poses have in common: a map made at the one sits turned and shifted in its box against a map made at the other,
/// which is no error of any particle. A_after = A_before Turn, t_after = t_before + (A_before Move)_xy.
/// </summary>
internal readonly record struct PoseFrame(Rotation Turn, (double X, double Y, double Z) Move)
{
    private const int Rounds = 20;
    private const double Trim = 2.5;

    /// <summary>No motion.</summary>
    public static PoseFrame None => new(Rotation.Identity, default);

    /// <summary>Fits the motion, robustly.</summary>
    public static PoseFrame Fit(IReadOnlyList<Pose> before, IReadOnlyList<Pose> after, int[] members) =>
        new(FitTurn(before, after, members), FitMove(before, after, members));

    /// <summary>A pose of the first set in the frame of the second.</summary>
    public Pose Apply(in Pose before)
    {
        var (x, y, _) = before.Rotation.Apply(Move.X, Move.Y, Move.Z);
        return new Pose((before.Rotation * Turn).Orthonormalized(), before.ShiftX + x, before.ShiftY + y);
    }

    /// <summary>The rotation G of A_after = A_before G, by a trimmed mean of rotation vectors.</summary>
    private static Rotation FitTurn(IReadOnlyList<Pose> before, IReadOnlyList<Pose> after, int[] members)
    {
        var turn = Rotation.Identity;
        for (var round = 0; round < Rounds; round++)
        {
            var steps = members.Select(i => Vector(before[i].Rotation.Transpose() * after[i].Rotation * turn.Transpose())).ToArray();
            var limit = Trim * PoseErrors.Quantile([.. steps.Select(Length)], 0.5);
            var kept = steps.Where(s => Length(s) <= limit).ToArray();
            var (x, y, z) = (kept.Average(s => s.X), kept.Average(s => s.Y), kept.Average(s => s.Z));
            turn = (Rotation.FromRotationVector(x, y, z) * turn).Orthonormalized();
            if (Length((x, y, z)) < 1e-9)
            {
                break;
            }
        }

        return turn;
    }

    /// <summary>The shift d of t_after - t_before = (A_before d)_xy, by trimmed least squares.</summary>
    private static (double X, double Y, double Z) FitMove(IReadOnlyList<Pose> before, IReadOnlyList<Pose> after, int[] members)
    {
        (double X, double Y, double Z) move = default;
        for (var round = 0; round < Rounds; round++)
        {
            double Residual(int i)
            {
                var (x, y, _) = before[i].Rotation.Apply(move.X, move.Y, move.Z);
                return Math.Sqrt(Math.Pow(after[i].ShiftX - before[i].ShiftX - x, 2) + Math.Pow(after[i].ShiftY - before[i].ShiftY - y, 2));
            }

            var residuals = members.Select(Residual).ToArray();
            var limit = round == 0 ? double.PositiveInfinity : Trim * PoseErrors.Quantile(residuals, 0.5);
            double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, p = 0, q = 0, r = 0;
            for (var m = 0; m < members.Length; m++)
            {
                if (residuals[m] > limit)
                {
                    continue;
                }

                var (t, s) = (before[members[m]], after[members[m]]);
                var rows = new[]
                {
                    (t.Rotation.M00, t.Rotation.M01, t.Rotation.M02, s.ShiftX - t.ShiftX),
                    (t.Rotation.M10, t.Rotation.M11, t.Rotation.M12, s.ShiftY - t.ShiftY),
                };
                foreach (var (x, y, z, v) in rows)
                {
                    (a, b, c, d, e, f) = (a + (x * x), b + (x * y), c + (x * z), d + (y * y), e + (y * z), f + (z * z));
                    (p, q, r) = (p + (x * v), q + (y * v), r + (z * v));
                }
            }

            move = Solve(a, b, c, d, e, f, p, q, r);
        }

        return move;
    }

    /// <summary>Solves the symmetric system (a b c; b d e; c e f) by Cramer's rule; a direction that nothing determines stays 0.</summary>
    private static (double X, double Y, double Z) Solve(double a, double b, double c, double d, double e, double f, double p, double q, double r)
    {
        var determinant = (a * ((d * f) - (e * e))) - (b * ((b * f) - (c * e))) + (c * ((b * e) - (c * d)));
        if (Math.Abs(determinant) < 1e-9 * Math.Pow(a + d + f, 3))
        {
            return default;
        }

        return (
            ((p * ((d * f) - (e * e))) - (b * ((q * f) - (r * e))) + (c * ((q * e) - (r * d)))) / determinant,
            ((a * ((q * f) - (r * e))) - (p * ((b * f) - (c * e))) + (c * ((b * r) - (c * q)))) / determinant,
            ((a * ((d * r) - (e * q))) - (b * ((b * r) - (c * q))) + (p * ((b * e) - (c * d)))) / determinant);
    }

    private static (double X, double Y, double Z) Vector(Rotation rotation)
    {
        double x = rotation.M21 - rotation.M12, y = rotation.M02 - rotation.M20, z = rotation.M10 - rotation.M01;
        var length = Math.Sqrt((x * x) + (y * y) + (z * z));
        var angle = rotation.AngleTo(Rotation.Identity);
        var scale = length > 1e-12 ? angle / length : 0.5;
        return (scale * x, scale * y, scale * z);
    }

    private static double Length((double X, double Y, double Z) v) => Math.Sqrt((v.X * v.X) + (v.Y * v.Y) + (v.Z * v.Z));
}
