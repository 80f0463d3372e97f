using Gmm.Core;

namespace Gmm.Simulation;

/// <summary>What a <see cref="ParticleSimulator"/> makes. Lengths are in angstrom, angles in degrees.</summary>
public sealed record SimulationOptions
{
    /// <summary>The largest side of a box that images are made in, pixels.</summary>
    internal const int MaxBoxSize = 4096;

    private const int MaxParticles = 10_000_000;

    /// <summary>Largest defocus to either side, angstrom: 100 micrometres, ten times what tomograms of whole cells are taken at.</summary>
    private const double MaxDefocus = 1e6;

    /// <summary>Number of particles.</summary>
    public required int ParticleCount { get; init; }

    /// <summary>Side of the images, pixels.</summary>
    public required int BoxSize { get; init; }

    /// <summary>Angstrom per pixel.</summary>
    public required double PixelSize { get; init; }

    /// <summary>
    /// Signal to noise: the mean power of the signal (CTF included, mean of the image taken off) over the pixels of the molecule's
    /// silhouette, over the noise's variance of 1. Null: no noise, and the images are the plain sum of the map in physical units.
    /// </summary>
    public double? Snr { get; init; } = 0.05;

    /// <summary>Shape of the noise.</summary>
    public NoiseSpectrum Noise { get; init; } = NoiseSpectrum.Coloured;

    /// <summary>Orientations to use, again from the start when they run out; null: uniform over all rotations.</summary>
    public IReadOnlyList<Rotation>? Orientations { get; init; }

    /// <summary>CTF parameters to use, again from the start when they run out; null: drawn from the numbers below.</summary>
    public IReadOnlyList<CtfParameters>? Ctfs { get; init; }

    /// <summary>
    /// Aberrations and magnification to use, again from the start when they run out; null: none. Particles that share them, voltage, spherical
    /// aberration and amplitude contrast are one optics group.
    /// </summary>
    public IReadOnlyList<Aberrations?>? Aberrations { get; init; }

    /// <summary>Number of micrographs that share a mean defocus and an astigmatism; null: one per 80 particles.</summary>
    public int? MicrographCount { get; init; }

    /// <summary>Least mean defocus of a micrograph.</summary>
    public double DefocusMin { get; init; } = 8000;

    /// <summary>Greatest mean defocus of a micrograph.</summary>
    public double DefocusMax { get; init; } = 25000;

    /// <summary>Standard deviation of a particle's defocus in its micrograph.</summary>
    public double DefocusSd { get; init; } = 150;

    /// <summary>Standard deviation of the half-normal DefocusU - DefocusV of a micrograph.</summary>
    public double AstigmatismSd { get; init; } = 200;

    /// <summary>Acceleration voltage, kilovolt.</summary>
    public double VoltageKilovolt { get; init; } = 300;

    /// <summary>Spherical aberration, millimetre.</summary>
    public double SphericalAberrationMillimetre { get; init; } = 2.7;

    /// <summary>Amplitude contrast, 0 to 1.</summary>
    public double AmplitudeContrast { get; init; } = 0.1;

    /// <summary>What the images have had done about the CTF; Unmodified by default, None for images without one.</summary>
    public CtfState CtfState { get; init; }

    /// <summary>B factor of the whole structure's envelope (motion, ice, detector), square angstrom.</summary>
    public double BFactor { get; init; } = 80;

    /// <summary>How much of an atom's own B factor, less the median, is added to <see cref="BFactor"/>.</summary>
    public double AtomBScale { get; init; } = 0.7;

    /// <summary>Number of classes into which each element's atoms are put by B factor; all in a class share its mean.</summary>
    public int AtomBClasses { get; init; } = 3;

    /// <summary>
    /// Scattering density of the displaced solvent, angstrom of scattering factor per cubic angstrom; 0: in vacuum. Low-density
    /// amorphous ice has 0.094; the default is less, because the model's hydrogens are usually missing too.
    /// </summary>
    public double SolventDensity { get; init; } = 0.077;

    /// <summary>Solvent volume that one atom (with its hydrogens) displaces, cubic angstrom.</summary>
    public double AtomVolume { get; init; } = 17.2;

    /// <summary>Standard deviation of the logarithm of a particle's contrast.</summary>
    public double ContrastSd { get; init; } = 0.08;

    /// <summary>Standard deviation of the particle's centre along each image axis.</summary>
    public double CentreSd { get; init; } = 2;

    /// <summary>Root mean square angle by which the disturbed poses are off (normal about three axes).</summary>
    public double DisturbDegrees { get; init; } = 3;

    /// <summary>Root mean square length by which the disturbed shifts are off (normal along two axes).</summary>
    public double DisturbAngstrom { get; init; } = 1;

