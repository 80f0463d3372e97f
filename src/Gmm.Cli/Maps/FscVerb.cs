using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>gmm fsc: Fourier shell correlation of two maps, or of a map and a model.</summary>
internal sealed class FscVerb : VerbCommand
{
    private const string ModelLabel = "gmmFourierShellCorrelationModel";
    private const string RegionLabel = "gmmFourierShellCorrelationRegion";

    private readonly Argument<string> _a = Declare.Argument("A.mrc", "One map, such as run_half1_unfil.mrc.");
    private readonly Argument<string?> _b = Declare.OptionalArgument("B.mrc", "The other, of the same box and pixel size; may be left out with --model.");
    private readonly Option<string?> _mask = Declare.Mask("Soft mask, 0 to 1, that multiplies both maps.");
    private readonly Option<bool> _correct = Declare.Flag(
        "--phase-randomise", "Takes out what a mask itself correlates, by phase randomisation, as relion_postprocess does (the mean over all draws of the "
            + "phases, so no seed matters); needs --mask or --region.");
    private readonly Option<string[]> _regions = new("--region")
    {
        HelpName = "MASK.mrc",
        Description = "A mask of a part of the map, which gets a curve of its own; may be repeated.",
    };
    private readonly Option<string?> _model = Declare.Model(
        "An atomic model in the frame of A (.pdb, .cif, also .gz): the map (the mean of A and B) is compared with a map of it too. 0.5 "
            + "is the usual threshold.");
    private readonly Option<bool> _centre = AtomicInput.MakeCentreOption();
    private readonly Option<string?> _out = new("--out", "-o")
    {
        HelpName = "PREFIX",
        Description = "Writes PREFIX.star (RELION's columns), PREFIX.xml (EMDB's form, the first curve), PREFIX.csv and a picture, PREFIX.svg and PREFIX.png.",
    };

    public FscVerb()
        : base(
            "fsc",
            "Compares two maps, or a map and a model, by Fourier shell correlation.",
            "Compares two maps by Fourier shell correlation. Of two half maps the curve gives the resolution: where it first falls below 0.143, "
                + "interpolated between shells. Between a map and a model 0.5 is usual.",
            "gmm fsc run_half1_unfil.mrc run_half2_unfil.mrc --mask mask.mrc --phase-randomise",
            "gmm fsc half1.mrc half2.mrc --region head.mrc --region tail.mrc --out fsc --json",
            "gmm fsc postprocess.mrc --model model.pdb --out fsc_model")
    {
        Arguments.Add(_a);
        Arguments.Add(_b);
        AddOptions(_mask, _correct, _regions, _model, _centre, _out);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (a, b, maskFile, modelFile) = (call.Get(_a), call.Get(_b), call.Get(_mask), call.Get(_model));
        var regions = call.Get(_regions) ?? [];
        InputFiles.Check([a, b, maskFile, modelFile, .. regions]);
        var files = call.Get(_out) is { } prefix ? new FscFiles(prefix) : null;
        OutputFiles.Take(call, files?.All ?? []);
        RequireSense(call, b, maskFile, regions);
        var warnings = new List<string>();
        var frame = MrcFile.ReadVolume(a);
        var map = frame.ToDensityMap();
        MapInputs.RequireVaried(map, a);
        var mask = maskFile is null ? null : MapInputs.ReadMask(maskFile, map, a, warnings);
        var curves = new List<NamedFsc>();
        double? randomised = null;
        if (b is not null)
        {
            var (half1, half2) = (new HalfMap(map.Size, map.PixelSize, map.Voxels, 1), MrcFile.ReadHalfMap(b, 2));
            MapChecks.RequireGrid(half2, b, half1.Size, half1.PixelSize, $"{a} has");
            MapInputs.RequireVaried(half2, b);
            CheckDiffer(call, half1, half2, a, b, warnings);
            randomised = AddHalves(call, curves, half1, half2, mask, warnings);
            AddRegions(call, curves, half1, half2, a, regions, warnings);
            map = modelFile is null ? map : new HalfMapPair(half1, half2, 1, 1).Mean();
        }

        if (modelFile is not null)
        {
            curves.Add(new("model", ModelLabel, AgainstModel(call, map, frame, modelFile, mask, warnings), 0.5));
        }

        WarnOfLevel(curves, warnings);
        call.Warn(warnings);
        files?.Write(curves, $"FSC of {Path.GetFileName(a)} and {Path.GetFileName(b ?? modelFile)}", call);
        return Describe(curves, mask is not null, randomised, warnings, call.Drawn(files?.All ?? []));
    }

