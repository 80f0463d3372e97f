using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>A moving domain at rest, in angstrom from the box centre.</summary>
/// <param name="Name">The domain's name.</param>
/// <param name="AtomCount">Number of its atoms.</param>
/// <param name="Centroid">Mean place of its atoms.</param>
/// <param name="HingePoint">A point of its axis; the centroid if it has no hinge.</param>
/// <param name="HingeAxis">Unit vector along its axis; zero if it has no hinge.</param>
/// <param name="Reach">Distance of its farthest atom from the axis, or from the centroid, angstrom.</param>
/// <param name="HalfRangeDegrees">Half the range of a uniform hinge angle; 0 if the angle is normal or there is no hinge.</param>
public sealed record DomainGeometry(
    string Name,
    int AtomCount,
    (double X, double Y, double Z) Centroid,
    (double X, double Y, double Z) HingePoint,
    (double X, double Y, double Z) HingeAxis,
    double Reach,
    double HalfRangeDegrees)
{
    /// <summary>Measures a domain.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="atoms">All atoms in the model's own coordinates.</param>
    /// <param name="centre">What is taken off them, angstrom.</param>
    /// <returns>The geometry.</returns>
    /// <exception cref="InvalidInputException">A hinge without axis whose domain lies on the z axis, or a range the far end cannot have.</exception>
    internal static DomainGeometry Measure(MovingDomain domain, IReadOnlyList<SimulatedAtom> atoms, (double X, double Y, double Z) centre)
    {
        var places = domain.Atoms.Select(i => (X: atoms[i].X - centre.X, Y: atoms[i].Y - centre.Y, Z: atoms[i].Z - centre.Z)).ToArray();
        var centroid = (X: places.Average(p => p.X), Y: places.Average(p => p.Y), Z: places.Average(p => p.Z));
        if (domain.Hinge is not { } hinge)
        {
            return new DomainGeometry(domain.Name, places.Length, centroid, centroid, default, places.Max(p => Length(Minus(p, centroid))), 0);
        }

        var point = Minus(hinge.Point, centre);
        var axis = hinge.Axis ?? (centroid.Y, -centroid.X, 0);
        if (Length(axis) < 1e-3)
        {
            throw new InvalidInputException(
                "lies on the z axis through the model's centre, so its hinge needs an axis", $"domain '{domain.Name}'", null, nameof(DomainHinge.Axis));
        }

        var length = Length(axis);
        axis = (axis.X / length, axis.Y / length, axis.Z / length);
        var reach = places.Max(p => Length(Cross(axis, Minus(p, point))));
        if (hinge.RangeAngstrom > 2 * reach)
        {
            throw new InvalidInputException(
                FormattableString.Invariant($"its farthest atom is {reach:F1} A from the axis and cannot move by {hinge.RangeAngstrom:F1} A"),
                $"domain '{domain.Name}'", null, nameof(DomainHinge.RangeAngstrom));
        }

        // Chord of the arc from -a to a: 2 reach sin a.
        var range = hinge.RangeAngstrom > 0 ? Math.Asin(hinge.RangeAngstrom / (2 * reach)) * (180 / Math.PI) : hinge.RangeDegrees;
        return new DomainGeometry(domain.Name, places.Length, centroid, point, axis, reach, range);
    }

    private static (double X, double Y, double Z) Minus(
        (double X, double Y, double Z) a, (double X, double Y, double Z) b) => (a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    private static (double X, double Y, double Z) Cross((double X, double Y, double Z) a, (double X, double Y, double Z) b) =>
        ((a.Y * b.Z) - (a.Z * b.Y), (a.Z * b.X) - (a.X * b.Z), (a.X * b.Y) - (a.Y * b.X));

    private static double Length((double X, double Y, double Z) v) => Math.Sqrt((v.X * v.X) + (v.Y * v.Y) + (v.Z * v.Z));
}
