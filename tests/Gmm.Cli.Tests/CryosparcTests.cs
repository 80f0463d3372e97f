using Gmm.IO;

namespace Gmm.Cli.Tests;

/// <summary>cryoSPARC's particles through the tool.</summary>
public sealed class CryosparcTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Refine_takes_a_cs_file_and_writes_one_that_goes_back()
    {
        var star = RefineSet.Write(_tool);
        using (var p = StarParticles.Open(star))
        {
            CsFromParticles.Convert(p, _tool["in"]).Write(_tool["in/particles.cs"], false);
        }

        Tool.Run(
            "refine", _tool["in/particles.cs"], "--out", _tool["out"], "--iterations", "1", "--gaussians", "50",
            "--max-resolution", "6", "--threads", "2").RequireSuccess();
        var (before, after) = (NpyTable.Read(_tool["in/particles.cs"]), NpyTable.Read(_tool["out/run_data.cs"]));
        Assert.Equal(RefineSet.Count, after.RowCount);
        var changed = new HashSet<string>();
        for (var row = 0; row < after.RowCount; row++)
        {
            changed.UnionWith(before.Fields.Where(f => !before.Bytes(row, f).SequenceEqual(after.Bytes(row, f))).Select(f => f.Name));
        }

        Assert.Equal(["alignments3D/pose", "alignments3D/shift"], changed.Order(StringComparer.Ordinal));

        // Both results say the same.
        using var cs = StarParticles.Open(_tool["out/run_data.csg"], new StarParticlesOptions { RequireImages = false });
        using var refined = StarParticles.Open(_tool["out/run_data.star"]);
        for (var i = 0; i < cs.Particles.Count; i++)
        {
            Assert.InRange(cs.Particles[i].Pose.Rotation.AngleTo(refined.Particles[i].Pose.Rotation), 0, 1e-6);
            Assert.Equal(cs.Particles[i].Pose.ShiftX, refined.Particles[i].Pose.ShiftX, 1e-5);
        }
    }
}
