using Gmm.IO;
using Gmm.Maps;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>The files of fsc.</summary>
/// <param name="Prefix">What their names begin with.</param>
internal sealed record FscFiles(string Prefix)
{
    public string[] All => [Prefix + ".star", Prefix + ".xml", Prefix + ".csv", Prefix + ".svg", Prefix + ".png"];

    /// <summary>Writes tables and pictures.</summary>
    /// <param name="curves">The curves; the first is that of the XML.</param>
    /// <param name="title">Title of XML and picture.</param>
    /// <param name="call">The call.</param>
    public void Write(IReadOnlyList<NamedFsc> curves, string title, VerbCall call)
    {
        var overwrite = call.Overwrite;
        var first = curves[0].Curve;
        var frequencies = first.Frequencies.ToArray();
        FscFile.WriteStar(
            Prefix + ".star", frequencies, [.. curves.Select(c => new FscColumn(c.Label, c.Curve.Values))],
            [new StarPair("rlnFinalResolution", FscFile.FinalResolution(curves[0].Resolution))], overwrite);
        FscFile.WriteXml(Prefix + ".xml", frequencies, first.Values, title, overwrite);
        FscFile.WriteCsv(Prefix + ".csv", frequencies, [.. curves.Select(c => new FscColumn(c.Name, c.Curve.Values))], overwrite);
        var chart = FscChart.Create([.. curves.Select(c => (c.Legend, frequencies, c.Curve.Values.ToArray()))], title, [0.143, 0.5]);
        Pictures.Save(call, chart, overwrite, Prefix + ".svg", Prefix + ".png");
    }
}

/// <summary>A curve of fsc.</summary>
/// <param name="Name">Name in the picture and the CSV table.</param>
/// <param name="Label">Label of its STAR column.</param>
/// <param name="Curve">The curve.</param>
/// <param name="Threshold">Correlation at which its resolution is read.</param>
/// <param name="Found">Whether there is signal; if not the curve gives no resolution.</param>
internal sealed record NamedFsc(string Name, string Label, FscCurve Curve, double Threshold = 0.143, bool Found = true)
{
    /// <summary>The name with the resolution, for a legend.</summary>
    public string Legend => Label switch
    {
        // Of random phases nobody asks the resolution.
        FscFile.PhaseRandomized => "masked, " + Name,
        FscFile.Corrected when Found => FscChart.Label("masked, " + Name, Curve, Threshold),
        _ => Found ? FscChart.Label(Name, Curve, Threshold) : Name + ": no signal",
    };

    /// <summary>The resolution at its threshold; null where there is none.</summary>
    public double? Resolution => At(Threshold);

    /// <summary>The resolution at a threshold; null where there is none.</summary>
    public double? At(double threshold) => Found && Curve[1] >= threshold ? Math.Round(Curve.Resolution(threshold), 4) : null;
}