    /// <summary>Parts of the structure that move; null: it is rigid.</summary>
    public SimulatedMotion? Motion { get; init; }

    /// <summary>
    /// Beyond this resolution the phases of every finished image are random (amplitudes kept), which leaves nothing there that refinement or
    /// averaging could find; null: they are as they are.
    /// </summary>
    public double? RandomPhasesBeyond { get; init; }

    /// <summary>Whether the images are noise alone. Poses and CTFs are drawn as ever, but nothing of the structure is in the images.</summary>
    public bool PureNoise { get; init; }

    /// <summary>Checks the values.</summary>
    /// <exception cref="InvalidInputException">A value out of its range; the message names it.</exception>
    public void Validate()
    {
        Require(ParticleCount is > 0 and <= MaxParticles, nameof(ParticleCount), FormattableString.Invariant($"at least 1 and at most {MaxParticles}"));
        Require(BoxSize is >= 8 and <= MaxBoxSize, nameof(BoxSize), FormattableString.Invariant($"8 to {MaxBoxSize} pixels"));
        Require(
            PixelSize is >= PhysicalLimits.SmallestPixel and <= PhysicalLimits.LargestPixel, nameof(PixelSize),
            FormattableString.Invariant($"positive, {PhysicalLimits.SmallestPixel} to {PhysicalLimits.LargestPixel} angstrom"));
        Require(Snr is null or (>= 1e-15 and <= 1e15), nameof(Snr), "positive, 1e-15 to 1e15");
        Require(Orientations is not { Count: 0 }, nameof(Orientations), "at least one, or none given");
        Require(Ctfs is not { Count: 0 }, nameof(Ctfs), "at least one, or none given");
        Require(Aberrations is not { Count: 0 }, nameof(Aberrations), "at least one, or none given");
        Require(MicrographCount is null or > 0, nameof(MicrographCount), "at least 1");
        Require(DefocusMax >= DefocusMin && double.IsFinite(DefocusMax - DefocusMin), nameof(DefocusMax), "finite and not below the least defocus");
        Require(Math.Abs(DefocusMin) <= MaxDefocus, nameof(DefocusMin), FormattableString.Invariant($"at most {MaxDefocus} angstrom to either side"));
        Require(Math.Abs(DefocusMax) <= MaxDefocus, nameof(DefocusMax), FormattableString.Invariant($"at most {MaxDefocus} angstrom to either side"));
        Require(VoltageKilovolt is >= 5 and <= 5000, nameof(VoltageKilovolt), "positive, 5 to 5000 kV");
        Require(Math.Abs(SphericalAberrationMillimetre) <= 50, nameof(SphericalAberrationMillimetre), "at most 50 mm to either side");
        Require(AmplitudeContrast is >= 0 and <= 1, nameof(AmplitudeContrast), "0 to 1");
        Require(AtomBClasses is >= 1 and <= 64, nameof(AtomBClasses), "1 to 64");
        Require(CtfState is not CtfState.Premultiplied, nameof(CtfState), "Unmodified, PhaseFlipped or None");
        Require(
            CtfState is not CtfState.None || Aberrations is null || Aberrations.All(a => a is null), nameof(Aberrations),
            "none in images without a CTF, which are an ideal microscope's");
        Require(
            RandomPhasesBeyond is null || (RandomPhasesBeyond > 2 * PixelSize && RandomPhasesBeyond < BoxSize * PixelSize), nameof(RandomPhasesBeyond),
            "more than two pixels and less than the box");
        Require(!PureNoise || Snr is not null, nameof(PureNoise), "off where there is no noise");
        // A box that is too small for any molecule is told as that, not as too small for the defaults.
        var box = Math.Max(BoxSize * PixelSize, 10);
        var amounts = new (double Value, double Most, string Name)[]
        {
            (DefocusSd, MaxDefocus, nameof(DefocusSd)), (AstigmatismSd, MaxDefocus, nameof(AstigmatismSd)), (BFactor, 1e6, nameof(BFactor)),
            (AtomBScale, 100, nameof(AtomBScale)), (SolventDensity, 100, nameof(SolventDensity)), (AtomVolume, 1e4, nameof(AtomVolume)),
            (ContrastSd, 3, nameof(ContrastSd)), (CentreSd, box, nameof(CentreSd)), (DisturbDegrees, 180, nameof(DisturbDegrees)),
            (DisturbAngstrom, box, nameof(DisturbAngstrom)),
        };
        foreach (var (value, most, name) in amounts)
        {
            Require(value >= 0 && value <= most, name, FormattableString.Invariant($"0 or more, and at most {most:G6}"));
        }
    }

    private static void Require(bool condition, string name, string range)
    {
        if (!condition)
        {
            throw new InvalidInputException($"must be {range}", "simulation", null, name);
        }
    }
}
