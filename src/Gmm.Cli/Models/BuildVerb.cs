using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm build: a Gaussian model of a half map.</summary>
internal sealed class BuildVerb : VerbCommand
{
    private readonly Argument<string> _map = Declare.Argument("HALFMAP.mrc", "The map, best an unfiltered, unmasked half map.");
    private readonly Option<double> _resolution = Declare.RequiredNumber("--resolution", "A", "Resolution to which the model must describe the map, angstrom.");
    private readonly Option<string> _out = Declare.Out("MODEL.star", "The model: a STAR table of centres, amplitudes and widths.");
    private readonly Option<int?> _gaussians = GaussianCount.MakeOption();
    private readonly Option<string?> _model = Declare.Text(
        "--model", "FILE", "Starts from this atomic model (.pdb, .cif, also .gz; coordinates randomised at the resolution) or Gaussian model (.star) "
            + "instead of the map's density.");
    private readonly Option<bool> _centre = AtomicInput.MakeCentreOption();
    private readonly Option<string?> _mask = Declare.Mask("Soft solvent mask, 0 to 1, of the map's box.");
    private readonly Option<int> _iterations = Declare.Count(
        "--iterations", "N", "Most iterations of the fit.", new FitOptions { Resolution = 1 }.MaxIterations);
    private readonly Option<double> _goal = Declare.Number(
        "--goal-fsc", "F", "Stops when the mean map-model FSC reaches this; 1 never stops early.", new FitOptions { Resolution = 1 }.GoalFsc);
    private readonly DeviceInput _device = new("the model is compared with the map");

    public BuildVerb()
        : base(
            "build",
            "Builds a Gaussian model of a map.",
            "Builds a Gaussian model of a half map: seeds placed in its density or at an atomic model's atoms, then centres, amplitudes and widths "
                + "fitted to the map in Fourier space over all directions.",
            "gmm build run_half1_unfil.mrc --resolution 4 --out half1.star",
            "gmm build half1.mrc --resolution 3 --gaussians 8000 --mask mask.mrc --out half1.star",
            "gmm build half1.mrc --resolution 3 --model 6vxx.pdb --out half1.star")
    {
        Arguments.Add(_map);
        AddOptions([_resolution, _out, _gaussians, _model, _centre, _mask, _iterations, _goal, .. _device.Options]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (path, output, resolution) = (call.Get(_map), call.Get(_out), call.Get(_resolution));
        if (!(resolution > 0))
        {
            throw new InvalidInputException("the resolution must be positive", "--resolution");
        }

        if (call.Get(_goal) is not (> 0 and <= 1))
        {
            throw new InvalidInputException("must be over 0 and at most 1", "--goal-fsc");
        }

        if (call.Get(_iterations) is not (> 0 and <= 100_000))
        {
            throw new InvalidInputException("must be from 1 to 100000", "--iterations");
        }

        using var device = Devices.Open(_device.Read(call), call.Compute);
        InputFiles.Check(path, call.Get(_model), call.Get(_mask));
        OutputFiles.RequireEnding(output, _out.Name, ".star");
        OutputFiles.Take(call, output);
        var volume = MrcFile.ReadVolume(path);
        var map = volume.ToDensityMap();
        if (resolution < 2 * map.PixelSize)
        {
            throw new InvalidInputException(Texts.Line($"{resolution} A is beyond the map's Nyquist limit of {2 * map.PixelSize:F2} A"), "--resolution");
        }

        var mask = call.Get(_mask) is { } m ? MrcFile.ReadMask(m) : null;
        var clock = Stopwatch.StartNew();
        var build = Start(call, volume, map) with
        {
            Fit = new FitOptions { Resolution = resolution, MaxIterations = call.Get(_iterations), GoalFsc = call.Get(_goal) },
        };
        FitResult result;
        using (var line = new ProgressLine(call.Console, "fitting"))
        {
            var fitting = new Relay<FitProgress>(p => line.Report((double)p.Iteration / p.MaxIterations));
            result = device.ModelBuilder(new ModelBuilder()).Build(map, mask, build, call.Compute, fitting, call.CancellationToken);
        }

        GaussianModelFile.Write(output, result.Model.WithProvenance($"gmm build {Path.GetFileName(path)} to {resolution:g4} A"), call.Overwrite);
        var report = new BuildReport(
            result.Model.Count, Math.Round(result.MeanFsc, 4), resolution, result.Iterations, Math.Round(clock.Elapsed.TotalSeconds, 2), [output]);
        return VerbResult.Of(
            report, ModelReports.Default.BuildReport,
            Texts.Line($"{report.Gaussians} Gaussians, map-model FSC {report.MeanFsc:F3} on average to {resolution} A, {report.Iterations} ")
                + Texts.Line($"iterations, {report.WallSeconds} s"),
            $"wrote {output}");
    }

    private ModelBuildOptions Start(VerbCall call, MrcVolume volume, DensityMap map)
    {
        var options = new ModelBuildOptions { Resolution = call.Get(_resolution), Gaussians = call.Get(_gaussians) };
        if (call.Get(_model) is not { } file)
        {
            return options;
        }

        if (file.EndsWith(".star", StringComparison.OrdinalIgnoreCase))
        {
            return options with { Start = GaussianModelFile.Read(file) };
        }

        var (_, x, y, z) = AtomsInBox.Read(file, call.Get(_centre), map.Size, map.PixelSize, AtomicInput.BoxCentre(volume), call);
        return options with { Seeds = AtomicSeeder.Seed(x, y, z, options.Resolution, 0, options.Gaussians, call.Compute) };
    }
}
