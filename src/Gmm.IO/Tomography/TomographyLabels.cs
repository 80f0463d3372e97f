namespace Gmm.IO;

/// <summary>RELION's columns of tilt series, and those by which single tilts find their way back.</summary>
internal static class TomographyLabels
{
    public const string TomoName = "rlnTomoName";
    public const string ParticleName = "rlnTomoParticleName";
    public const string VisibleFrames = "rlnTomoVisibleFrames";
    public const string TiltSeriesFile = "rlnTomoTiltSeriesStarFile";
    public const string TiltSeriesPixel = "rlnTomoTiltSeriesPixelSize";
    public const string Binning = "rlnTomoSubtomogramBinning";
    public const string Hand = "rlnTomoHand";
    public const string DefocusSlope = "rlnTomoDefocusSlope";
    public const string XTilt = "rlnTomoXTilt";
    public const string YTilt = "rlnTomoYTilt";
    public const string ZRotation = "rlnTomoZRot";
    public const string OriginZ = "rlnOriginZAngst";

    /// <summary>Row of the particle in its own file, from 1.</summary>
    public const string Particle = "gmmTiltParticle";

    /// <summary>Row of the image in the table of its tilt series, from 1.</summary>
    public const string Frame = "gmmTiltFrame";

    /// <summary>Rows of the matrix from the tomogram to a tilt image (RELION 4, WarpTools).</summary>
    public static readonly string[] Projection = ["rlnTomoProjX", "rlnTomoProjY", "rlnTomoProjZ"];

    /// <summary>Size of the tomogram, pixels of the tilt series.</summary>
    public static readonly string[] Size = ["rlnTomoSizeX", "rlnTomoSizeY", "rlnTomoSizeZ"];

    /// <summary>Angles of the subtomogram in the tomogram.</summary>
    public static readonly string[] Subtomogram = ["rlnTomoSubtomogramRot", "rlnTomoSubtomogramTilt", "rlnTomoSubtomogramPsi"];

    /// <summary>Place in the tomogram from its centre, angstrom (RELION 5).</summary>
    public static readonly string[] Centred = ["rlnCenteredCoordinateXAngst", "rlnCenteredCoordinateYAngst", "rlnCenteredCoordinateZAngst"];

    /// <summary>Place in the tomogram from its corner, pixels (RELION 4, WarpTools).</summary>
    public static readonly string[] Cornered = ["rlnCoordinateX", "rlnCoordinateY", "rlnCoordinateZ"];

    /// <summary>Angles of the particle.</summary>
    public static readonly string[] Angles = [PoseText.Rot, PoseText.Tilt, PoseText.Psi];

    /// <summary>Offsets of the particle, angstrom.</summary>
    public static readonly string[] Origins = [PoseText.OriginXAngstrom, PoseText.OriginYAngstrom, OriginZ];
}