    private void RequireSense(VerbCall call, string? b, string? mask, string[] regions)
    {
        if (call.Get(_correct) && mask is null && regions.Length == 0)
        {
            throw new InvalidInputException("corrects for a mask, so --mask is needed too", "--phase-randomise");
        }

        if (b is null && call.Get(_model) is null)
        {
            throw new InvalidInputException("a second map or --model is needed to compare with", call.Get(_a));
        }

        if (b is null && (call.Get(_correct) || regions.Length > 0))
        {
            throw new InvalidInputException("is for two half maps; give the second", call.Get(_correct) ? "--phase-randomise" : "--region");
        }
    }

    /// <summary>A map and itself correlate by 1 in every shell, which is no resolution; as halves of a gold-standard curve they are refused.</summary>
    private void CheckDiffer(VerbCall call, HalfMap half1, HalfMap half2, string a, string b, List<string> warnings)
    {
        if (MapInputs.Sameness(half1, half2, a, b) is not { } same)
        {
            return;
        }

        if (call.Get(_correct))
        {
            throw new InvalidInputException($"{same}; two independent half maps are needed", b);
        }

        warnings.Add($"{b} {same}: a correlation of 1 everywhere says nothing about the resolution");
    }

    /// <summary>Adds the curves of the whole map, the one that counts first.</summary>
    private double? AddHalves(VerbCall call, List<NamedFsc> curves, HalfMap half1, HalfMap half2, SolventMask? mask, List<string> warnings)
    {
        if (mask is not null && call.Get(_correct))
        {
            var all = FourierShellCorrelation.PhaseRandomised(half1, half2, mask, call.Compute);
            var both = all.Signal.Found && all.MaskedSignal.Found;
            curves.Add(new("corrected", FscFile.Corrected, all.Corrected, Found: both));
            curves.Add(new("masked", FscFile.Masked, all.Masked, Found: both));
            curves.Add(new("unmasked", FscFile.Unmasked, all.Unmasked, Found: all.Signal.Found));
            curves.Add(new("phases random", FscFile.PhaseRandomized, all.Randomised, Found: false));
            warnings.AddRange(all.Warnings());
            return Math.Round(1 / all.Corrected.Frequency(all.RandomisedFrom), 4);
        }

        var signal = SignalTest.Measure(half1, half2, null, call.Compute);
        if (mask is not null)
        {
            curves.Add(Inside("masked", FscFile.Masked, half1, half2, mask, signal, "inside the mask the maps", call, warnings));
        }

        curves.Add(new("unmasked", FscFile.Unmasked, FourierShellCorrelation.Between(half1, half2, null, call.Compute), Found: signal.Found));
        if (!signal.Found)
        {
            warnings.Add($"no resolution: {signal.Describe("the maps")}");
        }

        return null;
    }

    private void AddRegions(VerbCall call, List<NamedFsc> curves, HalfMap half1, HalfMap half2, string a, string[] files, List<string> warnings)
    {
        SignalTest? whole = null;
        for (var i = 0; i < files.Length; i++)
        {
            var region = MapInputs.ReadMask(files[i], half1, a, warnings);
            var name = files.Select(Path.GetFileName).Distinct().Count() == files.Length ? Path.GetFileName(files[i]) : files[i];
            var label = Texts.Line($"{RegionLabel}{i + 1}");
            if (call.Get(_correct))
            {
                var all = FourierShellCorrelation.PhaseRandomised(half1, half2, region, call.Compute);
                warnings.AddRange(all.Warnings().Select(w => $"{files[i]}: {w}"));
                curves.Add(new(name, label, all.Corrected, Found: all.Signal.Found && all.MaskedSignal.Found));
            }
            else
            {
                whole ??= SignalTest.Measure(half1, half2, null, call.Compute);
                curves.Add(Inside(name, label, half1, half2, region, whole, $"inside {files[i]} the maps", call, warnings));
            }
        }
    }

