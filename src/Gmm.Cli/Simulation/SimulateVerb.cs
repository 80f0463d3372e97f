using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>gmm simulate: particle images with known truth from an atomic model.</summary>
internal sealed class SimulateVerb : VerbCommand
{
    private static readonly SimulationOptions Defaults = new() { ParticleCount = 1, BoxSize = 64, PixelSize = 1 };

    private readonly Argument<string> _model = Declare.Argument(
        "MODEL", "Atomic model, .pdb or .cif, also .gz. Its centre of mass goes to the box centre. Waters and hydrogens are left out.");
    private readonly Option<string> _out = Declare.Out(
        "DIR", "Folder for particles.mrcs, true.star, disturbed.star, true_map.mrc and model.cif, the model where the map has it.");
    private readonly Option<int> _particles = new("--particles", "-n") { HelpName = "N", Required = true, Description = "Number of particles." };
    private readonly Option<int> _box = Declare.RequiredCount("--box", "N", "Side of the images, pixels.");
    private readonly Option<double> _pixel = Declare.RequiredNumber("--pixel-size", "A", "Angstrom per pixel.");
    private readonly Option<double> _snr = Declare.Number(
        "--snr", "S", "Signal to noise: the signal's mean power inside the molecule's outline over the noise's variance.", Defaults.Snr!.Value);
    private readonly Option<bool> _noNoise = Declare.Flag("--no-noise", "Makes images without noise.");
    private readonly Option<bool> _white = Declare.Flag("--white-noise", "Makes the noise white instead of coloured.");
    private readonly Option<double> _disturbDegrees = Declare.Number(
        "--disturb-degrees", "D", "How far the poses in disturbed.star are off, root mean square angle, degrees.", Defaults.DisturbDegrees);
    private readonly Option<double> _disturbAngstrom = Declare.Number(
        "--disturb-angstrom", "D", "The same for the shifts, root mean square length, angstrom.", Defaults.DisturbAngstrom);
    private readonly Option<string?> _like = Declare.Text(
        "--like", "PARTICLES", "Takes orientations, CTFs, aberrations and magnification from this file, in turn, instead of drawing them. Its images "
            + "are not needed.");
    private readonly Option<double> _defocusMin = Declare.Number(
        "--defocus-min", "A", "Least defocus of a micrograph, angstrom, underfocus positive.", Defaults.DefocusMin);
    private readonly Option<double> _defocusMax = Declare.Number("--defocus-max", "A", "Greatest defocus of a micrograph, angstrom.", Defaults.DefocusMax);
    private readonly Option<double> _astigmatism = Declare.Number(
        "--astigmatism", "A", "Standard deviation of a micrograph's astigmatism, angstrom.", Defaults.AstigmatismSd);
    private readonly Option<double> _voltage = Declare.Number("--voltage", "KV", "Acceleration voltage, kilovolt.", Defaults.VoltageKilovolt);
    private readonly Option<double> _aberration = Declare.Number("--cs", "MM", "Spherical aberration, millimetre.", Defaults.SphericalAberrationMillimetre);
    private readonly Option<double> _amplitude = Declare.Number("--amplitude-contrast", "W", "Amplitude contrast, 0 to 1.", Defaults.AmplitudeContrast);
    private readonly AberrationInput _lenses = new();
    private readonly Option<bool> _noCtf = Declare.Flag("--no-ctf", "Makes images without CTF. The files still have defoci: read them as images free of CTF.");
    private readonly Option<double> _bFactor = Declare.Number(
        "--b-factor", "B", "B factor of the signal, square angstrom; the atoms' own deviations from their median are added.", Defaults.BFactor);
    private readonly Option<double> _contrast = Declare.Number(
        "--contrast-sd", "S", "Standard deviation of the logarithm of a particle's contrast.", Defaults.ContrastSd);
    private readonly Option<double> _centre = Declare.Number(
        "--centre-sd", "A", "Standard deviation of a particle's centre along x and y, angstrom.", Defaults.CentreSd);
    private readonly Option<string?> _motion = Declare.Text(
        "--motion", "MOTION.json", "Moves domains, or the whole along a path, as this file says; docs/simulation.md has its form. Writes the truth about every "
            + "particle's motion, and each domain's true poses, map and mask.");
    private readonly Option<double?> _randomPhases = Declare.Number(
        "--randomise-phases-beyond", "A", "Gives every image random phases beyond this resolution, angstrom: a test for overfitting.");
    private readonly Option<bool> _pureNoise = Declare.Flag("--pure-noise", "Makes images of noise alone, with poses and CTFs as ever.");

