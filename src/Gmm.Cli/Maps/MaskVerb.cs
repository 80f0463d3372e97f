using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Cli;

/// <summary>gmm mask: a soft mask from half maps, a model or a sphere.</summary>
internal sealed class MaskVerb : VerbCommand
{
    private readonly Argument<string> _half1 = Declare.Argument("HALF1.mrc", "Half map 1; with --model or --sphere, any map of the box that the mask is for.");
    private readonly Argument<string?> _half2 = Declare.OptionalArgument("HALF2.mrc", "Half map 2; not needed with --model, --sphere or --threshold.");
    private readonly Option<string> _out = Declare.Out("MASK.mrc", "The mask, 0 to 1, in the frame of HALF1.");
    private readonly Option<double?> _threshold = Declare.Number(
        "--threshold", "T", "Density of the low-passed map from which a voxel is inside; found from the noise of the half maps by default.");
    private readonly Option<double?> _lowPass = Declare.Number(
        "--low-pass", "A", "Low-pass filter before the threshold, angstrom; 15, or five voxels if that is more, by default; 0 is none, with --threshold.");
    private readonly Option<double?> _extend = Declare.Number(
        "--extend", "A", "How far the inside is extended, angstrom; 4, or two voxels, by default; from the atoms of a model 6, or three voxels.");
    private readonly Option<double?> _softEdge = Declare.Number(
        "--soft-edge", "A", "Width of the raised-cosine edge outside that, angstrom; 8, or four voxels, by default.");
    private readonly Option<double?> _sphere = Declare.Number("--sphere", "RADIUS", "Makes a sphere about the box centre, radius in angstrom.");
    private readonly Option<string?> _model = Declare.Model("Makes the mask around the atoms of a PDB or mmCIF file in the frame of HALF1.");
    private readonly Option<bool> _centre = AtomicInput.MakeCentreOption();
    private readonly Option<string?> _and = Declare.Text("--and", "MASK.mrc", "Keeps only what lies in this mask too.");
    private readonly Option<string?> _or = Declare.Text("--or", "MASK.mrc", "Adds this mask.");
    private readonly Option<string?> _without = Declare.Text("--without", "MASK.mrc", "Takes this mask away.");

    public MaskVerb()
        : base(
            "mask",
            "Makes a soft mask from half maps, a model or a sphere.",
            "Makes a soft mask. From two half maps it needs no number: their low-passed mean counts as structure where it stands out of the noise "
                + "that their difference shows. With --model it follows the atoms, with --sphere it is a sphere, with --threshold the density decides.",
            "gmm mask run_half1_unfil.mrc run_half2_unfil.mrc --out mask.mrc",
            "gmm mask map.mrc --model 6vxx.pdb --out mask.mrc --extend 8",
            "gmm mask map.mrc --sphere 60 --out sphere.mrc --without mask.mrc")
    {
        Arguments.Add(_half1);
        Arguments.Add(_half2);
        AddOptions(_out, _threshold, _lowPass, _extend, _softEdge, _sphere, _model, _centre, _and, _or, _without);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var file = call.Get(_out);
        InputFiles.Check(call.Get(_half1), call.Get(_half2), call.Get(_model), call.Get(_and), call.Get(_or), call.Get(_without));
        OutputFiles.RequireEnding(file, _out.Name, ".mrc", ".map", ".ccp4");
        OutputFiles.Take(call, file);
        RequireSense(call);
        var (mask, frame) = Make(call);
        mask = Combine(mask, call);
        MrcFile.WriteMap(file, mask, call.Overwrite, frame);
        var inside = mask.Voxels.Average(v => (double)v);
        var report = new MaskReport(
            mask.Size, mask.PixelSize, Math.Round(inside, 5), Math.Round(inside * Math.Pow(mask.BoxLength, 3)), [file]);
        return VerbResult.Of(
            report, MapReports.Default.MaskReport,
            Texts.Line($"the mask fills {100 * inside:F1} % of the box, {report.Volume / 1000:F0} nm^3"), $"wrote {file}");
    }

