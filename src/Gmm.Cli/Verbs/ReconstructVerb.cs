using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>gmm reconstruct: half maps from particles at their poses.</summary>
internal sealed class ReconstructVerb : VerbCommand
{
    private readonly ParticleInput _input = new();
    private readonly Option<string> _out = new("--out", "-o") { HelpName = "PREFIX", Required = true, Description = "Writes PREFIX_half1_unfil.mrc, PREFIX_half2_unfil.mrc and their mean PREFIX.mrc." };
    private readonly Option<double?> _resolution = new("--max-resolution") { HelpName = "A", Description = "Finest resolution used, angstrom; Nyquist by default." };
    private readonly Option<double> _padding = new("--padding") { HelpName = "F", Description = "Side of the Fourier grid over the side of the map.", DefaultValueFactory = _ => new ReconstructionOptions().PaddingFactor };

    public ReconstructVerb()
        : base(
            "reconstruct",
            "Makes half maps from particles at their poses.",
            "Makes half maps from particles at the poses in their file, by direct Fourier inversion with CTF weighting. The half maps are unfiltered and unmasked; a particle's half set is its rlnRandomSubset.",
            "gmm reconstruct run_data.star --out maps/run",
            "gmm reconstruct particles.star --out rec --root /data/project --max-resolution 6 --json")
    {
        Arguments.Add(_input.Star);
        AddOptions([_out, .. _input.Options, _resolution, _padding]);
    }

    public override VerbResult Execute(VerbCall call)
    {
        InputFiles.Check(call.Get(_input.Star));
        var files = new MapFiles(call.Get(_out));
        string[] outputs = [.. files.All, .. files.Orientations];
        OutputFiles.Check(call.Overwrite, outputs);
        using var particles = _input.Open(call);
        var options = new ReconstructionOptions { MaxResolution = call.Get(_resolution), PaddingFactor = call.Get(_padding) };
        if (options.PaddingFactor is not (>= 1.2 and <= 4))
        {
            throw new InvalidInputException("the padding must be from 1.2 to 4", "--padding");
        }

        if (options.MaxResolution is not null and not > 0)
        {
            throw new InvalidInputException("the resolution must be positive", "--max-resolution");
        }

        var clock = Stopwatch.StartNew();
        var maps = Maps.Reconstruct(particles, null, options, call);
        var seconds = clock.Elapsed.TotalSeconds;
        files.Write(maps, call.Overwrite);
        Pictures.Orientations(files.Orientations, particles.Particles.Select(p => p.Pose.Rotation), call.Overwrite);
        var fsc = FourierShellCorrelation.GoldStandard(maps.Half1, maps.Half2, null, call.Compute);
        var count = maps.Count1 + maps.Count2;
        var report = new ReconstructReport(
            count, maps.Count1, maps.Count2, maps.Half1.Size, maps.Half1.PixelSize, Maps.Resolution(fsc), !fsc.Falls(),
            Math.Round(count / seconds, 1), Math.Round(clock.Elapsed.TotalSeconds, 2), outputs);
        return VerbResult.Of(
            report, CliJson.Default.ReconstructReport,
            Texts.Line($"{report.Half1} + {report.Half2} particles, {report.ParticlesPerSecond} per second; unmasked half maps agree to {Texts.Resolution(report.Resolution0143, report.ResolutionIsNyquist)} (FSC 0.143)"),
            $"wrote {string.Join(", ", report.Files)}");
    }
}
