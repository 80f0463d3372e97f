using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Where RELION would search from: its columns of priors beside the poses that are written.</summary>
public sealed class PosePriorTests
{
    private static readonly string[] Poses = ["rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi"];

    [Fact]
    public void Priors_in_angstrom_follow_the_poses_that_are_new()
    {
        using var folder = new TestFolder();
        folder.Stack("s.mrcs", 2);
        const string Optics = "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n"
            + "_rlnImagePixelSize\n_rlnImageSize\n1 300 2.7 0.1 2 8\n\n";
        var text = Optics + "data_particles\n\nloop_\n_rlnImageName\n_rlnOpticsGroup\n_rlnDefocusU\n_rlnDefocusV\n_rlnAngleRot\n_rlnAngleTilt\n"
            + "_rlnAnglePsi\n_rlnOriginXAngst\n_rlnOriginYAngst\n_rlnRandomSubset\n"
            + "_rlnAngleRotPrior\n_rlnAngleTiltPrior\n_rlnAnglePsiPrior\n_rlnOriginXPriorAngst\n_rlnOriginYPriorAngst\n_rlnAnglePsiFlipRatio\n"
            + "1@s.mrcs 1 15000 15000 10 20 30 1 2 1  11 90 31 1.5 2.5 0.5\n2@s.mrcs 1 15000 15000 40 50 60 0 0 2  41 90 61 0 0 0.5\n";
        using var p = StarParticles.Open(folder.Text("p.star", text), new StarParticlesOptions { Root = folder.Root });
        p.WriteStar(folder["out.star"], [Pose.FromRelion(new EulerAngles(12, 22, 32), 3, 4), p.Particles[1].Pose]);
        var table = StarFile.Read(folder["out.star"]).Find("particles")!.Table!;
        foreach (var label in Poses)
        {
            Assert.Equal(table.GetText(0, label), table.GetText(0, label + "Prior"));
        }

        Assert.Equal("3.000000", table.GetText(0, "rlnOriginXPriorAngst"));
        Assert.Equal("4.000000", table.GetText(0, "rlnOriginYPriorAngst"));
        Assert.Equal("0.5", table.GetText(0, "rlnAnglePsiFlipRatio"));

        // A particle that kept its pose keeps its prior, as it was written.
        Assert.Equal("41 90 61 0 0", string.Join(
            ' ',
            new[] { "rlnAngleRotPrior", "rlnAngleTiltPrior", "rlnAnglePsiPrior", "rlnOriginXPriorAngst", "rlnOriginYPriorAngst" }.Select(
                l => table.GetText(1, l))));

        using var expanded = p.ExpandSymmetry(SymmetryGroup.Parse("C2"));
        Assert.Equal(expanded.Table.GetText(1, "rlnAngleRot"), expanded.Table.GetText(1, "rlnAngleRotPrior"));
        Assert.Equal("190.000000", expanded.Table.GetText(1, "rlnAngleRot").Replace("-170", "190", StringComparison.Ordinal));
    }

    [Fact]
    public void Priors_in_pixels_follow_in_pixels()
    {
        using var folder = new TestFolder();
        folder.Stack("s.mrcs", 2);
        var text = "data_\n\nloop_\n_rlnImageName\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnPixelSize\n_rlnDefocusU\n"
            + "_rlnDefocusV\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n_rlnOriginX\n_rlnOriginY\n_rlnRandomSubset\n_rlnOriginXPrior\n_rlnOriginYPrior\n"
            + "1@s.mrcs 300 2.7 0.1 2 15000 15000 10 20 30 1 2 1  1 2\n2@s.mrcs 300 2.7 0.1 2 15000 15000 40 50 60 0 0 2  0 0\n";
        using var p = StarParticles.Open(folder.Text("p.star", text), new StarParticlesOptions { Root = folder.Root });
        p.WriteStar(folder["out.star"], [Pose.FromRelion(new EulerAngles(10, 20, 30), 3, 4), p.Particles[1].Pose]);
        var table = StarFile.Read(folder["out.star"]).Blocks[0].Table!;
        Assert.Equal(("1.500000", "2.000000"), (table.GetText(0, "rlnOriginXPrior"), table.GetText(0, "rlnOriginYPrior")));
    }
}
