using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>gmm project: images of a Gaussian model at given poses.</summary>
internal sealed class ProjectVerb : VerbCommand
{
    private const string FullCtf = "full";
    private const string FlippedCtf = "flip";
    private const string NoCtf = "none";
    private const string Gridding = "gridding";
    private const string Direct = "direct";

    private readonly Argument<string> _model = Declare.Argument("MODEL.star", "Gaussian model.");
    private readonly Option<string> _poses = Declare.RequiredText(
        "--poses", "PARTICLES", "Poses, CTFs, image size and pixel size; its images are not needed.");
    private readonly Option<string> _out = Declare.Out("STACK.mrcs", "The images; a STAR file of the same name is written beside them.");
    private readonly Option<string> _ctf = Declare.Choice("--ctf", "CTF of the images: none, flip (its absolute value) or full.", NoCtf, FlippedCtf, FullCtf);
    private readonly Option<string> _projector = Declare.Choice(
        "--projector", "How it is computed: gridding (fast) or direct (the plain sum).", Gridding, Direct);
    private readonly Option<string> _ewald = Declare.Choice(
        "--ewald", "Curvature of the Ewald sphere in images with their full CTF: positive (a Gaussian at height z has the defocus less z) or negative.",
        EwaldReport.Off, EwaldReport.Positive, EwaldReport.Negative);
    private readonly Option<double?> _pixelSize = Declare.Number(
        "--pixel-size", "A", "Pixel size of the images, angstrom, in place of what the particle file says.");
    private readonly Option<double?> _resolution = Declare.Number("--max-resolution", "A", "Finest resolution of the images, angstrom; Nyquist by default.");

    private readonly Option<string?> _oddOrigin = ParticleInput.MakeOddOrigin();

    public ProjectVerb()
        : base(
            "project",
            "Projects a Gaussian model at given poses.",
            "Makes noise-free images of a Gaussian model at the poses of a particle file. An image is the plain sum of the model's density over the "
                + "voxels along the line of sight, as relion_project has it.",
            "gmm project half1.star --poses particles.star --out projections.mrcs",
            "gmm project half1.star --poses particles.star --out projections.mrcs --ctf full --projector direct",
            "gmm project half1.star --poses particles.star --out projections.mrcs --ctf full --ewald positive")
    {
        Arguments.Add(_model);
        AddOptions(_poses, _out, _ctf, _projector, _ewald, _pixelSize, _resolution, _oddOrigin);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var output = call.Get(_out);
        var star = Path.ChangeExtension(output, ".star");
        InputFiles.Check(call.Get(_model), call.Get(_poses));
        if (call.Get(_pixelSize) is { } a and not (>= PhysicalLimits.SmallestPixel and <= PhysicalLimits.LargestPixel))
        {
            throw new InvalidInputException(
                Texts.Line($"{a} A is not a pixel size; it must be positive, from {PhysicalLimits.SmallestPixel} to {PhysicalLimits.LargestPixel} A"),
                "--pixel-size");
        }

        if (EwaldReport.SignOf(call.Get(_ewald)) != 0 && (call.Get(_ctf) != FullCtf || call.Get(_projector) == Direct))
        {
            throw new InvalidInputException("is made by --ctf full and --projector gridding only", _ewald.Name);
        }

        OutputFiles.RequireEnding(output, _out.Name, ".mrcs", ".mrc");
        OutputFiles.Take(call, output, star);
        var model = GaussianModelFile.Read(call.Get(_model));
        var needsCtf = call.Get(_ctf) != NoCtf;
        using var particles = StarParticles.Open(
            call.Get(_poses),
            new StarParticlesOptions
            {
                RequireImages = false,
                RequireBothHalves = false,
                RequireCtf = needsCtf,
                ImageSize = model.BoxSize,
                PixelSize = call.Get(_pixelSize),
                OddOrigin = ParticleInput.Origin(call.Get(_oddOrigin)),
            });
        // Half sets mean nothing here, nor do CTFs in images without one.
        call.Warn(particles.Warnings.Where(w => needsCtf && !w.Contains("rlnRandomSubset", StringComparison.Ordinal)));
        var group = particles.OpticsGroups[0];
        if (particles.OpticsGroups.Any(g => g.ImageSize != group.ImageSize || g.PixelSize != group.PixelSize))
        {
            throw new InvalidInputException("the optics groups have images of different size or pixel size, which one stack cannot hold", call.Get(_poses));
        }

        var state = call.Get(_ctf) switch { FullCtf => CtfState.Unmodified, FlippedCtf => CtfState.PhaseFlipped, _ => CtfState.None };
        // Images without a CTF are those of an ideal microscope; poses are the specimen's, so that the file fits them.
        OpticsGroup[] groups = [.. particles.OpticsGroups.Select(
            g => g with { CtfState = state, Aberrations = state == CtfState.None ? null : g.Aberrations })];
        var clock = Stopwatch.StartNew();
        WriteImages(call, model, particles, groups, output);
        var seconds = clock.Elapsed.TotalSeconds;
        var names = Enumerable.Range(0, particles.Particles.Count).Select(i => StarParticles.ImageName(i, Path.GetFileName(output))).ToArray();
        StarParticles.WriteParticleStar(
            star, groups, particles.Particles, names, null, call.Overwrite,
            Path.GetDirectoryName(Path.GetFullPath(star)));
        var report = new ProjectReport(names.Length, model.Count, Math.Round(names.Length / seconds, 1), Math.Round(seconds, 2), [output, star]);
        return VerbResult.Of(
            report, ModelReports.Default.ProjectReport,
            Texts.Line($"{report.Particles} projections of {report.Gaussians} Gaussians, {report.ParticlesPerSecond} per second"),
            $"wrote {output}, {star}");
    }

