using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm localres: local resolution of two half maps.</summary>
internal sealed class LocalresVerb : VerbCommand
{
    private readonly Argument<string> _half1 = new("HALF1.mrc") { Description = "Half map 1, unfiltered, unmasked." };
    private readonly Argument<string> _half2 = new("HALF2.mrc") { Description = "Half map 2." };
    private readonly Option<string> _out = new("--out", "-o") { HelpName = "LOCRES.mrc", Required = true, Description = "The local resolution, angstrom at each voxel; beside it a histogram (_histogram.svg, .png), the mean filtered to it (_filtered.mrc) and a ChimeraX script that colours the one by the other (.cxc)." };
    private readonly Option<string?> _mask = new("--mask") { HelpName = "MASK.mrc", Description = "Soft mask, 0 to 1, in which the quantiles are taken; made from the half maps by default, as 'gmm mask' does." };

    public LocalresVerb()
        : base(
            "localres",
            "Measures the local resolution of two half maps and filters to it.",
            "Measures the local resolution of two half maps: in a window of four wavelengths (at least 15 A) around each voxel, bands of both maps are correlated, and the resolution is where the correlation falls below 0.143.",
            "gmm localres run_half1_unfil.mrc run_half2_unfil.mrc --mask mask.mrc --out locres.mrc")
    {
        Arguments.Add(_half1);
        Arguments.Add(_half2);
        AddOptions(_out, _mask);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (a, b, maskFile) = (call.Get(_half1), call.Get(_half2), call.Get(_mask));
        InputFiles.Check(a, b, maskFile);
        var files = new LocalFiles(call.Get(_out));
        OutputFiles.Check(call.Overwrite, files.All);
        var clock = Stopwatch.StartNew();
        var (half1, half2, frame) = MapInputs.ReadHalves(a, b);
        var mask = maskFile is null ? SolventMasks.FromHalfMaps(half1, half2, compute: call.Compute) : MapInputs.ReadMask(maskFile, half1, a, call);
        var result = Maps.LocalResolution(half1, half2, call);
        var quantiles = result.Quantiles(mask, LocalFiles.Levels);
        files.Write(result, mask, frame, call.Overwrite);
        var report = new LocalresReport(
            Math.Round(quantiles[LocalFiles.Levels.Length / 2], 3), LocalFiles.Levels, [.. quantiles.Select(q => Math.Round(q, 3))],
            Math.Round(clock.Elapsed.TotalSeconds, 2), Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, 1), files.All);
        return VerbResult.Of(
            report, CliJson.Default.LocalresReport,
            Texts.Line($"local resolution: median {report.Median:F2} A, half of the mask from {quantiles[1]:F2} to {quantiles[3]:F2} A, 90 % from {quantiles[0]:F2} to {quantiles[4]:F2} A"),
            $"wrote {string.Join(", ", files.All)}");
    }
}
