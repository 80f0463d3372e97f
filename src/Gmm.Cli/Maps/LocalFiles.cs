using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>The files of localres.</summary>
/// <param name="Map">The resolution map.</param>
internal sealed record LocalFiles(string Map)
{
    /// <summary>Levels of the quantiles; the middle one is the median.</summary>
    public static readonly double[] Levels = [0.05, 0.25, 0.5, 0.75, 0.95];

    private string Stem => Map.EndsWith(".mrc", StringComparison.OrdinalIgnoreCase) ? Map[..^4] : Map;

    public string Filtered => Stem + "_filtered.mrc";

    public string Script => Stem + ".cxc";

    public string[] All => [Map, Filtered, .. Histogram, Script];

    private string[] Histogram => [Stem + "_histogram.svg", Stem + "_histogram.png"];

    /// <summary>The files that are written: of noise there is no histogram.</summary>
    public string[] Written(bool signal) => signal ? All : [.. All.Except(Histogram)];

    /// <summary>Writes maps, pictures and script.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="mask">Where.</param>
    /// <param name="frame">Header of the half maps.</param>
    /// <param name="signal">Whether there is anything; of noise no histogram is drawn, and an earlier one goes.</param>
    /// <param name="call">The call.</param>
    public void Write(LocalResolutionResult result, SolventMask mask, MrcVolume frame, bool signal, VerbCall call)
    {
        var overwrite = call.Overwrite;
        MrcFile.WriteMap(Map, result.Resolution, overwrite, frame);
        MrcFile.WriteMap(Filtered, result.Filtered, overwrite, frame);
        var q = result.Quantiles(mask, 0.01, 0.05, 0.95, 0.99).Select(v => Math.Min(v, result.Resolution.BoxLength)).ToArray();
        if (signal)
        {
            Draw(result, mask, q, call);
        }
        else if (overwrite)
        {
            Array.ForEach(Histogram, File.Delete);
        }

        ChimeraXScript.WriteColoured(Script, Filtered, Map, q[1], q[2], 4, "The map filtered to its local resolution, coloured by it.", overwrite);
    }

    private void Draw(LocalResolutionResult result, SolventMask mask, double[] q, VerbCall call)
    {
        var axis = new ChartAxis("Local resolution (Å)") { Minimum = Math.Floor(q[0]), Maximum = Math.Ceiling(q[3] + 1e-6) };
        var chart = new HistogramChart("Local resolution inside the mask", axis, [("inside the mask", result.Inside(mask))]);
        Pictures.Save(call, chart, call.Overwrite, Histogram);
    }
}
