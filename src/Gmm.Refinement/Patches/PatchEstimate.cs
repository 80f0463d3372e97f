using System.Globalization;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What was found for one patch in one image.</summary>
/// <param name="Pose">The pose at which the whole map, reconstructed, shows the patch sharp.</param>
/// <param name="Step">Its motion from the consensus: rotation vector in the image's frame (radians), shift of the patch's centre (angstrom).</param>
/// <param name="Covariance">Posterior covariance of that step, 25 values; null where it could not be determined.</param>
/// <param name="Correlation">Correlation of the image with its projection.</param>
/// <param name="Status">How it ended.</param>
public sealed record PatchEstimate(Pose Pose, float[] Step, float[]? Covariance, float Correlation, PoseStatus Status)
{
    /// <summary>Angle of the motion, degrees.</summary>
    public double RotationDegrees => Math.Sqrt((Step[0] * Step[0]) + (Step[1] * Step[1]) + (Step[2] * Step[2])) * (180 / Math.PI);

    /// <summary>Length of the centre's shift in the image, angstrom.</summary>
    public double ShiftAngstrom => Math.Sqrt((Step[3] * Step[3]) + (Step[4] * Step[4]));

    /// <summary>Posterior standard deviation of the rotation, three axes together, degrees; NaN where there is none.</summary>
    public double RotationSigmaDegrees => Covariance is { } c ? Math.Sqrt(c[0] + c[6] + c[12]) * (180 / Math.PI) : double.NaN;

    /// <summary>That of the shift, both axes together, angstrom; NaN where there is none.</summary>
    public double ShiftSigmaAngstrom => Covariance is { } c ? Math.Sqrt(c[18] + c[24]) : double.NaN;

    /// <summary>The text of a number in particle files.</summary>
    internal static string Text(double value) => (double.IsFinite(value) ? value : -1).ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>The estimate that is read back from a particle file, so that one written again is the same, byte for byte.</summary>
    internal PatchEstimate AsWritten() => this with
    {
        Step = Array.ConvertAll(Step, AsWritten),
        Covariance = Covariance is { } c && AsWritten(c[0]) >= 0 ? Array.ConvertAll(c, AsWritten) : null,
        Correlation = AsWritten(Correlation),
    };

    private static float AsWritten(float value) => (float)double.Parse(Text(value), CultureInfo.InvariantCulture);
}
