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

    public CompositeVerb()
        : base(
            "composite",
            "Puts the maps of patches together again from their files.",
            "Merges the half maps of patches or bodies with their masks as weights and the consensus where no mask covers, halves apart, from the files that a record names. Edit the record to use other masks or maps; identical maps give the identical composite.",
            "gmm composite patches/provenance.json --out final/composite")
    {
        Arguments.Add(_record);
        AddOptions(_out);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var path = call.Get(_record);
        InputFiles.Check(path);
        var clock = Stopwatch.StartNew();
        var record = PatchProvenance.Read(path);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string In(string file) => Path.Combine(folder, file);
        InputFiles.Check([.. record.Patches.SelectMany(p => new[] { p.Mask, p.Half1, p.Half2 }).Concat([record.Mask, record.ConsensusHalf1, record.ConsensusHalf2]).Select(In)]);
        var files = new MapFiles(call.Get(_out));
        OutputFiles.Check(call.Overwrite, files.All);

        HalfMap ReadHalf(string file, int half) => MrcFile.ReadHalfMap(In(file), half);
        SolventMask[] masks = [.. record.Patches.Select(p => MrcFile.ReadMask(In(p.Mask)))];
        var half1 = CompositeMap.Merge(ReadHalf(record.ConsensusHalf1, 1), [.. record.Patches.Select(p => ReadHalf(p.Half1, 1))], masks);
        var half2 = CompositeMap.Merge(ReadHalf(record.ConsensusHalf2, 2), [.. record.Patches.Select(p => ReadHalf(p.Half2, 2))], masks);
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
