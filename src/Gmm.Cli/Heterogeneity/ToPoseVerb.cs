using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm to-pose: from conformations to poses of a region.</summary>
internal sealed class ToPoseVerb : VerbCommand
{
    private readonly HeterogeneityInput _input = new();
    private readonly FocusInput _focus = new();
    private readonly Option<string> _out = Declare.Out(
        "POSES.star", "The particles with the region's poses; every column is kept, gmmPoseResidual and others are added. "
            + "Those of cryoSPARC are written as POSES.cs too.");
    private readonly Option<string> _mode = Declare.Choice(
        "--mode", "superposition: closed form. adam: the published 30 steps, for comparison.", "superposition", "adam");
    private readonly Option<bool> _reconstruct = Declare.Flag(
        "--reconstruct", "Reconstructs half maps at the new poses too: POSES_half1_unfil.mrc, POSES_half2_unfil.mrc, POSES.mrc.");
    private readonly Option<int> _refine = Declare.Count(
        "--refine", "N", "Then refines the region's poses from there, N iterations, into the folder POSES_refined (gmm refine --focus).", 0);

    public ToPoseVerb()
        : base(
            "to-pose",
            "Turns each particle's conformation into a pose of a region.",
            "For each particle, the pose at which the neutral region looks like the particle's own conformer at the old pose: the weighted "
                + "superposition of its Gaussians in the mask, by the model and the decoder of its own half. What moved with the region is then sharp "
                + "in a reconstruction, the rest smeared.",
            "gmm to-pose motion --out domain_poses.star",
            "gmm to-pose motion --focus domain.mrc --out domain_poses.star --reconstruct --refine 3 --json")
    {
        Arguments.Add(_input.Dir);
        AddOptions([_out, _mode, _reconstruct, _refine, RecordedCall.Option(RecordedCall.Kept), .. _focus.Options, .. _input.Options]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (star, iterations) = (call.Get(_out), call.Get(_refine));
        if (iterations is < 0 or > RefinementOptions.MostIterations)
        {
            throw new InvalidInputException(Texts.Line($"must be from 0, for none, to {RefinementOptions.MostIterations}"), "--refine");
        }

        var stem = star.EndsWith(".star", StringComparison.OrdinalIgnoreCase) ? star[..^5] : star;
        var maps = new MapFiles(stem);
        string[] own = [star, .. call.Get(_reconstruct) ? maps.All : []];
        string[] files = [.. own, .. iterations > 0 ? RefineRequest.FilesIn(stem + "_refined") : []];
        OutputFiles.RequireEnding(star, _out.Name, ".star");
        OutputFiles.Take(call, own);
        if (iterations > 0)
        {
            RunFolder.Check(stem + "_refined", OutputFiles.Options(call, stem + "_refined", "refine", RefineRequest.FilesIn(stem + "_refined")));
        }

        var clock = Stopwatch.StartNew();
        InputFiles.Check(_focus.Given(call));
        using var motion = _input.Open(call, call.Get(_reconstruct) || iterations > 0);
        var mask = _focus.Mask(call, motion.FocusFile)
            ?? throw new InvalidInputException("is needed: a mask of the region whose poses are wanted (the motion was learnt without one)", "--focus");
        var focus = MrcFile.ReadMask(mask);
        string[] cryosparc = motion.Particles.AreCryosparcs ? CsPoses.FilesBeside(star) : [];
        OutputFiles.Take(call, cryosparc);
        var converted = Convert(call, motion, focus, mask);
        var rate = converted.Length / clock.Elapsed.TotalSeconds;
        Write(star, motion, converted, call.Overwrite);
        if (cryosparc.Length > 0)
        {
            motion.Particles.WriteCryosparc(cryosparc[0], [.. converted.Select(c => c.Pose)], call.Overwrite);
        }

        call.Files.Written(star);
        var report = new ToPoseReport(
            call.Get(_mode), converted.Length, new(Summarise(motion, converted, focus, 0), Summarise(motion, converted, focus, 1)), Math.Round(rate, 1),
            call.Get(_reconstruct) ? Reconstruct(call, motion, converted, focus, maps) : null,
            iterations > 0 ? Refine(call, motion, star, stem + "_refined", mask, iterations) : null,
            Math.Round(clock.Elapsed.TotalSeconds, 1), [.. files, .. cryosparc], RecordedCall.Of(call));
        return VerbResult.Of(report, HeterogeneityReports.Default.ToPoseReport, Describe(report));
    }

    private PoseConversion[] Convert(VerbCall call, LearntMotion motion, SolventMask focus, string mask)
    {
        var mode = call.Get(_mode) == "adam" ? PoseConversionMode.Adam : PoseConversionMode.Superposition;
        try
        {
            return ParticleConversion.Convert(
                motion.Particles.Particles, motion.Latents, motion.Half1, motion.Half2, focus, mode, call.Compute, call.CancellationToken);
        }
        catch (InvalidInputException e) when (e.File is "mask" or "focus mask")
        {
            throw new InvalidInputException(e.Message[(e.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..], mask, innerException: e);
        }
    }

    private static void Write(string star, LearntMotion motion, PoseConversion[] converted, bool overwrite)
    {
        // -1 says "not known", as in the files of refine.
        static double Known(double value) => double.IsFinite(value) ? value : -1;
        motion.Particles.WriteStar(
            star,
            [.. converted.Select(c => c.Pose)],
            [
                StarColumn.FromNumbers("gmmPoseResidual", [.. converted.Select(c => c.ResidualAngstrom)]),
                StarColumn.FromNumbers("gmmPoseTurn", [.. converted.Select(c => c.RotationDegrees)]),
                StarColumn.FromNumbers("gmmPoseMovement", [.. converted.Select(c => c.MovementAngstrom)]),
                StarColumn.FromNumbers("gmmPoseRotationSigma", [.. converted.Select(c => Known(c.RotationSigmaDegrees))]),
                StarColumn.FromNumbers("gmmPoseShiftSigma", [.. converted.Select(c => Known(c.ShiftSigmaAngstrom))]),
            ],
            overwrite);
    }

    private static double? Reconstruct(VerbCall call, LearntMotion motion, PoseConversion[] converted, SolventMask focus, MapFiles files)
    {
        var pair = MapWork.Reconstruct(motion.Particles, [.. converted.Select(c => c.Pose)], new ReconstructionOptions { Images = motion.Images }, call);
        files.Write(pair, call.Overwrite);
        return MapWork.Resolution(FourierShellCorrelation.PhaseRandomised(pair.Half1, pair.Half2, focus, call.Compute));
    }

    private RefineReport Refine(VerbCall call, LearntMotion motion, string star, string folder, string mask, int iterations) => RefinementRunner.RunRefinement(
        new RefineRequest
        {
            Particles = star,
            Reading = motion.Particles.Options,
            Options = new RefinementOptions { Images = motion.Images, Iterations = iterations },
            Folder = folder,
            Focus = mask,
            Consensus = motion.Particles.Path,
            FocusOptions = _focus.Read(call),
            MotionPrior = _focus.MotionPrior(call),
        },
        call);

    private static ToPoseHalf Summarise(LearntMotion motion, PoseConversion[] converted, SolventMask focus, int half)
    {
        var members = motion.Members(half);
        double Rms(Func<PoseConversion, double> value) => Math.Round(Math.Sqrt(members.Average(i => value(converted[i]) * value(converted[i]))), 4);
        double Median(Func<PoseConversion, double> value) => Math.Round(members.Select(i => value(converted[i])).Order().ElementAt(members.Length / 2), 4);
        return new ToPoseHalf(
            half + 1, members.Length, ConformationToPose.GaussiansIn(motion.Halves[half].Model, focus), Rms(c => c.RotationDegrees),
            Rms(c => c.MovementAngstrom), Rms(c => c.ResidualAngstrom),
            Median(c => c.ResidualAngstrom), Texts.Finite(Median(c => c.RotationSigmaDegrees)), Texts.Finite(Median(c => c.ShiftSigmaAngstrom)));
    }

    private static List<string> Describe(ToPoseReport report)
    {
        var lines = report.Halves.Both.Select(h =>
            Texts.Line($"half {h.Half}: {h.Particles} particles, {h.GaussiansInMask} Gaussians in the mask; the region moved by {h.RotationRms:F2} deg and ")
                + Texts.Line($"{h.MovementRms:F2} A rms, of which {h.ResidualRms:F2} A are not rigid")
                + (h.RotationSigma is { } r && h.ShiftSigma is { } s ? Texts.Line($"; poses uncertain by {r:F2} deg and {s:F2} A") : string.Empty)).ToList();
        if (report.Resolution is { } resolution)
        {
            lines.Add(Texts.Line($"half maps at these poses agree to {resolution:F2} A in the mask (FSC 0.143, corrected)"));
        }

        if (report.Refinement is { } refinement)
        {
            lines.AddRange(RefineVerb.Describe(refinement).SkipLast(1));
        }

        lines.AddRange(WrittenFiles.Lines(report.Files));
        return lines;
    }
}
