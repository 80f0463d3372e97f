using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>gmm localres: local resolution of two half maps.</summary>
internal sealed class LocalresVerb : VerbCommand
{
    private const string Bands = "bands";
    private const string Windows = "windows";

    private readonly Argument<string> _half1 = Declare.Argument("HALF1.mrc", "Half map 1, unfiltered, unmasked.");
    private readonly Argument<string> _half2 = Declare.Argument("HALF2.mrc", "Half map 2.");
    private readonly Option<string> _out = Declare.Out(
        "LOCRES.mrc", "The local resolution, angstrom at each voxel; beside it a histogram (_histogram.svg, .png), the mean filtered to it "
            + "(_filtered.mrc) and a ChimeraX script that colours the one by the other (.cxc).");
    private readonly Option<string?> _mask = Declare.Mask(
        "Soft mask, 0 to 1, in which the quantiles are taken; made from the half maps by default, as 'gmm mask' does.");

    private readonly Option<string> _method = Declare.Choice(
        "--method",
        "bands: bands of both maps are correlated around each voxel (Penczek 2020). windows: FSC in a soft sphere that slides over the maps.", Bands, Windows);
    private readonly Option<double?> _window = Declare.Number(
        "--window", "A", "Diameter of the sliding sphere, angstrom; 50 by default. Only for --method windows.");

    public LocalresVerb()
        : base(
            "localres",
            "Measures the local resolution of two half maps and filters to it.",
            "Measures the local resolution of two half maps: around each voxel, in a window that grows with the wavelength, bands of both maps are "
                + "correlated, and the resolution is where the correlation falls below 0.143. What a strong signal lends to its neighbours, in space "
                + "and in frequency, is taken out.",
            "gmm localres run_half1_unfil.mrc run_half2_unfil.mrc --mask mask.mrc --out locres.mrc",
            "gmm localres half1.mrc half2.mrc --method windows --window 40 --out locres.mrc")
    {
        Arguments.Add(_half1);
        Arguments.Add(_half2);
        AddOptions(_out, _mask, _method, _window);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (a, b, maskFile) = (call.Get(_half1), call.Get(_half2), call.Get(_mask));
        InputFiles.Check(a, b, maskFile);
        var files = new LocalFiles(call.Get(_out));
        OutputFiles.Take(call, files.All);
        var (method, window) = (call.Get(_method), call.Get(_window));
        if (window is not null && (method == Bands || !(window > 0 && double.IsFinite(window.Value))))
        {
            throw new InvalidInputException(method == Bands ? "is for --method windows" : "must be positive", "--window");
        }

        var clock = Stopwatch.StartNew();
        var (half1, half2, frame) = MapInputs.ReadHalves(a, b);
        var warnings = new List<string>();
        var mask = maskFile is null ? MapInputs.MakeMask(half1, half2, call.Compute, warnings) : MapInputs.ReadMask(maskFile, half1, a, warnings);
        var result = MapWork.LocalResolution(half1, half2, call, method == Windows ? window ?? 50 : null);
        var noSignal = NoSignal(half1, half2, mask, call.Compute);
        warnings.AddRange(noSignal is null ? [] : [noSignal]);
        call.Warn(warnings);
        var quantiles = result.Quantiles(mask, LocalFiles.Levels)
            .Select(q => noSignal is null && double.IsFinite(q) ? Math.Round(q, 3) : (double?)null)
            .ToArray();
        files.Write(result, mask, frame, noSignal is null, call);
        var report = new LocalresReport(
            quantiles[LocalFiles.Levels.Length / 2], LocalFiles.Levels, quantiles,
            Math.Round(clock.Elapsed.TotalSeconds, 2), Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1e6, 1),
            call.Drawn(files.Written(noSignal is null)), method, noSignal is not null, [.. warnings]);
        return VerbResult.Of(
            report, MapReports.Default.LocalresReport,
            [
                report.NoSignal
                    ? "local resolution: no signal inside the mask"
                    : $"local resolution: median {Shown(report.Median)}, half of the mask from {Shown(quantiles[1])} to {Shown(quantiles[3])}, 90 % from "
                        + $"{Shown(quantiles[0])} to {Shown(quantiles[4])}{Limit(report.Median, result.Finest)}",
                .. WrittenFiles.Lines(report.Files),
            ]);
    }

    private static string Shown(double? resolution) => resolution is null ? "no signal" : Texts.Resolution(resolution);

    /// <summary>What a median says that is as fine as this measure goes.</summary>
    internal static string Limit(double? median, double finest) =>
        median <= 1.001 * finest ? Texts.Line($"; {finest:F2} A is the finest that can be measured here, so half of the mask may be finer") : string.Empty;

    /// <summary>
    /// The warning where the half maps, or what the mask leaves of them, have nothing in common: the windows of coarse bands are wide, and what is read in
    /// solvent is the structure beside it.
    /// </summary>
    private static string? NoSignal(HalfMap half1, HalfMap half2, SolventMask mask, ComputeOptions compute)
    {
        var whole = SignalTest.Measure(half1, half2, null, compute);
        var inside = SignalTest.Measure(half1, half2, mask, compute);
        return !whole.Found ? $"no signal: {whole.Describe("the half maps")}"
            : !inside.Found
                ? $"no signal: {inside.Describe("inside the mask the half maps")}; what the map of local resolution shows there is the structure beside it"
            : null;
    }
}
