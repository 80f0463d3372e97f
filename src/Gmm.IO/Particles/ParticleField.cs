namespace Gmm.IO;

/// <summary>What is read of each row of a table of particles; <see cref="ParticleColumns.LabelOf"/> has the column of each.</summary>
internal enum ParticleField
{
    ImageName, Group, Half, Rot, Tilt, Psi, OriginXAngstrom, OriginYAngstrom, OriginX, OriginY,
    DefocusU, DefocusV, DefocusAngle, PhaseShift, BFactor, Scale, Voltage, Aberration, AmplitudeContrast,
    ImagePixelSize, Magnification, DetectorPixelSize, PixelSize, ImageSize, GmmScale, GmmWeight, MicrographName, PreExposure,
}
