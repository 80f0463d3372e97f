using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Particle files from one version of RELION to another, against relion_convert_star 3.1.3.</summary>
public sealed class StarVersionTests : IDisposable
{
    private static readonly StarParticlesOptions s_options = new() { RequireImages = false, RequireBothHalves = false, ImageSize = 100 };
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_flat_file_becomes_what_relion_makes_of_it()
    {
        var transfer = new ParticleTransfer([TestFolder.Data("star", "made_relion30.star")], s_options);
        var relion = StarFile.Read(TestFolder.Data("star", "made_relion30_by_relion_convert_star.star"));
        Assert.Equal(relion.Find("optics")!.Table!.RowCount, transfer.WriteStar(_folder["a.star"], "3.1", false));
        var ours = StarFile.Read(_folder["a.star"]);
        foreach (var name in new[] { "optics", "particles" })
        {
            var (a, b) = (ours.Find(name)!.Table!, relion.Find(name)!.Table!);
            Assert.Equal(b.RowCount, a.RowCount);
            foreach (var label in b.Labels.Where(l => l is not ("rlnOpticsGroupName" or "rlnImageSize")))
            {
                Assert.True(a.Contains(label), label);
                for (var row = 0; row < b.RowCount; row++)
                {
                    if (double.TryParse(b.GetText(row, label), out var number))
                    {
                        Assert.Equal(number, a.GetDouble(row, label), 1e-5 * Math.Max(1, Math.Abs(number)));
                    }
                    else
                    {
                        Assert.Equal(b.GetText(row, label), a.GetText(row, label));
                    }
                }
            }
        }
    }

