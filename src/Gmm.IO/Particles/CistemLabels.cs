namespace Gmm.IO;

/// <summary>cisTEM's columns that mean something here (its WriteTocisTEMStarFile), and the order in which it writes all of them.</summary>
internal static class CistemLabels
{
    public const string Prefix = "cisTEM";
    public const string Position = "cisTEMPositionInStack";
    public const string Psi = "cisTEMAnglePsi";
    public const string Theta = "cisTEMAngleTheta";
    public const string Phi = "cisTEMAnglePhi";
    public const string ShiftX = "cisTEMXShift";
    public const string ShiftY = "cisTEMYShift";
    public const string Defocus1 = "cisTEMDefocus1";
    public const string Defocus2 = "cisTEMDefocus2";
    public const string DefocusAngle = "cisTEMDefocusAngle";
    public const string PhaseShift = "cisTEMPhaseShift";
    public const string Activity = "cisTEMImageActivity";
    public const string Occupancy = "cisTEMOccupancy";
    public const string LogP = "cisTEMLogP";
    public const string Sigma = "cisTEMSigma";
    public const string Score = "cisTEMScore";
    public const string PixelSize = "cisTEMPixelSize";
    public const string Voltage = "cisTEMMicroscopeVoltagekV";
    public const string Aberration = "cisTEMMicroscopeCsMM";
    public const string AmplitudeContrast = "cisTEMAmplitudeContrast";
    public const string BeamTiltX = "cisTEMBeamTiltX";
    public const string BeamTiltY = "cisTEMBeamTiltY";
    public const string ImageShiftX = "cisTEMImageShiftX";
    public const string ImageShiftY = "cisTEMImageShiftY";
    public const string Stack = "cisTEMStackFilename";
    public const string Subset = "cisTEMAssignedSubset";

    /// <summary>Columns that are the same numbers in both programs and must be there.</summary>
    public static IReadOnlyList<(string Cistem, string Relion)> Copied { get; } =
    [
        (Phi, PoseText.Rot), (Theta, PoseText.Tilt), (Psi, PoseText.Psi),
        (Defocus1, Labels.DefocusU), (Defocus2, Labels.DefocusV), (DefocusAngle, Labels.DefocusAngle),
    ];

    /// <summary>Shifts, angstrom, and RELION's origins, which are minus them.</summary>
    public static IReadOnlyList<(string Cistem, string Relion)> Shifts { get; } =
        [(ShiftX, PoseText.OriginXAngstrom), (ShiftY, PoseText.OriginYAngstrom)];

    /// <summary>Beam tilts, milliradian.</summary>
    public static IReadOnlyList<string> Tilts { get; } = [BeamTiltX, BeamTiltY];
}
