using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// The rigid motion that best lays weighted points on others, in closed form: Horn's quaternion, J. Opt. Soc. Am. A 4 (1987) 629, with
/// weights. A point p of the first set comes to R p + t.
/// </summary>
internal readonly record struct WeightedSuperposition
{
    /// <summary>Points whose weight is below this part of the largest do not count as points that fix a rotation.</summary>
    private const double LeastWeight = 1e-3;

    /// <summary>Standard deviation across their line, angstrom, below which points count as lying on it.</summary>
    private const double LeastBreadth = 0.1;

    /// <summary>R.</summary>
    public required Rotation Rotation { get; init; }

    /// <summary>t, angstrom.</summary>
    public required (double X, double Y, double Z) Shift { get; init; }

    /// <summary>Weighted mean of the first set.</summary>
    public required (double X, double Y, double Z) Centroid { get; init; }

    /// <summary>Weighted mean of the second set.</summary>
    public required (double X, double Y, double Z) TargetCentroid { get; init; }

    /// <summary>Weighted root mean square distance that is left, angstrom.</summary>
    public required double Residual { get; init; }

    /// <summary>Weighted root mean square distance before, angstrom.</summary>
    public required double Distance { get; init; }

    /// <summary>Superposes a model's centres on the same centres displaced.</summary>
    /// <param name="model">The centres.</param>
    /// <param name="displacement">What is added to each.</param>
    /// <param name="weights">A weight for each, not negative, of points that fix a rotation (see <see cref="Check"/>).</param>
    /// <returns>The motion.</returns>
    public static WeightedSuperposition Fit(GaussianModel model, ModelDeformation displacement, ReadOnlySpan<double> weights)
    {
        double total = 0, ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0, moved = 0;
        for (var j = 0; j < weights.Length; j++)
        {
            var w = weights[j];
            double dx = displacement.X[j], dy = displacement.Y[j], dz = displacement.Z[j];
            total += w;
            ax += w * model.X[j];
            ay += w * model.Y[j];
            az += w * model.Z[j];
            bx += w * (model.X[j] + dx);
            by += w * (model.Y[j] + dy);
            bz += w * (model.Z[j] + dz);
            moved += w * ((dx * dx) + (dy * dy) + (dz * dz));
        }

        (ax, ay, az, bx, by, bz) = (ax / total, ay / total, az / total, bx / total, by / total, bz / total);
        Span<double> s = stackalloc double[9];
        s.Clear();
        for (var j = 0; j < weights.Length; j++)
        {
            var w = weights[j];
            double px = w * (model.X[j] - ax), py = w * (model.Y[j] - ay), pz = w * (model.Z[j] - az);
            double qx = model.X[j] + (double)displacement.X[j] - bx, qy = model.Y[j] + (double)displacement.Y[j] - by,
                qz = model.Z[j] + (double)displacement.Z[j] - bz;
            s[0] += px * qx;
            s[1] += px * qy;
            s[2] += px * qz;
            s[3] += py * qx;
            s[4] += py * qy;
            s[5] += py * qz;
            s[6] += pz * qx;
            s[7] += pz * qy;
            s[8] += pz * qz;
        }

        var rotation = HornRotation.Of(s);
        var (ux, uy, uz) = rotation.Apply(ax, ay, az);
        (double X, double Y, double Z) shift = (bx - ux, by - uy, bz - uz);
        return new WeightedSuperposition
        {
            Rotation = rotation,
            Shift = shift,
            Centroid = (ax, ay, az),
            TargetCentroid = (bx, by, bz),
            Residual = Left(model, displacement, weights, rotation, shift, total),
            Distance = Math.Sqrt(moved / total),
        };
    }

    /// <summary>Checks that weighted points fix a rotation: three or more, not on one line.</summary>
    /// <param name="model">The points.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="what">What they are called in the message.</param>
    /// <exception cref="InvalidInputException">They do not.</exception>
    public static void Check(GaussianModel model, ReadOnlySpan<double> weights, string what)
    {
        double largest = 0, total = 0, x = 0, y = 0, z = 0;
        foreach (var w in weights)
        {
            largest = Math.Max(largest, w);
        }

        var count = 0;
        for (var j = 0; j < weights.Length; j++)
        {
            count += largest > 0 && weights[j] >= LeastWeight * largest ? 1 : 0;
            (total, x, y, z) = (total + weights[j], x + (weights[j] * model.X[j]), y + (weights[j] * model.Y[j]), z + (weights[j] * model.Z[j]));
        }

        if (count < 3)
        {
            throw new InvalidInputException(
                count == 0
                    ? "no Gaussian of the model lies inside the mask"
                    : $"only {count} of the model's Gaussians lie inside the mask; three or more are needed to tell a rotation", what);
        }

        (x, y, z) = (x / total, y / total, z / total);
        var c = new double[9];
        for (var j = 0; j < weights.Length; j++)
        {
            double[] d = [model.X[j] - x, model.Y[j] - y, model.Z[j] - z];
            for (var k = 0; k < 9; k++)
            {
                c[k] += weights[j] / total * d[k / 3] * d[k % 3];
            }
        }

        var (values, _) = SymmetricEigen.Decompose(c, 3);
        if (!(values[1] >= LeastBreadth * LeastBreadth))
        {
            throw new InvalidInputException(
                "the model's Gaussians inside the mask lie on one line, so that the rotation about it is not known; give a wider mask", what);
        }
    }

    private static double Left(
        GaussianModel model, ModelDeformation displacement, ReadOnlySpan<double> weights, in Rotation rotation, (double X, double Y, double Z) shift,
        double total)
    {
        double sum = 0;
        for (var j = 0; j < weights.Length; j++)
        {
            var (x, y, z) = rotation.Apply(model.X[j], model.Y[j], model.Z[j]);
            x += shift.X - model.X[j] - displacement.X[j];
            y += shift.Y - model.Y[j] - displacement.Y[j];
            z += shift.Z - model.Z[j] - displacement.Z[j];
            sum += weights[j] * ((x * x) + (y * y) + (z * z));
        }

        return Math.Sqrt(sum / total);
    }
}
