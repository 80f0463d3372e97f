namespace Gmm.Maps;

/// <summary>
/// How much of a structure is still in the box when it is moved along one axis: its parts, each spread over the sphere about the centre that it turns on,
/// whose marginal is uniform (docs/optics.md, What the box cuts off).
/// </summary>
/// <param name="shells">Share of the structure by distance from the centre, from 0 in equal steps; their sum is 1.</param>
/// <param name="step">The step, angstrom.</param>
/// <param name="boxLength">Side of the box, angstrom.</param>
internal sealed class BoxShare(double[] shells, double step, double boxLength)
{
    /// <summary>Directions, of an eighth of a turn, over which a share is averaged.</summary>
    private const int Directions = 8;

    /// <summary>The share that is in the box after a move along its side.</summary>
    /// <param name="distance">The move, angstrom.</param>
    public double Along(double distance)
    {
        // Of a shell the marginal is 1 / 2r to r on either side; what is beyond the box's side is cut.
        double side = (0.5 * boxLength) - distance, share = 0;
        for (var s = 0; s < shells.Length; s++)
        {
            var r = (s + 0.5) * step;
            share += shells[s] * Math.Clamp((side + r) / (2 * r), 0, 1);
        }

        return share;
    }

    /// <summary>The same after a move in any direction of the plane, on average.</summary>
    public double Of(double distance)
    {
        double sum = 0;
        for (var n = 0; n < Directions; n++)
        {
            var (sin, cos) = Math.SinCos((n + 0.5) * Math.PI / (4 * Directions));
            sum += Along(distance * cos) * Along(distance * sin);
        }

        return sum / Directions;
    }
}
