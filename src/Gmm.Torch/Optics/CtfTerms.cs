namespace Gmm.Torch;

/// <summary>
/// What the contrast transfer of B images is computed from (<see cref="TorchCtf"/>), in RELION's terms and units. Each tensor can be a parameter, a constant or
/// the result of other operations, of [B] values or [1] for all.
/// </summary>
/// <remarks>It owns none of its tensors. <see cref="CtfTensors"/> holds them as a module's parameters.</remarks>
public sealed record CtfTerms
{
    /// <summary>Columns of <see cref="FromRows"/>.</summary>
    internal const int Columns = 9;

    /// <summary>[B]: major defocus, angstrom, underfocus positive.</summary>
    public required Tensor DefocusU { get; init; }

    /// <summary>[B]: minor defocus, angstrom.</summary>
    public required Tensor DefocusV { get; init; }

    /// <summary>[B]: angle of the U axis from X, degrees.</summary>
    public required Tensor DefocusAngle { get; init; }

    /// <summary>[B]: phase shift of a phase plate, degrees.</summary>
    public required Tensor PhaseShift { get; init; }

    /// <summary>[B]: spherical aberration, millimetre.</summary>
    public required Tensor SphericalAberration { get; init; }

    /// <summary>[B]: amplitude contrast, 0 to below 1.</summary>
    public required Tensor AmplitudeContrast { get; init; }

    /// <summary>[B]: wavelength of the electron, angstrom (<see cref="Core.CtfParameters.WavelengthAngstrom"/>).</summary>
    public required Tensor Wavelength { get; init; }

    /// <summary>[B]: B factor of the envelope exp(-B k^2 / 4), square angstrom.</summary>
    public required Tensor BFactor { get; init; }

    /// <summary>[B]: scale of the signal.</summary>
    public required Tensor Scale { get; init; }

    /// <summary>[B, T] or [1, T]: coefficients of the even Zernike terms, radians (rlnEvenZernike), T = 1, 4, 9, ...; null is none.</summary>
    public Tensor? Even { get; init; }

    /// <summary>[B, T] or [1, T]: coefficients of the odd ones, radians (rlnOddZernike), T = 2, 6, 12, ...; null is none.</summary>
    public Tensor? Odd { get; init; }

    /// <summary>[B, 2] or [1, 2]: beam tilt along x and y, milliradian, beside what <see cref="Odd"/> has; null is none.</summary>
    public Tensor? BeamTilt { get; init; }

    /// <summary>
    /// [2, 2]: the matrix that takes a frequency of the images to that of the specimen (<see cref="Core.Magnification"/>), where images are not taken to the
    /// specimen's frequencies already; <see cref="TorchProjector.ProjectMagnified"/> is its counterpart. Null is none.
    /// </summary>
    public Tensor? Magnification { get; init; }

    /// <summary>The terms of a table, as a <see cref="ParticleDataset"/> gives them.</summary>
    /// <param name="rows">[B, 9]: the members of this record from <see cref="DefocusU"/> to <see cref="Scale"/>, in their order.</param>
    /// <returns>The terms; views of the table.</returns>
    /// <exception cref="ArgumentException">Another shape or type.</exception>
    public static CtfTerms FromRows(Tensor rows)
    {
        TensorChecks.Real(rows, nameof(rows));
        TensorChecks.Check(rows, nameof(rows), [TensorChecks.Any, Columns], "[B, 9]", null, null);
        return new CtfTerms
        {
            DefocusU = rows.select(1, 0),
            DefocusV = rows.select(1, 1),
            DefocusAngle = rows.select(1, 2),
            PhaseShift = rows.select(1, 3),
            SphericalAberration = rows.select(1, 4),
            AmplitudeContrast = rows.select(1, 5),
            Wavelength = rows.select(1, 6),
            BFactor = rows.select(1, 7),
            Scale = rows.select(1, 8),
        };
    }

    /// <summary>A particle's row of <see cref="FromRows"/>.</summary>
    /// <exception cref="Core.InvalidInputException">The image is damped by its exposure, which these terms have no place for.</exception>
    internal static double[] RowOf(Core.CtfParameters ctf) => ctf.PreExposure != 0
        ? throw new Core.InvalidInputException("dose weighting is not done with TorchSharp; leave it out, or work without a device", "--dose-weighting")
        :
        [
            ctf.DefocusU, ctf.DefocusV, ctf.DefocusAngleDegrees, ctf.PhaseShiftDegrees, ctf.SphericalAberrationMillimetre, ctf.AmplitudeContrast,
            ctf.WavelengthAngstrom, ctf.BFactor, ctf.ScaleFactor,
        ];
}
