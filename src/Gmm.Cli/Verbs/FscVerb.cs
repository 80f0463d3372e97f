using System.CommandLine;
using System.Globalization;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm fsc: Fourier shell correlation of two maps.</summary>
internal sealed class FscVerb : VerbCommand
{
    private readonly Argument<string> _a = new("A.mrc") { Description = "One map, such as run_half1_unfil.mrc." };
    private readonly Argument<string> _b = new("B.mrc") { Description = "The other, of the same box and pixel size." };
    private readonly Option<string?> _mask = new("--mask") { HelpName = "MASK.mrc", Description = "Soft mask, 0 to 1, that multiplies both maps." };
    private readonly Option<bool> _correct = new("--phase-randomise") { Description = "Takes out what the mask itself correlates, by phase randomisation, as relion_postprocess does; needs --mask." };
    private readonly Option<string?> _out = new("--out", "-o") { HelpName = "PREFIX", Description = "Writes PREFIX.star (RELION's columns), PREFIX.xml (EMDB's form) and PREFIX.svg (a picture)." };

    public FscVerb()
        : base(
            "fsc",
            "Compares two maps by Fourier shell correlation.",
            "Compares two maps by Fourier shell correlation. Of two half maps the curve gives the resolution: where it first falls below 0.143, interpolated between shells. Between a map and a model 0.5 is usual.",
            "gmm fsc run_half1_unfil.mrc run_half2_unfil.mrc --mask mask.mrc --phase-randomise",
            "gmm fsc half1.mrc half2.mrc --out fsc --json")
    {
        Arguments.Add(_a);
        Arguments.Add(_b);
        AddOptions(_mask, _correct, _out);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (a, b, maskFile) = (call.Get(_a), call.Get(_b), call.Get(_mask));
        InputFiles.Check(a, b, maskFile);
        var files = call.Get(_out) is { } prefix ? new[] { prefix + ".star", prefix + ".xml", prefix + ".svg" } : [];
        OutputFiles.Check(call.Overwrite, files);
        if (call.Get(_correct) && maskFile is null)
        {
            throw new InvalidInputException("corrects for a mask, so --mask is needed too", "--phase-randomise");
        }

        var half1 = MrcFile.ReadHalfMap(a, 1);
        var half2 = MrcFile.ReadHalfMap(b, 2);
        MapInputs.RequireSameGrid(half1, half2, a, b);
        var mask = maskFile is null ? null : MrcFile.ReadMask(maskFile);
        if (mask is not null)
        {
            MapInputs.RequireSameGrid(half1, mask, a, maskFile!);
        }

        var columns = Curves(call, half1, half2, mask, out var curve);
        if (files.Length > 0)
        {
            OutputFiles.MakeFolders(files);
            var frequencies = curve.Frequencies;
            var general = new[] { new StarPair("rlnFinalResolution", curve.Resolution(0.143).ToString("F6", CultureInfo.InvariantCulture)) };
            FscFile.WriteStar(files[0], frequencies, columns, general, call.Overwrite);
            FscFile.WriteXml(files[1], frequencies, curve.Values, $"FSC of {Path.GetFileName(a)} and {Path.GetFileName(b)}", call.Overwrite);
            FscChart.Create([.. columns.Select(c => (NameOf(c.Label), frequencies.ToArray(), c.Values.ToArray()))], $"{Path.GetFileName(a)} and {Path.GetFileName(b)}", [0.143, 0.5])
                .Save(files[2], call.Overwrite);
        }

        var report = new FscReport(
            Maps.Resolution(curve, 0.143), !curve.Falls(0.143), Maps.Resolution(curve, 0.5), !curve.Falls(0.5), mask is not null,
            [.. curve.Values.Select((v, s) => new ShellReport(Math.Round(curve.Frequency(s), 8), Texts.Finite(Math.Round(v, 6))))]);
        return VerbResult.Of(report, CliJson.Default.FscReport, Describe(curve, report, files));
    }

    private List<FscColumn> Curves(VerbCall call, HalfMap half1, HalfMap half2, SolventMask? mask, out FscCurve curve)
    {
        if (mask is null)
        {
            curve = FourierShellCorrelation.Between(half1, half2, null, call.Compute);
            return [new(FscFile.Unmasked, curve.Values)];
        }

        var masked = FourierShellCorrelation.Between(half1, half2, mask, call.Compute);
        if (!call.Get(_correct))
        {
            curve = masked;
            return [new(FscFile.Unmasked, FourierShellCorrelation.Between(half1, half2, null, call.Compute).Values), new(FscFile.Masked, masked.Values)];
        }

        var all = FourierShellCorrelation.PhaseRandomised(half1, half2, mask, call.Compute);
        curve = all.Corrected;
        return
        [
            new(FscFile.Corrected, all.Corrected.Values), new(FscFile.Unmasked, all.Unmasked.Values),
            new(FscFile.Masked, all.Masked.Values), new(FscFile.PhaseRandomized, all.Randomised.Values),
        ];
    }

    private static string NameOf(string label) => label switch
    {
        FscFile.Unmasked => "unmasked",
        FscFile.Masked => "masked",
        FscFile.PhaseRandomized => "phases random",
        _ => "corrected",
    };

    private static List<string> Describe(FscCurve curve, FscReport report, string[] files)
    {
        var lines = new List<string> { "shell   resolution (A)       FSC" };
        for (var s = 1; s < curve.Count; s++)
        {
            lines.Add(Texts.Line($"{s,5}   {1 / curve.Frequency(s),14:F2}   {curve[s],7:F3}"));
        }

        lines.Add($"resolution {Texts.Resolution(report.Resolution0143, report.ResolutionIsNyquist)} at 0.143, {Texts.Resolution(report.Resolution05, report.Resolution05IsNyquist)} at 0.5");
        if (files.Length > 0)
        {
            lines.Add($"wrote {string.Join(", ", files)}");
        }

        return lines;
    }
}
