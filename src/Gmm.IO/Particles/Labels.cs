namespace Gmm.IO;

/// <summary>RELION's labels that are used in more than one place.</summary>
internal static class Labels
{
    public const string Class = "rlnClassNumber";
    public const string ImageName = "rlnImageName";
    public const string Half = "rlnRandomSubset";
    public const string Micrograph = "rlnMicrographName";
    public const string Tube = "rlnHelicalTubeID";
    public const string GroupName = "rlnGroupName";
    public const string Group = "rlnOpticsGroup";
    public const string OpticsName = "rlnOpticsGroupName";
    public const string MtfFile = "rlnMtfFileName";
    public const string OriginalPixelSize = "rlnMicrographOriginalPixelSize";
    public const string ImagePixelSize = "rlnImagePixelSize";
    public const string ImageSize = "rlnImageSize";
    public const string ImageDimensionality = "rlnImageDimensionality";
    public const string Magnification = "rlnMagnification";
    public const string DetectorPixelSize = "rlnDetectorPixelSize";
    public const string PixelSize = "rlnPixelSize";
    public const string Voltage = "rlnVoltage";
    public const string Aberration = "rlnSphericalAberration";
    public const string BeamTiltX = "rlnBeamTiltX";
    public const string BeamTiltY = "rlnBeamTiltY";
    public const string OddZernike = "rlnOddZernike";
    public const string EvenZernike = "rlnEvenZernike";
    public const string Magnification00 = "rlnMagMat00";
    public const string Magnification01 = "rlnMagMat01";
    public const string Magnification10 = "rlnMagMat10";
    public const string Magnification11 = "rlnMagMat11";
    public const string AmplitudeContrast = "rlnAmplitudeContrast";
    public const string DefocusU = "rlnDefocusU";
    public const string DefocusV = "rlnDefocusV";
    public const string DefocusAngle = "rlnDefocusAngle";
    public const string PhaseShift = "rlnPhaseShift";
    public const string BFactor = "rlnCtfBfactor";
    public const string Scale = "rlnCtfScalefactor";
    public const string PreExposure = "rlnMicrographPreExposure";
    public const string Premultiplied = "rlnCtfDataAreCtfPremultiplied";
    public const string PhaseFlipped = "rlnCtfDataAreCtfPhaseFlipped";
    public const string PhaseFlippedOld = "rlnCtfDataArePhaseFlipped";
}
