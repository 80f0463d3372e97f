namespace Gmm.Core;

/// <summary>The contrast transfer function of one particle, in RELION's terms and units.</summary>
public sealed record CtfParameters
{
    /// <summary>Major defocus, angstrom, underfocus positive (rlnDefocusU).</summary>
    public required double DefocusU { get; init; }

    /// <summary>Minor defocus, angstrom, underfocus positive (rlnDefocusV).</summary>
    public required double DefocusV { get; init; }

    /// <summary>Angle of the U axis from X, degrees (rlnDefocusAngle).</summary>
    public double DefocusAngleDegrees { get; init; }

    /// <summary>Acceleration voltage, kilovolt (rlnVoltage).</summary>
    public double VoltageKilovolt { get; init; } = 300;

    /// <summary>Spherical aberration, millimetre (rlnSphericalAberration).</summary>
    public double SphericalAberrationMillimetre { get; init; } = 2.7;

    /// <summary>Amplitude contrast, 0 to 1 (rlnAmplitudeContrast).</summary>
    public double AmplitudeContrast { get; init; } = 0.1;

    /// <summary>Phase shift of a phase plate, degrees (rlnPhaseShift).</summary>
    public double PhaseShiftDegrees { get; init; }

    /// <summary>The same with its phase a quarter of a turn on: its CTF has the cosine where this one's has the sine.</summary>
    internal CtfParameters Quadrature => this with { PhaseShiftDegrees = PhaseShiftDegrees + 90 };

    /// <summary>B factor of the particle's envelope exp(-B k^2 / 4), square angstrom (rlnCtfBfactor).</summary>
    public double BFactor { get; init; }

    /// <summary>
    /// Electrons per square angstrom that the specimen had taken before the image (rlnMicrographPreExposure, where dose weighting is asked for): its envelope
    /// is exp(-N / (2 Ne(k))), Ne(k) = 0.245 k^-1.665 + 2.81 (Grant and Grigorieff 2015), beside that of the B factor. 0 is none.
    /// </summary>
    public double PreExposure { get; init; }

    /// <summary>Scale of the particle's signal (rlnCtfScalefactor).</summary>
    public double ScaleFactor { get; init; } = 1;

    /// <summary>Wavelength of the electron, angstrom, relativistic, with RELION's constants.</summary>
    public double WavelengthAngstrom
    {
        get
        {
            var v = VoltageKilovolt * 1e3;
            return 12.2643247 / Math.Sqrt(v * (1 + (v * 0.978466e-6)));
        }
    }
}
