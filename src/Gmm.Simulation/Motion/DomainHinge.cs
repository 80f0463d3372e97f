using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>
/// A hinge about which a domain turns, each particle by an angle of its own: normal (<see cref="SdDegrees"/>) or uniform, its range given as an
/// angle (<see cref="RangeDegrees"/>) or as the way of the domain's far end (<see cref="RangeAngstrom"/>). Exactly one of the three is given.
/// </summary>
public sealed record DomainHinge
{
    /// <summary>A point of the axis, in the model's own coordinates, angstrom.</summary>
    public required (double X, double Y, double Z) Point { get; init; }

    /// <summary>
    /// Direction of the axis in the model's own coordinates, of any length. Null: at right angles to z and to the way from the model's z axis
    /// (through its centre of mass) to the domain's centroid, so that a domain of a complex around z nods outwards and inwards.
    /// </summary>
    public (double X, double Y, double Z)? Axis { get; init; }

    /// <summary>Standard deviation of a normal angle, degrees.</summary>
    public double SdDegrees { get; init; }

    /// <summary>Half the range of a uniform angle, degrees: it lies between minus and plus this.</summary>
    public double RangeDegrees { get; init; }

    /// <summary>Straight distance between the two extremes of the atom farthest from the axis, angstrom; the angle is uniform between them.</summary>
    public double RangeAngstrom { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidInputException">A value out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(double.IsFinite(Point.X + Point.Y + Point.Z), nameof(Point), "finite");
        Require(Axis is not { } a || (double.IsFinite(a.X + a.Y + a.Z) && a != default), nameof(Axis), "finite and not zero");
        foreach (var (value, name) in new[] { (SdDegrees, nameof(SdDegrees)), (RangeDegrees, nameof(RangeDegrees)), (RangeAngstrom, nameof(RangeAngstrom)) })
        {
            Require(value >= 0 && double.IsFinite(value), name, "0 or more");
        }

        Require(
            new[] { SdDegrees, RangeDegrees, RangeAngstrom }.Count(v => v > 0) == 1, nameof(SdDegrees),
            "the only positive one of SdDegrees, RangeDegrees and RangeAngstrom, or not given");
    }

    private static void Require(bool condition, string name, string range)
    {
        if (!condition)
        {
            throw new InvalidInputException($"must be {range}", "hinge", null, name);
        }
    }
}
