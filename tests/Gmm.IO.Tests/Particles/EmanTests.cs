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
    public void The_newer_layout_is_told() =>
        TestFolder.Fails(() => EmanStack.Open(TestFolder.Data("eman", "made_new.hdf")).Dispose(), "made_new.hdf", "newer layout", "e2proc2d.py");

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
