using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>RELION's columns of beam tilt, Zernike terms and magnification: read, applied to origins, written, refused.</summary>
public sealed class AberrationColumnTests
{
    private const string Pose = "1@s.mrcs";

    [Fact]
    public void The_columns_of_data_optics_become_the_groups_aberrations()
    {
        using var folder = new TestFolder();
        using var p = Open(folder, "rlnBeamTiltX rlnBeamTiltY rlnOddZernike rlnEvenZernike", "0.5 -0.25 [0,0,5,0,0,-4] [0,0,0,0,6,0,0,0,4]", "0 0 [] []");
        Assert.Empty(p.Warnings);
        var tilt = Aberrations.BeamTilt(0.5, -0.25, 2.7, p.Particles[0].Ctf.WavelengthAngstrom);
        tilt[2] += 5;
        tilt[5] -= 4;
        Assert.Equal(new Aberrations(tilt, [0, 0, 0, 0, 6, 0, 0, 0, 4]), p.OpticsGroups[0].Aberrations);
        Assert.Null(p.OpticsGroups[1].Aberrations);
    }

    [Fact]
    public void Origins_are_the_images_and_poses_the_specimens()
    {
        using var folder = new TestFolder();
        using var p = Open(folder, "rlnMagMat00 rlnMagMat01 rlnMagMat10 rlnMagMat11", "1.05 0.02 -0.01 0.97", "1 0 0 1");
        var matrix = new Magnification(1.05, 0.02, -0.01, 0.97);
        Assert.Equal(matrix, p.OpticsGroups[0].Aberrations!.Magnification);
        Assert.Equal(matrix.ToSpecimen(Core.Pose.FromRelion(new EulerAngles(10, 20, 30), 1.5, -2)), p.Particles[0].Pose);
        Assert.Equal(Core.Pose.FromRelion(new EulerAngles(10, 20, 30), 1.5, -2), p.Particles[1].Pose);

        // What was not changed keeps its text; what was is written in the image's plane, and read back as the same pose.
        Pose[] moved = [p.Particles[0].Pose with { ShiftX = 3 }, p.Particles[1].Pose];
        p.WriteStar(folder["q.star"], [p.Quantize(0, moved[0]), moved[1]], overwrite: true);
        using var q = StarParticles.Open(folder["q.star"]);
        Assert.Equal(p.Quantize(0, moved[0]), q.Particles[0].Pose);
        Assert.Equal(3, q.Particles[0].Pose.ShiftX, 2e-6);
        Assert.Equal(p.Particles[1].Pose, q.Particles[1].Pose);
    }

    [Fact]
    public void A_flat_file_has_them_with_its_particles_a_group_for_each()
    {
        using var folder = new TestFolder();
        folder.Stack("s.mrcs", 2);
        const string head = "data_\n\nloop_\n_rlnImageName\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnPixelSize\n_rlnDefocusU\n"
            + "_rlnDefocusV\n_rlnDefocusAngle\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n_rlnOriginX\n_rlnOriginY\n"
            + "_rlnRandomSubset\n_rlnBeamTiltX\n_rlnBeamTiltY\n";
        const string row = " 300 2.7 0.1 1.5 9000 9000 0 1 2 3 0 0 ";
        using var p = StarParticles.Open(folder.Text("p.star", head + "1@s.mrcs" + row + "1 0.5 0\n2@s.mrcs" + row + "2 0 0\n"));
        Assert.Equal(2, p.OpticsGroups.Count);
        Assert.True(p.OpticsGroups[0].Aberrations!.HasOdd);
        Assert.Null(p.OpticsGroups[1].Aberrations);
    }

    [Fact]
    public void Groups_are_written_with_them_and_read_back()
    {
        using var folder = new TestFolder();
        folder.Stack("s.mrcs", 2);
        OpticsGroup Group(int id, Aberrations? a) => new() { Id = id, Name = $"g{id}", PixelSize = 1.5, ImageSize = 8, Aberrations = a };
        var matrix = new Magnification(1.0123456789, 0, 0.003, 0.99);
        OpticsGroup[] groups =
        [
            Group(1, new Aberrations([0.1, -2e-7, 1, 2, 3, 1e4 / 3], null, matrix)), Group(2, new Aberrations(even: [1, 2, 3, 4])), Group(3, null),
        ];
        Particle[] particles = [.. Enumerable.Range(0, 3).Select(i => new Particle(
            new Pose(Rotation.Identity, 1.25, -2), new CtfParameters { DefocusU = 1e4, DefocusV = 1e4 }, i, 1 + (i % 2)))];
        StarParticles.WriteParticleStar(folder["p.star"], groups, particles, ["1@s.mrcs", "2@s.mrcs", "1@s.mrcs"]);
        using var p = StarParticles.Open(folder["p.star"]);
        Assert.Equal(groups.Select(g => g.Aberrations), p.OpticsGroups.Select(g => g.Aberrations));
        Assert.All(p.Particles, q => Assert.Equal((1.25, -2.0), (Math.Round(q.Pose.ShiftX, 5), Math.Round(q.Pose.ShiftY, 5))));
    }

