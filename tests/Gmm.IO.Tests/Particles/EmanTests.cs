using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>EMAN2's lists and HDF5 stacks: files that h5py wrote in its layout (Data/README.md), and the formulas of its Transform.</summary>
public sealed class EmanTests : IDisposable
{
    private static readonly StarParticlesOptions Halves = new() { RequireBothHalves = false };
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("made_plain.hdf", 1e-6)]
    [InlineData("made_gz8.hdf", 0.03)]
    public void Stacks_have_the_values_that_numpy_has(string name, double tolerance)
    {
        using var stack = EmanStack.Open(TestFolder.Data("eman", name));
        Assert.Equal((3, 8, 6, 1.5), (stack.Count, stack.Width, stack.Height, stack.PixelSize));
        var lines = File.ReadAllLines(TestFolder.Data("eman", "made_values.txt"));
        var pixels = new float[48];
        for (var i = 0; i < 3; i++)
        {
            stack.ReadImage(i, pixels);
            double[] expected = [.. lines[i].Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture))];
            Assert.All(expected.Zip(pixels), v => Assert.Equal(v.First, v.Second, tolerance));
        }

        Assert.StartsWith("E1.2 0.05 30 ", stack.Header(1).Text("EMAN.ctf"), StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_in_chunks_are_read_as_maps()
    {
        var map = MrcFile.ReadMap(TestFolder.Data("eman", "made_map.hdf"));
        Assert.Equal((8, 1.5), (map.Size, map.PixelSize));
        for (var i = 0; i < 512; i++)
        {
            Assert.Equal(i / 8f, map.Voxels[i]);
        }
    }

    [Fact]
    public void The_newer_layout_has_EMAN2s_attributes_too()
    {
        using var stack = EmanStack.Open(TestFolder.Data("eman", "made_new.hdf"));
        Assert.Equal((1, 8, 6, 1.5), (stack.Count, stack.Width, stack.Height, stack.PixelSize));
        Assert.StartsWith("E1.2 0.05 30 ", stack.Header(0).Text("EMAN.ctf"), StringComparison.Ordinal);
        Assert.Equal(12, stack.Header(0).Singles("EMAN.xform.projection", 12)?.Length);
    }

    [Fact]
    public void A_list_has_EMAN2s_angles_shifts_halves_and_the_CTF_of_the_headers()
    {
        File.Copy(TestFolder.Data("eman", "made_square.hdf"), _folder["s.hdf"]);
        double az = 40, alt = 75, phi = -20;
        var list = _folder.Text("p.lst", $"#LSX\n# comment\n# 200\n0\ts.hdf\t{Json(az, alt, phi, 1.5, -2, 0)}   \n2\ts.hdf\t{Json(-170, 3, 8, 0, 0.25, 1)}\n");
        using var p = StarParticles.Open(list, Halves);
        Assert.Equal((2, 8), (p.Particles.Count, p.OpticsGroups[0].ImageSize));

        // az = rot + 90, alt = tilt, phi = psi - 90; tx, ty are pixels.
        var expected = Pose.FromRelion(new EulerAngles(az - 90, alt, phi + 90), -1.5 * 1.5, 2 * 1.5);
        Assert.InRange(p.Particles[0].Pose.Rotation.AngleTo(expected.Rotation), 0, 1e-5);
        Assert.Equal((expected.ShiftX, expected.ShiftY), (p.Particles[0].Pose.ShiftX, p.Particles[0].Pose.ShiftY));
        Assert.Equal((1, 2), (p.Particles[0].Half, p.Particles[1].Half));
        Assert.Equal(2, p.ImageOf(1).Image);
        var c = p.Particles[0].Ctf;
        Assert.Equal((12250, 11750, 30, 0.1, 300, 2.7), (c.DefocusU, c.DefocusV, c.DefocusAngleDegrees, c.AmplitudeContrast, c.VoltageKilovolt,
            c.SphericalAberrationMillimetre));
        var pixels = new float[64];
        p.ReadImage(1, pixels);
        Assert.Equal(Enumerable.Range(0, 64).Select(i => (float)(200 + i)), pixels);
    }

    [Fact]
    public void A_list_that_is_written_is_read_as_the_same()
    {
        _folder.Stack("s.mrcs", 8);
        var from = new ParticleTransfer([_folder.Cryosparc("made_J24.csg")], new StarParticlesOptions { RequireImages = false });
        from.WriteStar(_folder["p.star"], null, false);
        var options = new StarParticlesOptions { RequireImages = false, ImageSize = 8, RequireBothHalves = false };
        var there = new ParticleTransfer([_folder["p.star"]], options);
        there.WriteList(_folder["p.lst"], false);
        var lines = File.ReadAllLines(_folder["p.lst"]);
        Assert.Equal("#LSX", lines[0]);
        Assert.All(lines[3..], l => Assert.Equal(lines[2], $"# {l.Length + 1}"));
        using StarParticles a = StarParticles.Open(_folder["p.star"], options), b = StarParticles.Open(_folder["p.lst"], options);
        var back = new ParticleTransfer([_folder["p.star"]], options);
        back.TakePoses(_folder["p.lst"]);
        back.WriteStar(_folder["q.star"], null, false);
        using var q = StarParticles.Open(_folder["q.star"], options);
        for (var i = 0; i < a.Particles.Count; i++)
        {
            foreach (var other in new[] { b.Particles[i], q.Particles[i] })
            {
                Assert.InRange(a.Particles[i].Pose.Rotation.AngleTo(other.Pose.Rotation), 0, 1e-7);
                Assert.Equal(a.Particles[i].Ctf.DefocusU, other.Ctf.DefocusU, 1e-3);
                Assert.Equal(a.Particles[i].Half, other.Half);
            }

            Assert.Equal(a.Table.GetText(i, "rlnImageName"), b.Table.GetText(i, "rlnImageName"));
        }
    }

    /// <summary>EMAN2Ctf::get_phase is all that EMAN2 knows of contrast and phase shift.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(89)]
    [InlineData(135)]
    [InlineData(200)]
    [InlineData(-40)]
    [InlineData(400)]
    public void Phase_shifts_are_in_the_amplitude_contrast(double degrees)
    {
        _folder.Stack("s.mrcs", 2);
        var group = new OpticsGroup { Id = 1, Name = "opticsGroup1", PixelSize = 1.5, ImageSize = 8 };
        var ctf = new CtfParameters { DefocusU = 9000, DefocusV = 9000, AmplitudeContrast = 0.07, PhaseShiftDegrees = degrees };
        Particle[] particles = [new(Pose.Identity, ctf, 0, 1), new(Pose.Identity, ctf, 0, 2)];
        StarParticles.WriteParticleStar(_folder["p.star"], [group], particles, ["1@s.mrcs", "2@s.mrcs"]);
        var transfer = new ParticleTransfer([_folder["p.star"]], new StarParticlesOptions { RequireImages = false });
        transfer.WriteList(_folder["p.lst"], false);
        Assert.DoesNotContain("rlnPhaseShift", transfer.Dropped);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllLines(_folder["p.lst"])[3].Split('\t')[2]);
        var ampcont = json.RootElement.GetProperty("ctf").GetProperty("ampcont").GetDouble();
        var phase = ampcont > 100 ? Math.PI - Math.Asin(2 - (ampcont / 100)) : Math.Asin(ampcont / 100);
        Assert.InRange(ampcont, -100, 300);
        Assert.Equal(0, Math.IEEERemainder(phase - (degrees * Math.PI / 180) - Math.Asin(0.07), 2 * Math.PI), 1e-6);
        using var p = StarParticles.Open(_folder["p.lst"], Halves);
        foreach (var k in new[] { 0.0, 0.05, 0.17, 0.31 })
        {
            Assert.Equal(Core.Ctf.Evaluate(ctf, k, 0), Core.Ctf.Evaluate(p.Particles[1].Ctf, k, 0), 1e-5);
        }
    }

    [Fact]
    public void A_list_that_is_written_elsewhere_finds_its_images()
    {
        Directory.CreateDirectory(_folder["project"]);
        Directory.CreateDirectory(_folder["out/deep"]);
        _folder.Stack("project/s.mrcs", 2);
        var star = _folder.Text("project/p.star", ListText);
        var transfer = new ParticleTransfer([star], new StarParticlesOptions { RequireImages = false, RequireBothHalves = false });
        transfer.WriteList(_folder["out/deep/p.lst"], false);
        using (var p = StarParticles.Open(_folder["out/deep/p.lst"], Halves))
        {
            Assert.Equal(_folder["project/s.mrcs"], p.Stacks.Single());
        }

        // The tree moves as a whole; the list moves alone.
        Directory.Move(_folder["project"], _folder["new"]);
        TestFolder.Fails(() => StarParticles.Open(_folder["out/deep/p.lst"], Halves).Dispose(), "s.mrcs does not exist");
        Directory.Move(_folder["new"], _folder["project"]);
        File.Move(_folder["out/deep/p.lst"], _folder["p.lst"]);
        using var moved = StarParticles.Open(_folder["p.lst"], Halves);
        Assert.Equal(_folder["project/s.mrcs"], moved.Stacks.Single());
        var lines = File.ReadAllLines(_folder["p.lst"]);
        Assert.Equal($"# {lines[3].Length + 1}", lines[2]);
    }

    [Fact]
    public void An_image_that_is_not_in_its_stack_is_told_before_the_work_begins()
    {
        // Of the images 0, 1, 2 the second becomes number 7.
        var bytes = File.ReadAllBytes(TestFolder.Data("eman", "made_square.hdf"));
        var at = bytes.AsSpan().IndexOf("\u00001\0\0\0\0\0\0\02\0"u8);
        bytes[at + 1] = (byte)'7';
        File.WriteAllBytes(_folder["s.hdf"], bytes);
        using var stack = EmanStack.Open(_folder["s.hdf"]);
        Assert.Equal(8, stack.Count);
        Assert.Equal([0, 2, 7], stack.Present!.Order());
        var pose = Json(1, 2, 3, 0, 0, 0);
        var other = pose.Replace("{\"class\"", Ctf + "\"class\"", StringComparison.Ordinal);
        var list = _folder.Text("p.lst", $"#LSX\n# a\n# 200\n0\ts.hdf\t{pose}\n1\ts.hdf\t{other}\n");
        TestFolder.Fails(
            () => StarParticles.Open(list, Halves with { CtfState = CtfState.Unmodified }).Dispose(), "p.lst", "row 5", "no image 2 in", "s.hdf");
    }

    private const string Ctf = "{\"ctf\":{\"defocus\":1,\"dfdiff\":0,\"dfang\":0,\"ampcont\":10,\"voltage\":300,\"cs\":2.7,\"apix\":1.5},";

    private const string ListText = "data_particles\n\nloop_\n_rlnImageName #1\n_rlnAngleRot #2\n_rlnAngleTilt #3\n_rlnAnglePsi #4\n_rlnDefocusU #5\n"
        + "_rlnVoltage #6\n_rlnSphericalAberration #7\n_rlnAmplitudeContrast #8\n_rlnImagePixelSize #9\n1@s.mrcs 1 2 3 10000 300 2.7 0.1 1.5\n"
        + "2@s.mrcs 4 5 6 10000 300 2.7 0.1 1.5\n";

    [Theory]
    [InlineData("p.lst", "nothing\n", "#LSX")]
    [InlineData("p.lst", "#LSX\n# a\n# 20\nx\ta.hdf\n", "row 4")]
    [InlineData("p.lst", "#LSX\n# a\n# 20\n0\ta.hdf\t{\"class\":0}\n", "pixel size")]
    [InlineData("p.lst", "#LSX\n# a\n# 20\n0\ta.hdf\t{'type':'eman'}\n", "e2proclst.py")]
    [InlineData("p.lst", "#LSX\n# a\n# 20\n0\ta.hdf\t{\"xform.projection\":{\"matrix\":\"[2,0,0,0,0,2,0,0,0,0,2,0]\"}}\n", "no rotation")]
    [InlineData("p.lst", "#LSX\n# a\n# 20\n0\ta.hdf\t{\"xform.projection\":{\"matrix\":[1,2]}}\n", "twelve numbers")]
    public void What_is_wrong_with_a_list_is_named(string name, string text, string mention) =>
        TestFolder.Fails(() => StarParticles.Open(_folder.Text(name, text), Halves).Dispose(), name, mention);

    /// <summary>Transform::set_rotation of EMAN2, convention "eman".</summary>
    private static string Json(double az, double alt, double phi, double tx, double ty, int half)
    {
        var (sa, ca) = Math.SinCos(az * Math.PI / 180);
        var (sl, cl) = Math.SinCos(alt * Math.PI / 180);
        var (sp, cp) = Math.SinCos(phi * Math.PI / 180);
        double[] m =
        [
            (cp * ca) - (cl * sa * sp), (cp * sa) + (cl * ca * sp), sl * sp, tx, -(sp * ca) - (cl * sa * cp), -(sp * sa) + (cl * ca * cp), sl * cp, ty,
            sl * sa, -sl * ca, cl, 0,
        ];
        var text = string.Join(',', m.Select(v => v.ToString("G6", System.Globalization.CultureInfo.InvariantCulture)));
        return $"{{\"class\":{half},\"score\":-0.5,\"xform.projection\":{{\"__class__\":\"Transform\",\"matrix\":\"[{text}]\"}}}}";
    }
}
