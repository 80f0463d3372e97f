using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Looks into files of every kind that Gmm reads: what they hold, and what is wrong with them.</summary>
/// <param name="call">The call: threads, cancellation.</param>
/// <param name="root">Folder that image names are relative to; null for the usual places.</param>
internal sealed class FileInspector(VerbCall call, string? root)
{
    private const int SampledImages = 16;
    private static readonly string[] s_maps = [".mrc", ".map", ".ccp4", ".rec"];
    private static readonly string[] s_stacks = [".mrcs", ".st"];
    private static readonly string[] s_atoms = [".pdb", ".ent", ".cif", ".mmcif"];

    /// <summary>The files that names stand for: a folder for those in and below it that are of a known kind.</summary>
    /// <exception cref="InvalidInputException">There is no such file or folder.</exception>
    public static IEnumerable<string> Expand(string[] names)
    {
        InputFiles.Check([.. names.Where(n => !Directory.Exists(n))]);
        return names.SelectMany<string, string>(name => Directory.Exists(name)
            ? Directory.EnumerateFiles(name, "*", SearchOption.AllDirectories).Where(f => KindOf(f) is not null).Order(StringComparer.Ordinal)
            : [name]);
    }

    /// <summary>Looks at a file.</summary>
    public FileCheck Look(string path)
    {
        call.CancellationToken.ThrowIfCancellationRequested();
        var problems = new List<FileProblem>();
        var kind = KindOf(path) ?? "unknown";
        try
        {
            var facts = kind switch
            {
                "particles" => new ParticleInspector(call, root, problems).Look(path),
                "map" => Map(path, problems),
                "stack" => Stack(path, problems),
                "atoms" => Atoms(path, problems),
                "trajectory" => Trajectory(path, problems),
                _ => Unknown(path, problems),
            };
            return new FileCheck(facts, [.. problems]);
        }
        catch (InvalidInputException e)
        {
            problems.Add(Of(e, path));
            return new FileCheck(new FileFacts { Path = path, Kind = kind }, [.. problems]);
        }
    }

    /// <summary>What an exception says, without the file's name where it is the file itself.</summary>
    public static FileProblem Of(InvalidInputException e, string path)
    {
        var text = e.Message;
        var start = text.StartsWith(path, StringComparison.Ordinal) ? text.IndexOf(": ", path.Length, StringComparison.Ordinal) : -1;
        return new FileProblem(FileProblem.Error, start < 0 ? text : text[(start + 2)..], e.File == path ? e.Row : null, e.File == path ? e.Field : null);
    }

    private static string? KindOf(string path)
    {
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        var ending = Path.GetExtension(name).ToLowerInvariant();
        return ending == ".star" || CsDataset.IsNamed(path) ? "particles"
            : s_maps.Contains(ending) ? "map"
            : s_stacks.Contains(ending) ? "stack"
            : s_atoms.Contains(ending) ? "atoms"
            : ending == ".dcd" ? "trajectory" : null;
    }

    private static FileFacts Unknown(string path, List<FileProblem> problems)
    {
        InputFile.RequireRegular(path);
        problems.Add(new FileProblem(
            FileProblem.Note, "is of no kind, by its ending, that is looked into: .star, .cs, .csg, .mrc, .mrcs, .map, .pdb, .cif, .dcd are"));
        return new FileFacts { Path = path, Kind = "unknown" };
    }

    private static FileFacts Map(string path, List<FileProblem> problems)
    {
        var header = MrcFile.ReadHeader(path);
        if (header.SpaceGroup == 0 && header.Sections > 1 && header.Columns == header.Rows && header.Sections != header.Columns)
        {
            return Stack(path, problems);
        }

        var volume = MrcFile.ReadVolume(path);
        WarnOfPixel(header, problems);
        var (x, y, z) = volume.PixelSize;
        if (Math.Max(Math.Abs(y - x), Math.Abs(z - x)) > 1e-3 * x)
        {
            problems.Add(new FileProblem(FileProblem.Note, Texts.Line($"voxels of {x:G6} x {y:G6} x {z:G6} A are not cubes"), null, "header CELLA"));
        }

        return new FileFacts { Path = path, Kind = "map", Size = [volume.Size.X, volume.Size.Y, volume.Size.Z], PixelSize = x };
    }

    private static FileFacts Stack(string path, List<FileProblem> problems)
    {
        using var stack = MrcStack.Open(path);
        var header = stack.Header;
        var pixels = new float[header.Columns * header.Rows];
        var step = Math.Max(1, header.Sections / SampledImages);
        for (var i = 0; i < header.Sections; i += step)
        {
            stack.ReadImage(i, pixels);
            if (ImageChecks.FirstNonFinite(pixels) is var bad and >= 0)
            {
                problems.Add(new FileProblem(
                    FileProblem.Error, $"has a NaN or infinity at pixel ({bad % header.Columns}, {bad / header.Columns})", i + 1, "data"));
                break;
            }
        }

        if (header.Columns != header.Rows)
        {
            problems.Add(new FileProblem(
                FileProblem.Note, $"images are {header.Columns} x {header.Rows} pixels, not square: no particles", null, "header NX, NY"));
        }

        WarnOfPixel(header, problems);
        return new FileFacts
        {
            Path = path,
            Kind = "stack",
            Count = header.Sections,
            Size = [header.Columns, header.Rows, header.Sections],
            PixelSize = header.PixelSize.X,
        };
    }

    private static void WarnOfPixel(MrcHeader header, List<FileProblem> problems)
    {
        var a = header.PixelSize.X;
        if (!(a > 0))
        {
            problems.Add(new FileProblem(FileProblem.Note, "the header says no pixel size: give it where the file is used", null, "header CELLA"));
        }
        else if (Math.Abs(a - 1) < 1e-6)
        {
            problems.Add(new FileProblem(
                FileProblem.Note, "the header says 1 A, which many programs write where they do not know: check it (--pixel-size)", null, "header CELLA"));
        }
    }

    private static FileFacts Atoms(string path, List<FileProblem> problems)
    {
        var model = AtomicModelFile.Read(path);
        problems.AddRange(model.Warnings.Select(w => new FileProblem(FileProblem.Note, w)));
        return new FileFacts { Path = path, Kind = "atoms", Count = model.Count };
    }

    private static FileFacts Trajectory(string path, List<FileProblem> problems)
    {
        var frames = DcdTrajectory.Read(path);
        if (frames.DeclaredFrames != frames.Frames.Count)
        {
            problems.Add(new FileProblem(
                FileProblem.Warning, $"the header says {frames.DeclaredFrames} frames, the file has {frames.Frames.Count}, all of which are read", null,
                "NSET"));
        }

        return new FileFacts { Path = path, Kind = "trajectory", Count = frames.Frames.Count, Size = [frames.AtomCount] };
    }
}