    /// <summary>The uncorrected curve inside a mask, with a warning where it is chance.</summary>
    private static NamedFsc Inside(
        string name, string label, HalfMap half1, HalfMap half2, SolventMask mask, SignalTest whole, string what, VerbCall call, List<string> warnings)
    {
        var signal = SignalTest.Measure(half1, half2, mask, call.Compute);
        if (whole.Found && !signal.Found)
        {
            warnings.Add($"no resolution: {signal.Describe(what)}");
        }

        return new(name, label, FourierShellCorrelation.Between(half1, half2, mask, call.Compute), Found: whole.Found && signal.Found);
    }

    private FscCurve AgainstModel(VerbCall call, DensityMap map, MrcVolume frame, string file, SolventMask? mask, List<string> warnings)
    {
        var atoms = AtomicInput.Atoms(file, AtomsInBox.Read(file, call.Get(_centre), map.Size, map.PixelSize, AtomicInput.BoxCentre(frame), call).Model);
        if (ModelPlace.Warning(frame with { Voxels = map.Voxels }, call.Get(_a), atoms, file, call.Get(_centre)) is { } elsewhere)
        {
            warnings.Add(elsewhere);
        }

        return ModelFsc.Measure(map, frame.FirstVoxel, atoms, mask, call.Compute, call.CancellationToken);
    }

    private static void WarnOfLevel(List<NamedFsc> curves, List<string> warnings)
    {
        foreach (var c in curves.Where(c => c.Found && c.Label is not FscFile.Corrected && !c.Curve.Falls(c.Threshold)))
        {
            warnings.Add(Texts.Line($"the {c.Name} curve never falls below {c.Threshold}; the resolution given is Nyquist, {2 * c.Curve.PixelSize:0.##} A"));
        }
    }

    private static VerbResult Describe(List<NamedFsc> curves, bool masked, double? randomised, List<string> warnings, string[] files)
    {
        FscCurveReport[] reports =
        [
            .. curves.Where(c => c.Label != FscFile.PhaseRandomized).Select(c => new FscCurveReport(
                c.Name, c.At(0.143), c.Found && !c.Curve.Falls(0.143), c.At(0.5), c.Found && !c.Curve.Falls(0.5))),
        ];
        var (first, curve) = (reports[0], curves[0].Curve);
        var report = new FscReport(
            first.Resolution0143, first.ResolutionIsNyquist, first.Resolution05, first.Resolution05IsNyquist, masked,
            [.. curve.Values.Select((v, s) => new ShellReport(Math.Round(curve.Frequency(s), 8), Texts.Finite(Math.Round(v, 6))))],
            reports, randomised, [.. warnings], files);
        var lines = new List<string> { $"shell   resolution (A)   {string.Join("   ", curves.Select(c => c.Name.PadLeft(7)))}" };
        for (var s = 1; s < curve.Count; s++)
        {
            var values = curves.Select(c => Texts.Line($"{c.Curve[s]:F3}").PadLeft(Math.Max(7, c.Name.Length)));
            lines.Add(Texts.Line($"{s,5}   {1 / curve.Frequency(s),14:F2}   {string.Join("   ", values)}"));
        }

        lines.AddRange(reports.Select(r => (reports.Length > 1 ? r.Name + ": " : string.Empty)
            + (r.Resolution0143 is null ? "no resolution"
                : $"resolution {Texts.Resolution(r.Resolution0143, r.ResolutionIsNyquist)} at 0.143, "
                    + $"{Texts.Resolution(r.Resolution05, r.Resolution05IsNyquist)} at 0.5")));
        if (files.Length > 0)
        {
            lines.AddRange(WrittenFiles.Lines(files));
        }

        return VerbResult.Of(report, MapReports.Default.FscReport, lines);
    }
}
