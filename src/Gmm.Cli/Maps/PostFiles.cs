using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>The files of postprocess.</summary>
/// <param name="Prefix">What their names begin with.</param>
internal sealed record PostFiles(string Prefix)
{
    public string Map => Prefix + ".mrc";

    public string Masked => Prefix + "_masked.mrc";

    public string Local => Prefix + "_local.mrc";

    public string Star => Prefix + "_fsc.star";

    public string Xml => Prefix + "_fsc.xml";

    public string Script => Prefix + ".cxc";

    public string Report => Prefix + "_report.html";

    public string[] All =>
        [Map, Masked, Local, Star, Xml, Prefix + "_fsc.svg", Prefix + "_fsc.png", Prefix + "_guinier.svg", Prefix + "_guinier.png", Script, Report];

    /// <summary>Writes maps, tables, pictures and the ChimeraX script.</summary>
    public void Write(PostProcessResult result, DensityMap local, MrcVolume frame, VerbCall call)
    {
        var overwrite = call.Overwrite;
        MrcFile.WriteMap(Map, result.Map, overwrite, frame);
        MrcFile.WriteMap(Masked, result.Masked, overwrite, frame);
        MrcFile.WriteMap(Local, local, overwrite, frame);
        var curves = result.Curves;
        var frequencies = curves.Corrected.Frequencies.ToArray();
        FscFile.WriteStar(
            Star, frequencies,
            [
                new(FscFile.Corrected, curves.Corrected.Values), new(FscFile.Unmasked, curves.Unmasked.Values),
                new(FscFile.Masked, curves.Masked.Values), new(FscFile.PhaseRandomized, curves.Randomised.Values),
            ],
            [.. General(result)], overwrite);
        FscFile.WriteXml(Xml, frequencies, curves.Corrected.Values, "Gold-standard FSC, masked, corrected by phase randomisation", overwrite);
        Pictures.Save(call, FscChart.Create(curves), overwrite, Prefix + "_fsc.svg", Prefix + "_fsc.png");
        Pictures.Save(call, GuinierChart.Create(result.Guinier, result.BFactor), overwrite, Prefix + "_guinier.svg", Prefix + "_guinier.png");

        ChimeraXScript.Write(
            Script, [("sharpened, masked", Masked), ("sharpened, filtered to the local resolution", Local)], 4,
            $"{(result.BFactor is null ? "Map" : "Sharpened map")}, {Texts.Resolution(result.Resolution)}.", overwrite);
    }

    private static IEnumerable<StarPair> General(PostProcessResult result)
    {
        yield return new("rlnFinalResolution", FscFile.FinalResolution(result.Resolution));
        if (result.BFactor is { } b)
        {
            yield return new("rlnBfactorUsedForSharpening", Texts.Line($"{b:F6}"));
        }

        yield return new("rlnRandomiseFrom", Texts.Line($"{1 / result.Curves.Corrected.Frequency(result.Curves.RandomisedFrom):F6}"));
        if (result.Guinier.Fit is { } fit)
        {
            yield return new("rlnFittedSlopeGuinierPlot", Texts.Line($"{fit.Slope:F6}"));
            yield return new("rlnFittedInterceptGuinierPlot", Texts.Line($"{fit.Intercept:F6}"));
            yield return new("rlnCorrelationFitGuinierPlot", Texts.Line($"{fit.Correlation:F6}"));
        }
    }
}