    [Theory]
    [InlineData("rlnOddZernike", "[1,2,3]", "no whole orders")]
    [InlineData("rlnEvenZernike", "[1,two]", "no list of coefficients")]
    [InlineData("rlnEvenZernike", "[1e300]", "1e300 is no coefficient that can be")]
    [InlineData("rlnBeamTiltX rlnBeamTiltY", "501 0", "cannot be")]
    [InlineData("rlnBeamTiltX rlnBeamTiltY", "wide 0", "wide")]
    [InlineData("rlnBeamTiltX", "0.5", "rlnBeamTiltY: the column is missing, though rlnBeamTiltX is there; a beam tilt has two")]
    [InlineData("rlnBeamTiltY", "0.5", "rlnBeamTiltX: the column is missing, though rlnBeamTiltY is there")]
    [InlineData("rlnMagMat00 rlnMagMat01 rlnMagMat10 rlnMagMat11", "0 1 1 0", "far from the identity")]
    [InlineData("rlnMagMat00 rlnMagMat01", "1 0", "rlnMagMat10")]
    public void What_cannot_be_names_file_row_and_field(string labels, string values, string problem)
    {
        using var folder = new TestFolder();
        var neutral = labels.Contains("Mat", StringComparison.Ordinal) ? "1 0 0 1"[..values.Length] : "[]";
        neutral = labels.StartsWith("rlnBeamTilt", StringComparison.Ordinal) ? "0 0"[..(labels.Contains(' ', StringComparison.Ordinal) ? 3 : 1)] : neutral;
        TestFolder.Fails(() => Open(folder, labels, values, neutral), "p.star", problem);
    }

    [Fact]
    public void A_tilt_of_another_unit_and_a_stack_of_two_pixel_sizes_are_told()
    {
        using var folder = new TestFolder();
        using (var tilted = Open(folder, "rlnBeamTiltX rlnBeamTiltY", "50 20", "9.9 0"))
        {
            Assert.Contains("the beam tilt of optics group 1 is 50, 20 mrad", Assert.Single(tilted.Warnings), StringComparison.Ordinal);
        }

        var path = folder["p.star"];
        File.WriteAllText(path, File.ReadAllText(path).Replace("0.1 2.0 8 50 20", "0.1 2.02 8 5 2", StringComparison.Ordinal));
        using var two = StarParticles.Open(path);
        Assert.Contains("optics groups 1 and 2 have images in one stack, ", Assert.Single(two.Warnings), StringComparison.Ordinal);
        Assert.Contains("but pixels of 2.02 and 2 A", two.Warnings[0], StringComparison.Ordinal);
        using var one = StarParticles.Open(path, new StarParticlesOptions { PixelSize = 2 });
        Assert.Empty(one.Warnings);
    }

    private static StarParticles Open(TestFolder folder, string labels, string first, string second)
    {
        folder.Stack("s.mrcs", 2);
        var columns = string.Concat(labels.Split(' ').Select(l => $"_{l}\n"));
        return StarParticles.Open(folder.Text(
            "p.star",
            "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnImagePixelSize\n"
                + $"_rlnImageSize\n{columns}1 one 300 2.7 0.1 2.0 8 {first}\n2 two 300 2.7 0.1 2.0 8 {second}\n\n"
                + "data_particles\n\nloop_\n_rlnImageName\n_rlnOpticsGroup\n_rlnDefocusU\n_rlnDefocusV\n_rlnDefocusAngle\n_rlnAngleRot\n_rlnAngleTilt\n"
                + $"_rlnAnglePsi\n_rlnOriginXAngst\n_rlnOriginYAngst\n_rlnRandomSubset\n{Pose} 1 9000 9000 0 10 20 30 1.5 -2 1\n2@s.mrcs 2 9000 9000 "
                + $"0 10 20 30 1.5 -2 2\n"));
    }
}
