using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Looks into files of every kind that Gmm reads: what they hold, and what is wrong with them.</summary>
/// <param name="call">The call: threads, cancellation.</param>
/// <param name="root">Folder that image names are relative to; null for the usual places.</param>
internal sealed class FileInspector(VerbCall call, string? root)
{
    private const int SampledImages = 16;
    private const string Endings = ".star, .cs, .csg, .lst, .mrc, .mrcs, .map, .hdf, .pdb, .cif, .dcd, .pkl and .npy are";
    private const string MrcPixel = "header CELLA";
    private static readonly string[] s_maps = [".mrc", ".map", ".ccp4", ".rec"];
    private static readonly string[] s_stacks = [".mrcs", ".st", ".hdf", ".hdf5", ".h5"];
    private static readonly string[] s_atoms = [".pdb", ".ent", ".cif", ".mmcif"];

    /// <summary>
    /// The files that names stand for: a folder for those in and below it that are of a known kind, or for itself where there are none. Links are followed,
    /// and a folder that several lead to is looked into once, under the first name in the order of the alphabet.
    /// </summary>
    /// <exception cref="InvalidInputException">There is no such file or folder, or a folder cannot be read.</exception>
    public IEnumerable<string> Expand(string[] names)
    {
        InputFiles.Check([.. names.Where(n => !Directory.Exists(n))]);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return names.SelectMany<string, string>(name => Directory.Exists(name) ? Below(name, seen).DefaultIfEmpty(name) : [name]);
    }

    private IEnumerable<string> Below(string folder, HashSet<string> seen)
    {
        call.CancellationToken.ThrowIfCancellationRequested();
        string[] files, folders;
        try
        {
            if (!seen.Add(FilePaths.Resolve(folder)))
            {
                return [];
            }

            (files, folders) = (Directory.GetFiles(folder), Directory.GetDirectories(folder));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"the folder cannot be read: {e.Message}", folder, null, null, e);
        }

