using Gmm.Cli;
using Gmm.IO;

namespace Gmm.Browser.Tests;

/// <summary>The runs whose reports are looked at, each made once by the tool itself.</summary>
internal static class Runs
{
    private static readonly Lazy<string> s_folder = new(() =>
    {
        var folder = Directory.CreateTempSubdirectory("gmm-browser-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    });

    private static readonly Lazy<string> s_refined = new(() =>
    {
        var star = In("some.star");
        var source = Path.Combine(AppContext.BaseDirectory, "Data", "betagal", "disturbed_8deg.star");
        using (var particles = StarParticles.Open(source))
        {
            particles.WriteSubset(star, [.. Enumerable.Range(0, 400)]);
        }

        Run("refine", star, "--root", Path.GetDirectoryName(source)!, "--symmetry", "D2", "--iterations", "2", "--out", In("refined"));
        return In("refined");
    });

    /// <summary>A refinement of 400 real images of beta-galactosidase.</summary>
    public static string Refined => s_refined.Value;

    private static readonly Lazy<string> s_model = new(() =>
    {
        using var particles = StarParticles.Open(In("some.star"), new StarParticlesOptions { RequireImages = false, ImageSize = 64 });
        AtomicModelFile.WriteCif(In("model.cif"), RealSet.PlacedModel(particles.OpticsGroups[0]));
        return In("model.cif");
    });

    private static readonly Lazy<string> s_motion = new(() =>
    {
        var atoms = Path.Combine(AppContext.BaseDirectory, "Data", "betagal", "5a1a.pdb.gz");
        Run("simulate", atoms, "--out", In("sim"), "--particles", "200", "--box", "32", "--pixel-size", "6.5", "--snr", "1");
        Run("reconstruct", In("sim/true.star"), "--root", In("sim"), "--out", In("rec/run"));
        foreach (var half in new[] { "1", "2" })
        {
            Run("build", In($"rec/run_half{half}_unfil.mrc"), "--resolution", "16", "--gaussians", "60", "--out", In($"m{half}.star"));
        }

        Run(
            "heterogeneity", In("sim/true.star"), "--root", In("sim"), "--model-half1", In("m1.star"), "--model-half2", In("m2.star"), "--out", In("motion"),
            "--latent", "2", "--anchors", "8", "--epochs", "2", "--resolution", "16");
        return In("motion");
    });

    /// <summary>An analysis of heterogeneity of 200 simulated images of a structure at rest.</summary>
    public static string Motion => s_motion.Value;

    /// <summary>A copy of a run under another name.</summary>
    public static string Copy(string run, string name)
    {
        foreach (var file in Directory.GetFiles(run, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(In(name), Path.GetRelativePath(run, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to, overwrite: true);
        }

        return In(name);
    }

    /// <summary>The atomic model in the frame of its maps.</summary>
    public static string PlacedModel => s_model.Value;

    /// <summary>A file of the tests' folder.</summary>
    public static string In(string name) => Path.Combine(s_folder.Value, name);

    /// <summary>Runs the tool; it must succeed.</summary>
    public static string Run(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = GmmTool.Run(args, new CliConsole(output, error));
        Assert.True(code == 0, error.ToString());
        return error.ToString();
    }
}
