using System.CommandLine;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>The argument PARTICLES and the options that say how it is read.</summary>
internal sealed class ParticleInput
{
    /// <summary>The words are named in the description.</summary>
    public ParticleInput() => CtfState.HelpName = "STATE";

    public Argument<string> Star { get; } = Declare.Argument(
        "PARTICLES", "Particles with poses and CTFs: STAR file of RELION 1.4 to 5 or of this tool, or cryoSPARC's .cs or .csg file.");

    public Option<string?> Root { get; } = Declare.Text(
        "--root", "DIR", "Folder that image names in the file are relative to (RELION's or cryoSPARC's project); by default the one that the file "
            + "remembers (those of gmm do), the working folder, the file's own or one above it.");

    public Option<string?> CtfState { get; } = Declare.ChoiceOrNone(
        "--ctf-state", "What was done to the images: unmodified, flipped, premultiplied, or none (no CTF in them); as the file says by default.",
        "unmodified", "flipped", "premultiplied", "none");

    public Option<bool> DoseWeighting { get; } = Declare.Flag(
        "--dose-weighting", "Damps the signal of each image by what its specimen had been exposed to before (rlnMicrographPreExposure), as RELION 5 and "
            + "WarpTools damp tilt series, whose premultiplied stacks have it in them.");

    public Option<double?> PixelSize { get; } = Declare.Number("--pixel-size", "A", "Angstrom per pixel of all images, in place of what the file says.");

    public Option<string?> OddOrigin { get; } = MakeOddOrigin();

    public Option<string?> Cache { get; } = Declare.Text(
        "--cache", "DIR", "Keeps images in this folder, of a fast disk of this machine, once they were read: for stacks on a slow disk. Checked against "
            + "them; results do not depend on it. Delete it when you like.");

    public Option<double?> CacheSize { get; } = Declare.Number(
        "--cache-size", "GB", "Most that --cache writes in one run, gigabytes; by default nine tenths of what is free.");

    /// <summary>What is done to the images.</summary>
    public ImageInput Images { get; } = new();

    public IEnumerable<Option> Options => [Root, CtfState, DoseWeighting, PixelSize, OddOrigin, Cache, CacheSize, .. Images.Options];

    /// <summary>Opens the file and shows its warnings.</summary>
    /// <param name="call">The command line.</param>
    /// <param name="independentHalves">Whether an image in both half sets is an error and not only a warning.</param>
    /// <param name="bothHalves">Whether both half sets must have particles.</param>
    public StarParticles Open(VerbCall call, bool independentHalves = false, bool bothHalves = true) =>
        Open(call, call.Get(Star), ReadOptions(call) with { RequireBothHalves = bothHalves }, independentHalves);

    /// <summary>Opens a file and shows its warnings.</summary>
    public static StarParticles Open(VerbCall call, string path, StarParticlesOptions options, bool independentHalves)
    {
        var particles = StarParticles.Open(path, options);
        if (independentHalves)
        {
            particles.RequireIndependentHalves();
        }

        call.Warn(particles.Warnings);
        call.Files.AddInputs([particles.Path, .. particles.Stacks]);
        return particles;
    }

    /// <summary>How the file is to be read.</summary>
    public StarParticlesOptions ReadOptions(VerbCall call) => new()
    {
        Root = call.Get(Root),
        CtfState = State(call.Get(CtfState)),
        DoseWeighting = call.Get(DoseWeighting),
        PixelSize = call.Get(PixelSize),
        OddOrigin = Origin(call.Get(OddOrigin)),
        Cache = ReadCache(call),
    };

    private ImageCacheOptions? ReadCache(VerbCall call)
    {
        call.RequireWith(call.Get(Cache) is not null, Cache.Name, CacheSize);
        var size = call.Get(CacheSize);
        if (size is <= 0)
        {
            throw new InvalidInputException("must be positive", CacheSize.Name);
        }

        long? bytes = size is { } gigabyte ? (long)Math.Min(gigabyte * 1e9, long.MaxValue) : null;
        return call.Get(Cache) is { } folder ? new ImageCacheOptions(folder, bytes) { Damaged = call.WarnOnce } : null;
    }

    /// <summary>The option --odd-origin.</summary>
    public static Option<string?> MakeOddOrigin() => Declare.ChoiceOrNone(
        "--odd-origin",
        "Pixel of a structure without shift in images of odd side n: (n+1)/2, where relion_project puts it (the default, with a "
            + "warning), or n/2, as other programs do.", "relion", "half");

    /// <summary>The value of --odd-origin.</summary>
    public static OddOrigin? Origin(string? name) => name switch
    {
        "relion" => Gmm.Core.OddOrigin.Relion,
        "half" => Gmm.Core.OddOrigin.Half,
        _ => null,
    };

    private static CtfState? State(string? name) => name switch
    {
        "unmodified" => Gmm.Core.CtfState.Unmodified,
        "flipped" => Gmm.Core.CtfState.PhaseFlipped,
        "premultiplied" => Gmm.Core.CtfState.Premultiplied,
        "none" => Gmm.Core.CtfState.None,
        _ => null,
    };
}
