using Gmm.Core;

namespace Gmm.Cli;

/// <summary>Where the demo's data lie: beside the tool.</summary>
internal static class DemoData
{
    public static string Model => Find("betagal", "5a1a.pdb.gz");

    public static string Poses => Find("betagal", "poses.star");

    /// <summary>Real images at a set of poses: published, disturbed_4deg or disturbed_8deg.</summary>
    public static string RealParticles(string poses) => Find("betagal", poses + ".star");

    private static string Find(string folder, string file)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Data", folder, file);
        return File.Exists(path) ? path : throw new InvalidInputException("the demo's data are not beside the tool; was it installed whole?", path);
    }
}
