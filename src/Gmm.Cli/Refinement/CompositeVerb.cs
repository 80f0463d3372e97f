using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm composite: a composite map from the files of a finished run.</summary>
internal sealed class CompositeVerb : VerbCommand
{
    private readonly Argument<string> _record = Declare.Argument(
        "RECORD.json", "provenance.json of 'gmm patches' or 'gmm bodies', or run.json of 'gmm refine --focus'; the files are taken from its folder.");
    private readonly Option<string> _out = Declare.Out(
        "PREFIX", "Writes PREFIX_half1_unfil.mrc, PREFIX_half2_unfil.mrc and PREFIX.mrc, sharpened and filtered.");

    private readonly Option<string> _symmetry = Declare.Symmetry(
        "Turns the parts onto their places under this point group and averages them there with the masks as weights (for a part of "
            + "expanded particles).");

    public CompositeVerb()
        : base(
            "composite",
            "Puts the maps of parts together from their files.",
            "Merges the half maps of patches, bodies or a focused region with their masks as weights and the consensus where no mask covers, halves "
                + "apart, from the files of a finished run. Edit a copy of provenance.json beside it to use other masks or maps of that folder; "
                + "identical maps give the identical composite.",
            "gmm composite patches/provenance.json --out final/composite",
            "gmm composite domain/run.json --out final/trimer --symmetry C3")
    {
        Arguments.Add(_record);
        AddOptions(_out, _symmetry);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var path = call.Get(_record);
        InputFiles.Check(path);
        var symmetry = Symmetries.Read(call.Get(_symmetry), "--symmetry");
        var clock = Stopwatch.StartNew();
        var inputs = CompositeInputs.Read(path);
        InputFiles.Check(inputs.All);
        call.Files.AddInputs(inputs.All);
        var files = new MapFiles(call.Get(_out));
        OutputFiles.Take(call, files.All);

        SolventMask[] masks = [.. inputs.Parts.Select(p => MrcFile.ReadMask(p.Mask))];
        HalfMap Compose(string consensusFile, int half, IEnumerable<string> parts)
        {
            var consensus = MrcFile.ReadHalfMap(consensusFile, half);
            HalfMap[] maps = [.. parts.Select(p => MrcFile.ReadHalfMap(p, half))];
            return symmetry.Order == 1
                ? CompositeMap.Merge(consensus, maps, masks)
                : new HalfMap(
                    consensus.Size, consensus.PixelSize,
                    SymmetrizedComposite.Make(maps, masks, symmetry, consensus, call.Compute, call.CancellationToken).Voxels, half);
        }

        var half1 = Compose(inputs.ConsensusHalf1, 1, inputs.Parts.Select(p => p.Half1));
        var half2 = Compose(inputs.ConsensusHalf2, 2, inputs.Parts.Select(p => p.Half2));
        var solvent = MrcFile.ReadMask(inputs.Mask);
        var fsc = FourierShellCorrelation.PhaseRandomised(half1, half2, solvent, call.Compute);
        var sharpened = CompositeMap.Sharpen(half1, half2, solvent, fsc, call.Compute);
        call.Warn(sharpened.Warnings);
        var frame = MrcFile.ReadVolume(inputs.ConsensusHalf1);
        MrcFile.WriteMap(files.Half1, half1, call.Overwrite, frame);
        MrcFile.WriteMap(files.Half2, half2, call.Overwrite, frame);
        MrcFile.WriteMap(files.Sum, sharpened.Map, call.Overwrite, frame);
        var report = new CompositeReport(
            inputs.Parts.Count, MapWork.Resolution(fsc), fsc.IsNyquist, Math.Round(clock.Elapsed.TotalSeconds, 2), files.All);
        return VerbResult.Of(
            report, RefinementReports.Default.CompositeReport,
            Texts.Line($"composite of {report.Patches} {(report.Patches == 1 ? "part" : "parts")}: ")
                + Texts.Line($"{Texts.Resolution(report.Resolution0143, report.ResolutionIsNyquist)} (FSC 0.143, masked, corrected)"),
            $"wrote {string.Join(", ", report.Files)}");
    }
}
