using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Reports;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>gmm postprocess: resolution, sharpening and filtering of two half maps.</summary>
internal sealed class PostprocessVerb : VerbCommand
{
    /// <summary>Largest B factor to either side, square angstrom: a map of 20 A changes by e^6 there, at its finest shell.</summary>
    private const double MostBFactor = 1e4;

    private readonly Argument<string> _half1 = Declare.Argument("HALF1.mrc", "Half map 1, unfiltered, unmasked.");
    private readonly Argument<string> _half2 = Declare.Argument("HALF2.mrc", "Half map 2.");
    private readonly Option<string> _out = Declare.Out(
        "PREFIX", "Writes PREFIX.mrc, PREFIX_masked.mrc, PREFIX_local.mrc (filtered to the local resolution in place of the global one), "
            + "PREFIX_fsc.star (RELION's columns), PREFIX_fsc.xml (EMDB's form), pictures of the curves and the Guinier plot (.svg, .png), "
            + "PREFIX.cxc for ChimeraX, and PREFIX_report.html, a page that shows it all.");
    private readonly Option<string?> _mask = Declare.Mask("Soft mask, 0 to 1; made from the half maps by default, as 'gmm mask' does.");
    private readonly Option<string?> _model = Declare.Model(
        "PDB or mmCIF file: the map gets the radial amplitudes of a map simulated from it at 2 A in place of a B factor.");
    private readonly Option<double?> _bFactor = Declare.Number("--b-factor", "B", "B factor to apply, square angstrom; negative sharpens. Fitted by default.");
    private readonly Option<double> _fitFrom = Declare.Number("--fit-from", "A", "Coarse end of the Guinier fit, angstrom.", new PostProcessOptions().FitFrom);
    private readonly Option<double?> _fitTo = Declare.Number(
        "--fit-to", "A", "Fine end of the Guinier fit, angstrom; the resolution by default. RELION fits to Nyquist.");
    private readonly Option<double?> _lowPass = Declare.Number("--low-pass", "A", "Low-pass filter, angstrom; the resolution by default.");

    public PostprocessVerb()
        : base(
            "postprocess",
            "Measures the resolution of two half maps, sharpens and filters their mean.",
            "Measures the resolution of two half maps (masked FSC, corrected by phase randomisation), then sharpens and filters their mean: weighted "
                + "by sqrt(2 FSC / (1 + FSC)), a B factor fitted to the Guinier plot or the radial amplitudes of an atomic model, low-passed at the "
                + "resolution.",
            "gmm postprocess run_half1_unfil.mrc run_half2_unfil.mrc --mask mask.mrc --out post",
            "gmm postprocess half1.mrc half2.mrc --model 6vxx.pdb --out post --json")
    {
        Arguments.Add(_half1);
        Arguments.Add(_half2);
        AddOptions(_out, _mask, _model, _bFactor, _fitFrom, _fitTo, _lowPass);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (a, b, maskFile, modelFile) = (call.Get(_half1), call.Get(_half2), call.Get(_mask), call.Get(_model));
        InputFiles.Check(a, b, maskFile, modelFile);
        var files = new PostFiles(call.Get(_out));
        OutputFiles.Take(call, files.All);
        var options = ReadOptions(call);
        var clock = Stopwatch.StartNew();
        var (half1, half2, frame) = MapInputs.ReadHalves(a, b);
        var warnings = new List<string>();
        var mask = maskFile is null ? MapInputs.MakeMask(half1, half2, call.Compute, warnings) : MapInputs.ReadMask(maskFile, half1, a, warnings);
        if (modelFile is not null)
        {
            var atoms = AtomicInput.Atoms(modelFile, AtomicInput.Read(modelFile, call));
            options = options with
            {
                ModelAmplitudes = ErrorText.About(
                    modelFile, () => ModelAmplitudes.Of(atoms, half1.Size, half1.PixelSize, 2, call.Compute, call.CancellationToken)),
            };
        }

        var result = PostProcessor.Run(half1, half2, mask, options, call.Compute);
        warnings.AddRange(result.Warnings);
        call.Warn(warnings);
        var measured = MapWork.LocalResolution(half1, half2, call);
        var local = MapFilters.ByShell(measured.Filtered, result.SharpeningFactors, call.Compute);
        RequireFinite(result.Map, result.Masked, local);
        files.Write(result, local, frame, call);
        var page = new PostprocessPage
        {
            Half1 = (half1, a),
            Half2 = (half2, b),
            Mask = mask,
            MaskFile = maskFile,
            Result = result,
            Local = measured,
            LocalMap = local,
            Frame = frame.FirstVoxel,
            Program = call.Files.Program,
            Warnings = warnings,
            Files = files.All,
        };
        ReportWriting.AtEnd(call, files.Report, page.Make, modelFile);
        var unmasked = new NamedFsc("unmasked", FscFile.Unmasked, result.Curves.Unmasked, Found: result.Curves.Signal.Found);
        var report = new PostprocessReport(
            MapWork.Resolution(result.Curves), result.Curves.IsNyquist, MapWork.Resolution(result.Curves, 0.5), unmasked.Resolution,
            result.BFactor is { } value ? Math.Round(value, 3) : null, modelFile is not null,
            Math.Round(1 / result.Curves.Corrected.Frequency(result.Curves.RandomisedFrom), 4),
            [.. warnings], Math.Round(clock.Elapsed.TotalSeconds, 2), call.Drawn(files.All));
        return VerbResult.Of(
            report, MapReports.Default.PostprocessReport,
            [
                report.NoResolution
                    ? "no resolution: see the warning"
                    : $"resolution {Texts.Resolution(report.Resolution0143, report.ResolutionIsNyquist)} at FSC 0.143 (masked, corrected), "
                        + $"{Texts.Resolution(report.Resolution05)} at 0.5; unmasked {Texts.Resolution(report.ResolutionUnmasked)}",
                result.BFactor is { } applied ? Texts.Line($"sharpened by a B factor of {applied:F1} A^2")
                    : modelFile is not null ? $"sharpened to the amplitudes of {modelFile}" : "not sharpened (see the warning)",
                .. WrittenFiles.Lines(report.Files),
            ]);
    }

    /// <summary>Checks all maps before the first is written.</summary>
    private void RequireFinite(params IEnumerable<DensityMap> maps)
    {
        if (maps.Any(m => m.Voxels.ContainsAnyExceptInRange(float.MinValue, float.MaxValue)))
        {
            throw new InvalidInputException("sharpens so much that the map's values would not be finite numbers; nothing is written", _bFactor.Name);
        }
    }

    private PostProcessOptions ReadOptions(VerbCall call)
    {
        foreach (var (name, value) in new[] { ("--fit-from", (double?)call.Get(_fitFrom)), ("--fit-to", call.Get(_fitTo)), ("--low-pass", call.Get(_lowPass)) })
        {
            if (value is { } v && !(v > 0 && double.IsFinite(v)))
            {
                throw new InvalidInputException("the resolution must be positive", name);
            }
        }

        if (call.Get(_bFactor) is not null && call.Get(_model) is not null)
        {
            throw new InvalidInputException("--model takes the place of a B factor; give one of them", "--b-factor");
        }

        if (call.Get(_bFactor) is < -MostBFactor or > MostBFactor)
        {
            throw new InvalidInputException(Texts.Line($"must be from {-MostBFactor} to {MostBFactor} square angstrom"), "--b-factor");
        }

        return new PostProcessOptions { BFactor = call.Get(_bFactor), FitFrom = call.Get(_fitFrom), FitTo = call.Get(_fitTo), LowPass = call.Get(_lowPass) };
    }
}
