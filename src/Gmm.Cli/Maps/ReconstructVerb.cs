using System.CommandLine;
using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm reconstruct: half maps from particles at their poses, whole or in parts.</summary>
internal sealed class ReconstructVerb : VerbCommand
{
    private readonly ParticleInput _input = new();
    private readonly Option<string> _out = Declare.Out(
        "PREFIX", "Writes PREFIX_half1_unfil.mrc, PREFIX_half2_unfil.mrc and their mean PREFIX.mrc; with --partial the name of the one file of sums.");
    private readonly Option<double?> _resolution = Declare.Number("--max-resolution", "A", "Finest resolution used, angstrom; Nyquist by default.");
    private readonly Option<double> _padding = new("--padding", "--pad")
    {
        HelpName = "F",
        Description = "Side of the Fourier grid over the side of the map, 1 to 4.",
        DefaultValueFactory = _ => new FourierReconstructor().PaddingFactor,
    };
    private readonly Option<int?> _box = Declare.Count(
        "--box", "N", "Side of the map, voxels: even, at most that of the images (the default). The pixel size stays.");
    private readonly Option<string> _symmetry = Declare.Symmetry("Point group with RELION's axes: Cn, Dn (cryoSPARC's: DnY), T, O, I (I1 to I4).");
    private readonly Option<string> _half = new("--half")
    {
        HelpName = "1|2|both",
        Description = "Reconstructs this half only.",
        DefaultValueFactory = _ => "both",
    };
    private readonly Option<string> _weights = Declare.Text(
        "--weights", "W", "Weight of each particle: none, posterior (rlnMaxValueProbDistribution), score (gmmPoseScore; negative ones weigh 0), the "
            + "name of a column, or signal: every image's rings by the strength, fall-off and presence of the signal that is found in it.", "none");
    private readonly Option<double?> _reject = Declare.Number(
        "--reject-worst", "F", "Leaves out this fraction of each half, 0 to 1: the particles of least value in the column of --reject-by.");
    private readonly Option<string?> _rejectBy = Declare.Text(
        "--reject-by", "COLUMN", "Column that --reject-worst goes by; that of --weights by default, or gmmPoseScore.");
    private readonly Option<bool> _wiener = Declare.Flag(
        "--wiener", "Makes PREFIX.mrc of the sums of both halves with a Wiener filter from their FSC, in place of the half maps' mean.");
    private readonly Option<string> _ewald = Declare.Choice(
        "--ewald", "Curvature of the Ewald sphere: positive (an atom at height z has the defocus less z), negative, or auto: where it matters, the sign that "
            + "the images ask for.", EwaldReport.Off, EwaldRun.Auto, EwaldReport.Positive, EwaldReport.Negative);
    private readonly Option<string?> _partial = Declare.Text(
        "--partial", "I/N", "Sums only part I of N of the particles and writes the sums to the file of --out, for --finish.");
    private readonly Option<string[]> _finish = new("--finish")
    {
        HelpName = "SUMS",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = true,
        Description = "Adds the files of all parts and makes the half maps; no particles are read.",
    };
    private readonly DeviceInput _device = new("images are summed", "the sums");
    private readonly Option<int?> _parts = Declare.Parts();
    private readonly ClusterInput _cluster = new();