    public SimulateVerb()
        : base(
            "simulate",
            "Makes particle images with known truth from an atomic model.",
            "Makes particle images with known truth from an atomic model: electron scattering factors less displaced solvent, random orientations, "
                + "CTF, coloured noise. Half of the particles, chosen at random, are half set 2.\nThe projections are exact sums over the atoms by "
                + "code that the Gaussian projectors do not use, so refinements can be judged with it.",
            "gmm simulate 6vxx.pdb --out sim --particles 4000 --box 160 --pixel-size 1.4 --snr 0.05",
            "gmm simulate 5a1a.cif.gz --out sim --particles 1000 --box 128 --pixel-size 1.77 --like EMPIAR-10204.star",
            "gmm simulate 6vxx.pdb --out moving --particles 4000 --box 128 --pixel-size 1.75 --motion spike.json",
            "gmm simulate 6vxx.pdb --out lenses --particles 1000 --box 160 --pixel-size 1.4 --beam-tilt 0.4,-0.2 --magnification 1.01,0,0,0.99",
            "gmm simulate 6vxx.pdb --out white --particles 500 --box 96 --pixel-size 2 --white-noise --disturb-degrees 5")
    {
        Arguments.Add(_model);
        AddOptions(
            _out, _particles, _box, _pixel, _snr, _noNoise, _white, _disturbDegrees, _disturbAngstrom, _like, _defocusMin, _defocusMax, _astigmatism, _voltage,
            _aberration, _amplitude);
        AddOptions(_lenses.All);
        AddOptions(
            _noCtf, _bFactor, _contrast, _centre, _motion, _randomPhases, _pureNoise);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var model = call.Get(_model);
        InputFiles.Check(model, call.Get(_like), call.Get(_motion));
        var atoms = AtomicInput.Read(model, call);
        var options = ReadOptions(call) with { Motion = call.Get(_motion) is { } motion ? MotionReader.Read(motion, atoms) : null };
        var files = new SimulationFiles(call.Get(_out), options.Motion);
        using var folder = OutputFiles.Open(call, files.Folder, "simulate", files.All);
        var clock = Stopwatch.StartNew();
        var simulator = SimulationRun.Prepare(model, atoms, options, call.Compute);
        OutputFiles.Start(call, folder, files.All);
        var seconds = SimulationRun.Write(simulator, atoms, files, call);
        folder.Finish();
        var report = new SimulateReport(
            simulator.Options.ParticleCount, simulator.AtomCount, simulator.Options.BoxSize, simulator.Options.PixelSize, simulator.Options.Snr,
            Math.Round(simulator.SilhouetteFraction, 4), Math.Round(simulator.ModelRadius, 3),
            [Math.Round(simulator.ModelCentre.X, 4), Math.Round(simulator.ModelCentre.Y, 4), Math.Round(simulator.ModelCentre.Z, 4)],
            call.Compute.Seed, Math.Round(simulator.Options.ParticleCount / seconds, 1), Math.Round(clock.Elapsed.TotalSeconds, 2), files.All);
        return VerbResult.Of(
            report, SimulationReports.Default.SimulateReport,
            Texts.Line($"{report.Particles} particles of {report.Atoms} atoms, {report.Box} x {report.Box} pixels of {report.PixelSize} A, ")
                + Texts.Line($"{report.ParticlesPerSecond} per second"),
            Texts.Line($"wrote {string.Join(", ", report.Files)}"));
    }

    private SimulationOptions ReadOptions(VerbCall call)
    {
        var options = new SimulationOptions
        {
            ParticleCount = call.Get(_particles),
            BoxSize = call.Get(_box),
            PixelSize = call.Get(_pixel),
            Snr = call.Get(_noNoise) ? null : call.Get(_snr),
            Noise = call.Get(_white) ? NoiseSpectrum.White : NoiseSpectrum.Coloured,
            DisturbDegrees = call.Get(_disturbDegrees),
            DisturbAngstrom = call.Get(_disturbAngstrom),
            DefocusMin = call.Get(_defocusMin),
            DefocusMax = call.Get(_defocusMax),
            AstigmatismSd = call.Get(_astigmatism),
            VoltageKilovolt = call.Get(_voltage),
            SphericalAberrationMillimetre = call.Get(_aberration),
            AmplitudeContrast = call.Get(_amplitude),
            CtfState = call.Get(_noCtf) ? CtfState.None : CtfState.Unmodified,
            BFactor = call.Get(_bFactor),
            ContrastSd = call.Get(_contrast),
            CentreSd = call.Get(_centre),
            RandomPhasesBeyond = call.Get(_randomPhases),
            PureNoise = call.Get(_pureNoise),
        };
        var lenses = _lenses.Read(call, options);
        if (lenses is not null && options.CtfState == CtfState.None)
        {
            throw new InvalidInputException("images without a CTF are an ideal microscope's; leave the aberrations out", _noCtf.Name);
        }

        options = options with { Aberrations = lenses is null ? null : [lenses] };
        if (call.Get(_like) is not { } like)
        {
            return options;
        }

        using var source = StarParticles.Open(like, new StarParticlesOptions { RequireImages = false, RequireBothHalves = false });
        call.Warn(source.Warnings);
        Aberrations?[] theirs = [.. source.Particles.Select(p => source.OpticsGroups[p.OpticsIndex].Aberrations)];
        if (lenses is not null && theirs.Any(a => a is not null))
        {
            throw new InvalidInputException("has aberrations or a magnification of its own, besides those of the options", like);
        }

        return options with
        {
            Orientations = [.. source.Particles.Select(p => p.Pose.Rotation)],
            Ctfs = [.. source.Particles.Select(p => p.Ctf)],
            // Images without a CTF are those of an ideal microscope, as gmm project makes them.
            Aberrations = options.CtfState != CtfState.None && theirs.Any(a => a is not null) ? theirs : options.Aberrations,
        };
    }
}
