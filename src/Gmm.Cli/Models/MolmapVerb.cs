using System.CommandLine;
using System.Diagnostics;
using Gmm.Core;
using Gmm.IO;
using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>gmm molmap: a map of an atomic model.</summary>
internal sealed class MolmapVerb : VerbCommand
{
    private readonly Argument<string> _model = Declare.Argument("MODEL", "The atomic model (.pdb, .cif, also .gz).");
    private readonly Option<double> _resolution = Declare.RequiredNumber(
        "--resolution", "A", "Resolution d, angstrom: amplitudes fall as exp(-d^2/r^2), to 1/e at r = d (as ChimeraX's molmap).");
    private readonly Option<string> _out = Declare.Out("MAP.mrc", "The map; its ORIGIN lays it over the model.");
    private readonly Option<double?> _pixel = Declare.Number("--pixel-size", "A", "Voxel size, angstrom; needed without --like.");
    private readonly Option<int?> _box = Declare.Count(
        "--box", "N", "Voxels along each side; needed without --like. The box lies about the model's centre of mass; with --centre-model it begins at "
            + "the origin and the model is moved into it.");
    private readonly Option<string?> _like = Declare.Text("--like", "MAP.mrc", "Takes box, voxel size and place from this map, whose frame the model is in.");
    private readonly Option<bool> _centre = AtomicInput.MakeCentreOption();
    private readonly Option<bool> _plain = Declare.Flag("--no-b-factors", "Leaves the atoms' B factors out.");
    private readonly Option<bool> _waters = Declare.Flag("--waters", "Takes waters too.");
    private readonly Option<bool> _hydrogens = Declare.Flag("--hydrogens", "Takes hydrogens too.");

    public MolmapVerb()
        : base(
            "molmap",
            "Makes a map from an atomic model.",
            "Makes a map from an atomic model with electron scattering factors (Peng et al. 1996) and the atoms' B factors, in vacuum, at any "
                + "resolution from two voxels up.",
            "gmm molmap 5a1a.pdb --resolution 3 --pixel-size 1 --box 256 --out model.mrc",
            "gmm molmap model.cif --resolution 2.5 --like postprocess.mrc --out model.mrc")
    {
        Arguments.Add(_model);
        AddOptions(_resolution, _out, _pixel, _box, _like, _centre, _plain, _waters, _hydrogens);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var (modelFile, output, like) = (call.Get(_model), call.Get(_out), call.Get(_like));
        InputFiles.Check(modelFile, like);
        OutputFiles.RequireEnding(output, _out.Name, ".mrc", ".map", ".ccp4");
        OutputFiles.Take(call, output);
        var model = AtomicInput.Read(modelFile, call);
        var centre = SimulatedAtom.CentreOfMass(AtomicInput.Atoms(modelFile, model));
        var options = (like is null ? Around(call, centre) : Like(call, like)) with { UseBFactors = !call.Get(_plain) };
        model = call.Get(_centre) ? AtomicInput.Moved(model, centre, BoxCentre(options)) : model;
        var atoms = AtomicInput.Atoms(modelFile, model, call.Get(_waters), call.Get(_hydrogens));
        var clock = Stopwatch.StartNew();
        var map = ModelMap.Render(atoms, options, call.Compute, call.CancellationToken);
        MrcFile.WriteVolume(output, map, call.Overwrite);
        var report = new MolmapReport(
            atoms.Count, options.Resolution, [map.Size.X, map.Size.Y, map.Size.Z], options.PixelSize,
            [Math.Round(options.Origin.X, 4), Math.Round(options.Origin.Y, 4), Math.Round(options.Origin.Z, 4)], Math.Round(clock.Elapsed.TotalSeconds, 2),
            [output]);
        return VerbResult.Of(
            report, ModelReports.Default.MolmapReport,
            Texts.Line($"{report.Atoms} atoms at {report.Resolution} A, {map.Size.X} x {map.Size.Y} x {map.Size.Z} voxels of {report.PixelSize:G5} A, ")
                + Texts.Line($"{report.WallSeconds} s"),
            $"wrote {output}");
    }

    private static (double X, double Y, double Z) BoxCentre(ModelMapOptions o) => (
        o.Origin.X + (o.Size.X / 2 * o.PixelSize), o.Origin.Y + (o.Size.Y / 2 * o.PixelSize), o.Origin.Z + (o.Size.Z / 2 * o.PixelSize));

    /// <summary>A box about the model; a model that is centred comes to a box at the origin.</summary>
    private ModelMapOptions Around(VerbCall call, (double X, double Y, double Z) centre)
    {
        var box = call.Get(_box) ?? throw new InvalidInputException("is needed unless --like gives it", "--box");
        var pixel = call.Get(_pixel) ?? throw new InvalidInputException("is needed unless --like gives it", "--pixel-size");
        var half = box / 2 * pixel;
        return new ModelMapOptions
        {
            Resolution = call.Get(_resolution),
            Size = (box, box, box),
            PixelSize = pixel,
            Origin = call.Get(_centre) ? (0, 0, 0) : (centre.X - half, centre.Y - half, centre.Z - half),
        };
    }

    private ModelMapOptions Like(VerbCall call, string like)
    {
        if (call.Get(_box) is not null || call.Get(_pixel) is not null)
        {
            throw new InvalidInputException("gives box and voxel size, so --box and --pixel-size cannot", "--like");
        }

        var map = MrcFile.ReadVolume(like);
        var p = map.PixelSize;
        if (Math.Abs(p.Y - p.X) > 1e-3 * p.X || Math.Abs(p.Z - p.X) > 1e-3 * p.X)
        {
            throw new InvalidInputException(Texts.Line($"voxels of {p.X:G6} x {p.Y:G6} x {p.Z:G6} angstrom are not cubes"), like, null, "header CELLA");
        }

        return new ModelMapOptions { Resolution = call.Get(_resolution), Size = map.Size, PixelSize = p.X, Origin = map.FirstVoxel };
    }
}
