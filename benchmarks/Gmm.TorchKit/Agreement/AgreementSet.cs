using Gmm.Core;
using Gmm.IO;

namespace Gmm.TorchKit;

/// <summary>
/// Simulated particles of the spike (PDB 6VXX) without one of its three receptor-binding domains, so that its symmetry is broken; the S1 part of another
/// chain nods.
/// </summary>
internal sealed class AgreementSet
{
    private const string Motion = """
        { "domains": [ { "name": "arm", "atoms": "A:27-526", "hinge": { "residues": "A:527-531", "sd_deg": 5 } } ] }
        """;

    private readonly string _folder;

    public AgreementSet(string folder, string model, int particles, Tool tool)
    {
        _folder = folder;
        File.WriteAllText(In("motion.json"), Motion);
        File.WriteAllLines(In("model.pdb"), File.ReadLines(model).Where(l => !IsOfMissingDomain(l)));
        tool.Run($"simulate {In("model.pdb")} --out {In("sim")} --particles {particles} --box 72 --pixel-size 3 --snr 0.4 --motion {In("motion.json")}", false);
        Scramble();
    }

    /// <summary>A path in the folder.</summary>
    public string In(string name) => Path.Combine(_folder, name);

    private static bool IsOfMissingDomain(string line) =>
        line.StartsWith("ATOM", StringComparison.Ordinal) && line[21] == 'C' && int.Parse(line.AsSpan(22, 4)) is >= 335 and <= 520;

    /// <summary>The disturbed poses, each turned to one of its three copies at random.</summary>
    private void Scramble()
    {
        using var particles = StarParticles.Open(In("sim/disturbed.star"));
        var copies = SymmetryGroup.Parse("C3").Operators;
        var random = new Random(4);
        particles.WriteStar(
            In("sim/copies.star"), [.. particles.Particles.Select(p => p.Pose with { Rotation = p.Pose.Rotation * copies[random.Next(copies.Count)] })]);
    }
}