    private void WriteImages(VerbCall call, GaussianModel model, StarParticles particles, OpticsGroup[] groups, string output)
    {
        var group = groups[0];
        var disc = call.Get(_resolution) switch
        {
            null => new FourierDisc(group.BoxLength, Math.Max(1, (group.ImageSize - 1) / 2)),
            > 0 and double a => FourierDisc.ForResolution(group.ImageSize, group.PixelSize, a),
            _ => throw new InvalidInputException("the resolution must be positive", "--max-resolution"),
        };
        IProjector<float> projector = call.Get(_projector) == Direct ? new DirectProjector<float>(model, disc) : new GriddingProjector(model, disc);
        ModelImager[] imagers = [.. groups.Select(g => new ModelImager(projector, g, EwaldReport.SignOf(call.Get(_ewald))))];
        var pixels = group.ImageSize * group.ImageSize;
        var block = 16 * call.Compute.Threads;
        var buffer = new float[block * pixels];
        using var stack = new MrcStackWriter(output, group.ImageSize, group.ImageSize, group.PixelSize, call.Overwrite);
        using var line = new ProgressLine(call.Console, "projecting");
        var total = particles.Particles.Count;
        for (var first = 0; first < total; first += block)
        {
            call.CancellationToken.ThrowIfCancellationRequested();
            var (start, count) = (first, Math.Min(block, total - first));
            Guarded.For(
                0, count, new ParallelOptions { MaxDegreeOfParallelism = call.Compute.Threads },
                () => imagers.Select(m => m.CreateWorker()).ToArray(),
                (i, _, workers) =>
                {
                    var particle = particles.Particles[start + i];
                    workers[particle.OpticsIndex].Render(particle, buffer.AsSpan(i * pixels, pixels));
                    return workers;
                },
                _ => { });
            for (var i = 0; i < count; i++)
            {
                stack.Write(buffer.AsSpan(i * pixels, pixels));
            }

            line.Report((double)(first + count) / total);
        }

        stack.Complete();
    }
}
