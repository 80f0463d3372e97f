using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Reports;

namespace Gmm.Cli;

/// <summary>gmm info: what files hold.</summary>
internal sealed class InfoVerb : VerbCommand
{
    private const int Shown = 24;
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "Files (STAR, .cs, .csg, .lst, MRC, .hdf, PDB, mmCIF, DCD, .pkl, .npy), or folders of such.",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _root = new ParticleInput().Root;
    private readonly Option<string?> _picture = Declare.Text(
        "--picture", "FILE.png", "Draws the first file's images (some of them), or a map's slices and projections.");

    public InfoVerb()
        : base(
            "info",
            "Says what files hold.",
            "Says what files hold: counts, boxes, pixel sizes, optics groups, poses, half sets, defoci, and of images whether the molecule is bright and "
                + "the background normalised.",
            "gmm info run_data.star",
            "gmm info map.mrc run_model_half1.star",
            "gmm info particles.star --picture particles.png")
    {
        Arguments.Add(_files);
        AddOptions(_root, _picture);
    }

    public override VerbResult Execute(VerbCall call)
    {
        var picture = call.Get(_picture);
        if (picture is not null)
        {
            OutputFiles.RequireEnding(picture, _picture.Name, ".png", ".svg");
            if (Path.GetExtension(picture).ToLowerInvariant() is not (".png" or ".svg"))
            {
                throw new InvalidInputException($"{picture} is to end in .png or .svg", _picture.Name);
            }

            OutputFiles.Take(call, picture);
        }

        var inspector = new FileInspector(call, call.Get(_root));
        var checks = inspector.Expand(call.Get(_files)).Select(inspector.Look).ToArray();
        string[] written = [];
        if (picture is not null)
        {
            Draw(call, checks[0].Facts, picture);
            written = call.Drawn([picture]);
        }

        var report = ValidateVerb.Report(checks, written);
        string[] lines =
        [
            .. checks.SelectMany(c => InspectionText.Facts(c.Facts).Concat(InspectionText.Problems(c))), .. written.Select(w => $"wrote {w}"),
        ];
        return ValidateVerb.Result(report, lines);
    }

    private void Draw(VerbCall call, FileFacts facts, string picture)
    {
        var name = Path.GetFileName(facts.Path);
        var figure = facts.Kind switch
        {
            "map" => MapViews.Create(name, [("map", MrcFile.ReadMap(facts.Path))]),
            "stack" => Stack(facts.Path, name),
            "particles" when facts.MissingStacks == 0 => Particles(facts.Path, name, call.Get(_root)),
            _ => throw new InvalidInputException("has no images to draw", facts.Path),
        };
        Pictures.Save(call, figure, call.Overwrite, picture);
    }

    private static ImageGrid Stack(string path, string name)
    {
        using var stack = ImageStacks.Open(path);
        var (n, m) = (stack.Width, stack.Height);
        return Grid(name, stack.Count, i =>
        {
            var pixels = new float[n * m];
            stack.ReadImage(i, pixels);
            return new ImagePanel(Texts.Line($"{i + 1}"), pixels, n, m, stack.PixelSize);
        });
    }

    private static ImageGrid Particles(string path, string name, string? root)
    {
        using var particles = StarParticles.Open(path, new StarParticlesOptions { Root = root, RequireCtf = false, RequireBothHalves = false });
        return Grid(name, particles.Particles.Count, i =>
        {
            var group = particles.OpticsGroups[particles.Particles[i].OpticsIndex];
            var pixels = new float[group.ImageSize * group.ImageSize];
            particles.ReadImage(i, pixels);
            return new ImagePanel(Texts.Line($"{i + 1}"), pixels, group.ImageSize, group.ImageSize, group.PixelSize);
        });
    }

    /// <summary>Images spread over the whole set.</summary>
    private static ImageGrid Grid(string name, int count, Func<int, ImagePanel> panel)
    {
        var shown = Math.Min(count, Shown);
        return new ImageGrid(Texts.Line($"{name}: {shown} of {count}"), Enumerable.Range(0, shown).Select(i => panel((int)((long)i * count / shown))), 6, 140);
    }
}