    public ReconstructVerb()
        : base(
            "reconstruct",
            "Makes half maps from particles at their poses.",
            "Makes half maps from particles at the poses in their file, by direct Fourier inversion with CTF weighting. The half maps are unfiltered "
                + "and unmasked; a particle's half set is its rlnRandomSubset. Several workers can share one reconstruction: each sums a part with "
                + "--partial, then one adds the parts with --finish.",
            "gmm reconstruct run_data.star --out maps/run",
            "gmm reconstruct particles.star --out rec --root /data/project --symmetry C3 --max-resolution 6 --json",
            "gmm reconstruct run_data.star --out rec --weights score --reject-worst 0.1",
            "gmm reconstruct particles.star --out rec --weights signal",
            "gmm reconstruct particles.star --out rec --ewald auto",
            "gmm reconstruct run_data.star --out maps/run --cluster local --workers 2",
            "gmm reconstruct run_data.star --partial 1/2 --out part1.gmmsum",
            "gmm reconstruct --finish part1.gmmsum part2.gmmsum --out maps/run")
    {
        _input.Star.Arity = ArgumentArity.ZeroOrOne;
        _half.AcceptOnlyFromAmong("1", "2", "both");
        Arguments.Add(_input.Star);
        AddOptions([
            _out, .. _input.Options, _symmetry, _resolution, _padding, _box, _half, _weights, _reject, _rejectBy, _wiener, _ewald, _partial, _finish,
            .. _device.Options, _parts, .. _cluster.Options,
            RecordedCall.Option(RecordedCall.Kept),
        ]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var request = Read(call);
        if (request.Finish.Length > 0)
        {
            return ReconstructRunner.Finish(request, call);
        }

        using var device = Devices.Open(request.Device, call.Compute);
        request = request with { Reconstructor = (FourierReconstructor)device.Reconstructor(request.Reconstructor) };
        InputFiles.Check(request.Particles);
        OutputFiles.Take(call, request.Files);
        using var particles = _input.Open(call, bothHalves: request.Half is null);
        request = WithParts(request, particles, call);
        return request.Partial is null ? ReconstructRunner.Run(request, particles, call) : ReconstructRunner.WritePart(request, particles, call);
    }

    public override int WorkOn(TaskBoard board, TaskWorker worker, VerbCall call)
    {
        var request = Read(call);
        using var device = Devices.Open(request.Device, call.Compute);
        request = request with { Reconstructor = (FourierReconstructor)device.Reconstructor(request.Reconstructor) };
        using var particles = _input.Open(call);
        return ReconstructRunner.WorkOn(WithParts(request, particles, call), particles, board, worker, call);
    }

    public override string? KeptForSameCall(ParseResult parsed) =>
        parsed.GetValue(_out) is { } prefix && TaskStatus.OfBoards(ClusterSums.FolderOf(prefix)) is { } tasks
            ? Texts.Line($"{tasks.Done} of {tasks.Total} tasks") : null;

    /// <summary>The request with what is said of images, and the number of parts that halves of so many particles have.</summary>
    private ReconstructRequest WithParts(ReconstructRequest request, StarParticles particles, VerbCall call) => request with
    {
        Images = _input.Images.Read(call),
        Options = request.Options with
        {
            Parts = call.Get(_parts) ?? HalfParts.Default(particles.Particles.CountBy(p => p.Half).Max(h => h.Value)),
        },
    };

    private ReconstructRequest Read(VerbCall call)
    {
        var request = new ReconstructRequest
        {
            Particles = call.Get(_input.Star),
            Out = call.Get(_out),
            Half = call.Get(_half) switch { "1" => 1, "2" => 2, _ => null },
            Weights = call.Get(_weights),
            RejectWorst = call.Get(_reject),
            RejectBy = call.Get(_rejectBy),
            Wiener = call.Get(_wiener),
            Ewald = new EwaldReport(call.Get(_ewald)),
            Partial = Part(call.Get(_partial)),
            Finish = call.Parsed.GetValue(_finish) ?? [],
            Options = ReadOptions(call),
            Reconstructor = ReadReconstructor(call),
            Device = _device.Read(call),
            Cluster = _cluster.Read(call),
        };
        Check(request);
        Refuse(
            call.Get(_parts) is not (null or (> 0 and <= RefinementOptions.MostParts)), "--parts",
            Texts.Line($"must be from 1 to {RefinementOptions.MostParts}"));
        Refuse(request.Partial is not null && call.Get(_parts) is not null, "--parts", "not with --partial, which says itself how many parts there are");
        if (request.Finish.Length > 0)
        {
            RefuseWithFinish(call, request);
        }
        else
        {
            Refuse(request.Particles is null, "command line", "PARTICLES is needed");
        }

        return request;
    }

    /// <summary>Refuses what does not go together.</summary>
    private static void Check(ReconstructRequest request)
    {
        Refuse(
            !request.Device.IsCpu && (request.BySignal || request.Ewald.Sign != EwaldReport.Off), "--device",
            "is for flat images, not weighted by their signal: leave out --ewald and --weights signal");
        Refuse(request.RejectWorst is not null and not (>= 0 and < 1), "--reject-worst", "must be a fraction from 0 to under 1");
        Refuse(request.RejectBy is not null && request.RejectWorst is null, "--reject-by", "needs --reject-worst");
        Refuse(request.Wiener && request.Half is not null, "--wiener", "needs both halves: leave out --half");
        Refuse(
            request.Partial is not null && (request.Half is not null || request.Wiener), "--partial",
            "keeps both halves unfinished: give --wiener to --finish, and leave out --half");
        Refuse(
            request.Partial is not null && request.Ewald.Sign == EwaldRun.Auto, "--ewald",
            "auto looks at all images: find the sign in one run without --partial, and give it");
        Refuse(
            request.Partial is not null && request.BySignal, "--weights",
            "signal looks at all images: write PREFIX_signal.star in one run without --partial, and take its particles");
        Refuse(
            request.Cluster is not null && (request.Half is not null || request.Partial is not null || request.BySignal), "--cluster",
            "shares the sums of both halves: leave out --half, --partial and --weights signal");
    }

    /// <summary>What decided the sums is in their files and cannot be changed when they are finished.</summary>
    private void RefuseWithFinish(VerbCall call, ReconstructRequest request)
    {
        Refuse(request.Particles is not null, "--finish", $"reads sums, not particles: leave out {request.Particles}");
        Refuse(request.Half is not null, "--finish", "makes both halves: leave out --half");
        Option[] fixedBefore =
        [
            _symmetry, _resolution, _padding, _box, _weights, _ewald, _reject, _rejectBy, _partial, _parts,
            .. _cluster.Options, .. _device.Options, .. _input.Options,
        ];
        foreach (var option in fixedBefore)
        {
            Refuse(call.Parsed.GetResult(option) is { Implicit: false }, "--finish", $"{option.Name} was decided when the sums were made: leave it out");
        }
    }

    private ReconstructionOptions ReadOptions(VerbCall call)
    {
        var options = new ReconstructionOptions
        {
            MaxResolution = call.Get(_resolution),
            BoxSize = call.Get(_box),
            Symmetry = Symmetries.Read(call.Get(_symmetry), "--symmetry"),
        };
        Refuse(options.MaxResolution is not null and not > 0, "--max-resolution", "must be positive");
        Refuse(options.BoxSize is { } box && (box < 16 || box % 2 != 0), "--box", $"must be an even number from 16 up, not {options.BoxSize}");
        return options;
    }

    private FourierReconstructor ReadReconstructor(VerbCall call)
    {
        var reconstructor = new FourierReconstructor
        {
            PaddingFactor = call.Get(_padding),
            EwaldSign = EwaldReport.SignOf(call.Get(_ewald)),
        };
        Refuse(reconstructor.PaddingFactor is not (>= 1 and <= 4), "--padding", "must be from 1 to 4");
        if (reconstructor.PaddingFactor < 1.2)
        {
            call.Warn(["a padding under 1.2 leaves the edge of the box aliased; a structure that fills the box needs 1.5"]);
        }

        return reconstructor;
    }

    private static (int Part, int Parts)? Part(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var sides = text.Split('/');
        return sides.Length == 2
            && int.TryParse(sides[0], NumberStyles.None, CultureInfo.InvariantCulture, out var part)
            && int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parts)
            && part >= 1 && part <= parts
                ? (part, parts)
                : throw new InvalidInputException($"'{text}' is not a part: use I/N with I from 1 to N, such as 2/4", "--partial");
    }

    private static void Refuse(bool condition, string option, string problem)
    {
        if (condition)
        {
            throw new InvalidInputException(problem, option);
        }
    }
}
