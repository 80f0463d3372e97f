using Gmm.Simulation;

namespace Gmm.Cli;

/// <summary>The files of a simulated set.</summary>
/// <param name="Folder">Their folder.</param>
/// <param name="Motion">What moves; null: nothing.</param>
internal sealed record SimulationFiles(string Folder, SimulatedMotion? Motion = null)
{
    public const string StackName = "particles.mrcs";

    public string Stack => Path.Combine(Folder, StackName);

    public string TrueStar => Path.Combine(Folder, "true.star");

    public string DisturbedStar => Path.Combine(Folder, "disturbed.star");

    public string TrueMap => Path.Combine(Folder, "true_map.mrc");

    /// <summary>The atomic model in the frame of the map and the images: its centre of mass at the box centre.</summary>
    public string Model => Path.Combine(Folder, "model.cif");

    public string MotionStar => Path.Combine(Folder, "motion.star");

    public string[] All =>
    [
        Stack, TrueStar, DisturbedStar, TrueMap, Model,
        .. Motion is null ? [] : new[] { MotionStar },
        .. (Motion?.Domains ?? []).SelectMany(d => new[] { DomainStar(d.Name), DomainMap(d.Name), DomainMask(d.Name) }),
    ];

    public string DomainStar(string domain) => Path.Combine(Folder, $"domain_{domain}_true.star");

    public string DomainMap(string domain) => Path.Combine(Folder, $"domain_{domain}_map.mrc");

    public string DomainMask(string domain) => Path.Combine(Folder, $"domain_{domain}_mask.mrc");
}