    private void RequireSense(VerbCall call)
    {
        foreach (var option in new[] { _lowPass, _extend, _softEdge })
        {
            if (call.Get(option) is { } value && !(value >= 0 && double.IsFinite(value)))
            {
                throw new InvalidInputException("must be 0 or more", option.Name);
            }
        }

        if (call.Get(_sphere) is { } radius && !(radius > 0 && double.IsFinite(radius)))
        {
            throw new InvalidInputException("the radius must be positive", "--sphere");
        }

        if (call.Get(_threshold) is { } threshold && !double.IsFinite(threshold))
        {
            throw new InvalidInputException("must be a number", "--threshold");
        }

        if (new[] { call.Get(_sphere) is not null, call.Get(_model) is not null, call.Get(_threshold) is not null }.Count(b => b) > 1)
        {
            throw new InvalidInputException("--sphere, --model and --threshold each make a mask; give one of them");
        }
    }

    private (SolventMask Mask, MrcVolume Frame) Make(VerbCall call)
    {
        var first = call.Get(_half1);
        if (call.Get(_half2) is { } second)
        {
            var (half1, half2, frame) = MapInputs.ReadHalves(first, second);
            return (call.Get(_sphere) is null && call.Get(_model) is null && call.Get(_threshold) is null
                ? SolventMasks.FromHalfMaps(half1, half2, PositiveLowPass(call), call.Get(_extend), call.Get(_softEdge), call.Compute)
                : FromOne(new HalfMapPair(half1, half2, 1, 1).Mean(), frame, call), frame);
        }

        var volume = MrcFile.ReadVolume(first);
        return (FromOne(volume.ToDensityMap(), volume, call), volume);
    }

    private double? PositiveLowPass(VerbCall call) =>
        call.Get(_lowPass) is 0 ? throw new InvalidInputException("0 (no filter) is only for --threshold", "--low-pass") : call.Get(_lowPass);

    private SolventMask FromOne(DensityMap map, MrcVolume frame, VerbCall call)
    {
        var pixel = map.PixelSize;
        var softEdge = call.Get(_softEdge) ?? Math.Max(8, 4 * pixel);
        if (call.Get(_sphere) is { } radius)
        {
            return SolventMasks.Sphere(map.Size, pixel, radius + (call.Get(_extend) ?? 0), softEdge);
        }

        if (call.Get(_model) is { } model)
        {
            var (placed, x, y, z) = AtomsInBox.Read(model, call.Get(_centre), map.Size, pixel, AtomicInput.BoxCentre(frame), call);
            var given = frame with { Voxels = map.Voxels };
            if (ModelPlace.Warning(given, call.Get(_half1), AtomicInput.Atoms(model, placed), model, call.Get(_centre)) is { } elsewhere)
            {
                call.Warn([elsewhere]);
            }

            var atoms = x.Select((v, i) => ((double)v, (double)y[i], (double)z[i])).ToArray();
            return SolventMasks.FromAtoms(map.Size, pixel, atoms, call.Get(_extend) ?? Math.Max(6, 3 * pixel), softEdge, call.Compute);
        }

        if (call.Get(_threshold) is not { } threshold)
        {
            throw new InvalidInputException(
                "of one map alone a mask needs --threshold, --model or --sphere; a second half map makes it automatic", call.Get(_half1));
        }

        var lowPass = call.Get(_lowPass) ?? Math.Max(15, 5 * pixel);
        var smooth = lowPass > 0 ? MapFilters.LowPass(map, lowPass, 2, call.Compute) : map;
        return SolventMasks.FromDensity(smooth, threshold, call.Get(_extend) ?? Math.Max(4, 2 * pixel), softEdge, call.Compute);
    }

    private SolventMask Combine(SolventMask mask, VerbCall call)
    {
        if (call.Get(_and) is { } and)
        {
            mask = SolventMasks.Intersect(mask, MapInputs.ReadMask(and, mask, call.Get(_half1), call));
        }

        if (call.Get(_or) is { } or)
        {
            mask = SolventMasks.Unite(mask, MapInputs.ReadMask(or, mask, call.Get(_half1), call));
        }

        return call.Get(_without) is { } without
            ? SolventMasks.Subtract(mask, MapInputs.ReadMask(without, mask, call.Get(_half1), call))
            : mask;
    }
}