    /// <summary>relion_convert_star 3.1.3 of such a file writes rlnBeamTiltX and Y into data_optics, a group for each pair, and no rlnOddZernike.</summary>
    [Fact]
    public void Beam_tilts_of_a_flat_file_stay_beam_tilts_and_count_once()
    {
        const string row = " 300 2.7 0.1 1.5 9000 1 2 3 1 -1 ";
        var path = _folder.Text(
            "p.star",
            "data_\n\nloop_\n_rlnImageName\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnPixelSize\n_rlnDefocusU\n_rlnAngleRot\n"
                + "_rlnAngleTilt\n_rlnAnglePsi\n_rlnOriginX\n_rlnOriginY\n_rlnRandomSubset\n_rlnBeamTiltX\n_rlnBeamTiltY\n"
                + $"1@s.mrcs{row}1 0.3 -0.2\n2@s.mrcs{row}2 0 0\n3@s.mrcs{row}1 0.3 -0.2\n");
        new ParticleTransfer([path], s_options).WriteStar(_folder["a.star"], "3.1", false);
        var optics = StarFile.Read(_folder["a.star"]).Find("optics")!.Table!;
        Assert.Equal(["0.3", "0"], optics.GetColumn("rlnBeamTiltX"));
        Assert.Equal(["-0.2", "0"], optics.GetColumn("rlnBeamTiltY"));
        Assert.False(optics.Contains("rlnOddZernike"));
        using StarParticles flat = StarParticles.Open(path, s_options), split = StarParticles.Open(_folder["a.star"], s_options);
        Assert.Equal(flat.OpticsGroups.Select(g => g.Aberrations), split.OpticsGroups.Select(g => g.Aberrations));
        Assert.Equal([0, 1, 0], split.Particles.Select(p => p.OpticsIndex));
        Assert.Equal(
            Aberrations.BeamTilt(0.3, -0.2, 2.7, split.Particles[0].Ctf.WavelengthAngstrom), split.OpticsGroups[0].Aberrations!.Odd.Select(c => c));

        // And back: only what is lost is named.
        var back = new ParticleTransfer([_folder["a.star"]], s_options);
        back.WriteStar(_folder["b.star"], "3.0", false);
        Assert.Empty(back.Dropped);
        _folder.Text("c.star", File.ReadAllText(_folder["a.star"]).Replace("opticsGroup1", "mine", StringComparison.Ordinal));
        back = new ParticleTransfer([_folder["c.star"]], s_options);
        back.WriteStar(_folder["b.star"], "3.0", true);
        Assert.Equal(["rlnOpticsGroup", "rlnOpticsGroupName"], back.Dropped.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("3.1")]
    [InlineData("5")]
    public void There_and_back_are_the_same_particles(string version)
    {
        var source = TestFolder.Data("star", "made_relion30.star");
        new ParticleTransfer([source], s_options).WriteStar(_folder["a.star"], version, false);
        Assert.Contains(version == "5" ? "# version 50001" : "# version 30001", File.ReadAllText(_folder["a.star"]), StringComparison.Ordinal);
        new ParticleTransfer([_folder["a.star"]], s_options).WriteStar(_folder["b.star"], "3.0", false);
        using var a = StarParticles.Open(source, s_options);
        using var b = StarParticles.Open(_folder["b.star"], s_options);
        Assert.True(b.OriginsAreInPixels);
        for (var i = 0; i < a.Particles.Count; i++)
        {
            Assert.InRange(a.Particles[i].Pose.Rotation.AngleTo(b.Particles[i].Pose.Rotation), 0, 1e-7);
            Assert.Equal(a.Particles[i].Pose.ShiftX, b.Particles[i].Pose.ShiftX, 2e-5);
            Assert.Equal(a.Particles[i].Ctf, b.Particles[i].Ctf);
            Assert.Equal(a.OpticsGroups[a.Particles[i].OpticsIndex].PixelSize, b.OpticsGroups[b.Particles[i].OpticsIndex].PixelSize, 1e-6);
        }
    }

    [Fact]
    public void Files_are_put_together_and_groups_numbered_anew()
    {
        var (a, b) = (Write("a.star", 1, 300, "1 2"), Write("b.star", 1, 200, "1 1"));
        var transfer = new ParticleTransfer([a, b, a], s_options);
        Assert.Equal(2, transfer.WriteStar(_folder["c.star"], null, false));
        using var c = StarParticles.Open(_folder["c.star"], s_options);
        Assert.Equal([300, 300, 200, 200, 300, 300], c.Particles.Select(p => p.Ctf.VoltageKilovolt));
        Assert.Equal([1, 1, 2, 2, 1, 1], c.Particles.Select(p => c.OpticsGroups[p.OpticsIndex].Id));

        transfer.Keep([RowCondition.Parse("rlnRandomSubset=2")!, RowCondition.Parse("rlnDefocusU>=9000")!]);
        Assert.Equal(2, transfer.Count);
        File.WriteAllText(_folder["d.star"], File.ReadAllText(b).Replace("_rlnDefocusAngle", "_rlnOther", StringComparison.Ordinal));
        var e = TestFolder.Fails(() => _ = new ParticleTransfer([a, _folder["d.star"]], s_options), "d.star");
        Assert.Equal("rlnDefocusAngle", e.Field);
    }

    [Theory]
    [InlineData("rlnX=1", "rlnX", "=", "1")]
    [InlineData("_gmmPoseScore >= 0.2", "gmmPoseScore", ">=", "0.2")]
    [InlineData("rlnMicrographName!=a b.mrc", "rlnMicrographName", "!=", "a b.mrc")]
    [InlineData("a<-1e3", "a", "<", "-1e3")]
    public void Conditions_are_read(string text, string label, string op, string value) =>
        Assert.Equal(new RowCondition(label, op, value), RowCondition.Parse(text));

    [Theory]
    [InlineData("rlnX")]
    [InlineData("=1")]
    [InlineData("a!1")]
    public void What_is_no_condition_is_none(string text) => Assert.Null(RowCondition.Parse(text));

    private string Write(string name, int id, double voltage, string halves)
    {
        var group = new OpticsGroup { Id = id, Name = "g", PixelSize = 1, ImageSize = 64 };
        var ctf = new CtfParameters { DefocusU = 1e4, DefocusV = 1e4, VoltageKilovolt = voltage };
        Particle[] particles = [.. halves.Split(' ').Select(h => new Particle(Pose.Identity, ctf, 0, h == "1" ? 1 : 2))];
        StarParticles.WriteParticleStar(_folder[name], [group], particles, [.. particles.Select((_, i) => StarParticles.ImageName(i, name + "s"))]);
        return _folder[name];
    }
}