        Array.Sort(folders, StringComparer.Ordinal);
        return files.Where(f => KindOf(f) is not null).Order(StringComparer.Ordinal).Concat(folders.SelectMany(f => Below(f, seen)));
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
                "numbers" => Numbers(path, problems),
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
        return ending == ".star" || CsDataset.IsNamed(path) || EmanList.IsNamed(path) ? "particles"
            : NumberFile.IsNamed(path) ? "numbers"
            : s_maps.Contains(ending) ? "map"
            : s_stacks.Contains(ending) ? "stack"
            : s_atoms.Contains(ending) ? "atoms"
            : ending == ".dcd" ? "trajectory" : null;
    }

    private static FileFacts Unknown(string path, List<FileProblem> problems)
    {
        if (Directory.Exists(path))
        {
            problems.Add(new FileProblem(
                FileProblem.Error, $"the folder and those below it hold no file of a kind, by its ending, that is looked into: {Endings}"));
            return new FileFacts { Path = path, Kind = "folder" };
        }

        InputFile.RequireRegular(path);
        problems.Add(new FileProblem(FileProblem.Note, $"is of no kind, by its ending, that is looked into: {Endings}"));
        return new FileFacts { Path = path, Kind = "unknown" };
    }

    private static FileFacts Map(string path, List<FileProblem> problems)
    {
        var header = MrcFile.ReadHeader(path);
        if (header.IsOfStack && header.Sections > 1)
        {
            return Stack(path, problems);
        }

        var volume = MrcFile.ReadVolume(path);
        var (x, y, z) = volume.PixelSize;
        WarnOfPixel(x, MrcPixel, problems);
        if (Math.Max(Math.Abs(y - x), Math.Abs(z - x)) > 1e-3 * x)
        {
            problems.Add(new FileProblem(FileProblem.Note, Texts.Line($"voxels of {x:G6} x {y:G6} x {z:G6} A are not cubes"), null, MrcPixel));
        }

        return MapFacts(path, volume);
    }

    private static FileFacts MapFacts(string path, MrcVolume volume) => new()
    {
        Path = path,
        Kind = "map",
        Size = [volume.Size.X, volume.Size.Y, volume.Size.Z],
        PixelSize = volume.PixelSize.X,
    };

    private static FileFacts Stack(string path, List<FileProblem> problems)
    {
        using var stack = ImageStacks.Open(path);
        var pixelField = stack is EmanStack ? "EMAN.apix_x" : MrcPixel;
        if (stack is EmanStack { Count: 1, Size.Count: 3 })
        {
            var volume = MrcFile.ReadVolume(path);
            WarnOfPixel(volume.PixelSize.X, pixelField, problems);
            return MapFacts(path, volume);
        }

        if (stack.Present is { } present)
        {
            var gap = Enumerable.Range(0, stack.Count).First(i => !present.Contains(i));
            problems.Add(new FileProblem(
                FileProblem.Error, Texts.Line($"{stack.Count - present.Count} of {stack.Count} images are not there, the first {gap + 1}"), gap + 1,
                "/MDF/images"));
        }

        RequireFinite(stack, problems);
        if (stack.Width != stack.Height)
        {
            problems.Add(new FileProblem(
                FileProblem.Note, $"images are {stack.Width} x {stack.Height} pixels, not square: no particles", null,
                stack is EmanStack ? "image" : "header NX, NY"));
        }

        WarnOfPixel(stack.PixelSize, pixelField, problems);
        return new FileFacts
        {
            Path = path,
            Kind = "stack",
            Count = stack.Count,
            Size = [stack.Width, stack.Height, stack.Count],
            PixelSize = stack.PixelSize,
        };
    }

    /// <summary>Reads some of a stack's images.</summary>
    private static void RequireFinite(IImageStack stack, List<FileProblem> problems)
    {
        var pixels = new float[stack.Width * stack.Height];
        int[] images = [.. stack.Present?.Order() ?? Enumerable.Range(0, stack.Count)];
        for (var k = 0; k < images.Length; k += Math.Max(1, images.Length / SampledImages))
        {
            stack.ReadImage(images[k], pixels);
            if (ImageChecks.FirstNonFinite(pixels) is var bad and >= 0)
            {
                problems.Add(new FileProblem(
                    FileProblem.Error, $"has a NaN or infinity at pixel ({bad % stack.Width}, {bad / stack.Width})", images[k] + 1, "data"));
                break;
            }
        }
    }

    private static void WarnOfPixel(double a, string field, List<FileProblem> problems)
    {
        if (!(a > 0))
        {
            problems.Add(new FileProblem(FileProblem.Note, "the header says no pixel size: give it where the file is used", null, field));
        }
        else if (Math.Abs(a - 1) < 1e-6)
        {
            problems.Add(new FileProblem(
                FileProblem.Note, "the header says 1 A, which many programs write where they do not know: check it (--pixel-size)", null, field));
        }
    }

    private static FileFacts Numbers(string path, List<FileProblem> problems)
    {
        if (NumberFile.IsTorch(path))
        {
            problems.Add(new FileProblem(FileProblem.Note, "is no pickle but an archive of PyTorch's (weights of a network, say), which is not read"));
            return new FileFacts { Path = path, Kind = "unknown" };
        }

        var numbers = NumberFile.Read(path);
        if (numbers.Kind == NumberFileKind.Other)
        {
            problems.Add(new FileProblem(
                FileProblem.Note, "holds nothing that is taken: poses (N, 3, 3) and (N, 2), CTFs (N, 9), a selection (N), or a table of numbers (N, d)"));
        }

        return new FileFacts
        {
            Path = path,
            Kind = numbers.Kind switch
            {
                NumberFileKind.Poses => "poses",
                NumberFileKind.Ctfs => "ctfs",
                NumberFileKind.Selection => "selection",
                NumberFileKind.Table => "table",
                _ => "unknown",
            },
            Count = numbers.Kind == NumberFileKind.Other ? null : numbers.Count,
            Size = numbers.ImageSize is { } n ? [n, n] : null,
            Columns = numbers.Columns,
            HasPoses = numbers.Kind == NumberFileKind.Poses ? true : null,
            HasShifts = numbers.Kind == NumberFileKind.Poses ? numbers.HasShifts : null,
            PixelSize = numbers.PixelSize,
            Defocus = numbers.Defocus is { } d ? [d.Least, d.Most] : null,
        };
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
