using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm composite: the composite maps again, from the files that a provenance.json names.</summary>
internal sealed class CompositeVerb : VerbCommand
{
    private readonly Argument<string> _record = new("PROVENANCE.json") { Description = "Record of 'gmm patches' or 'gmm bodies'; files in it are taken from its folder." };
    private readonly Option<string> _out = new("--out", "-o") { HelpName = "PREFIX", Required = true, Description = "Writes PREFIX_half1_unfil.mrc, PREFIX_half2_unfil.mrc and PREFIX.mrc, sharpened and filtered." };

    private readonly Option<string> _symmetry = new("--symmetry") { HelpName = "GROUP", Description = "Turns the patches onto their places under this point group and averages them there with the masks as weights (for patches of expanded particles).", DefaultValueFactory = _ => "C1" };

    public CompositeVerb()
        : base(
            "composite",
            "Puts the maps of patches together again from their files.",
            "Merges the half maps of patches or bodies with their masks as weights and the consensus where no mask covers, halves apart, from the files that a record names. Edit the record to use other masks or maps; identical maps give the identical composite.",
            "gmm composite patches/provenance.json --out final/composite",
            "gmm composite bodies/provenance.json --out final/trimer --symmetry C3")
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
        var record = PatchProvenance.Read(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string In(string file) => Path.Combine(folder, file);
        InputFiles.Check([.. record.Patches.SelectMany(p => new[] { p.Mask, p.Half1, p.Half2 }).Concat([record.Mask, record.ConsensusHalf1, record.ConsensusHalf2]).Select(In)]);
        var files = new MapFiles(call.Get(_out));
        OutputFiles.Check(call.Overwrite, files.All);

        HalfMap ReadHalf(string file, int half) => MrcFile.ReadHalfMap(In(file), half);
        SolventMask[] masks = [.. record.Patches.Select(p => MrcFile.ReadMask(In(p.Mask)))];
        HalfMap Compose(string consensusFile, int half, IEnumerable<string> patches)
        {
            var consensus = ReadHalf(consensusFile, half);
            HalfMap[] maps = [.. patches.Select(p => ReadHalf(p, half))];
            return symmetry.Order == 1
                ? CompositeMap.Merge(consensus, maps, masks)
                : new HalfMap(consensus.Size, consensus.PixelSize, SymmetrizedComposite.Make(maps, masks, symmetry, consensus, call.Compute, call.CancellationToken).Voxels, half);
        }

        var half1 = Compose(record.ConsensusHalf1, 1, record.Patches.Select(p => p.Half1));
        var half2 = Compose(record.ConsensusHalf2, 2, record.Patches.Select(p => p.Half2));
        var solvent = MrcFile.ReadMask(In(record.Mask));
        var fsc = FourierShellCorrelation.PhaseRandomised(half1, half2, solvent, call.Compute).Corrected;
        var (map, _, warnings) = CompositeMap.Sharpen(half1, half2, solvent, call.Compute);
        call.Warn(warnings);
        OutputFiles.MakeFolders(files.All);
        var frame = MrcFile.ReadVolume(In(record.ConsensusHalf1));
        MrcFile.WriteMap(files.Half1, half1, call.Overwrite, frame);
        MrcFile.WriteMap(files.Half2, half2, call.Overwrite, frame);
        MrcFile.WriteMap(files.Sum, map, call.Overwrite, frame);
        var report = new CompositeReport(
            record.Patches.Count, Math.Round(fsc.Resolution(), 4), !fsc.Falls(), Math.Round(clock.Elapsed.TotalSeconds, 2), files.All);
        return VerbResult.Of(
            report, CliJson.Default.CompositeReport,
            Texts.Line($"composite of {report.Patches} patches: {Texts.Resolution(report.Resolution0143, report.ResolutionIsNyquist)} (FSC 0.143, masked, corrected)"),
            $"wrote {string.Join(", ", report.Files)}");
    }
}
