using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>What the particles of one half say of the region's rigid motion.</summary>
internal sealed record HalfMotion : IRecord
{
    /// <summary>
    /// Covariance of the motion in the map's frame about the mask's centre, 36 values row by row: rotation vector (radians), shift (angstrom).
    /// </summary>
    public required double[] Covariance { get; init; }

    /// <summary>Its independent modes, strongest first.</summary>
    public required IReadOnlyList<MotionMode> Modes { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["covariance"].Count(Covariance.Length, 36);
        check["covariance"].AllFinite(Covariance);
        for (var i = 0; i < 36; i += 7)
        {
            check["covariance"][i].Positive(Covariance[i]);
        }

        check["modes"].All(Modes);
    }
}
