using System.Globalization;
using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>cryoSPARC's particles read as particles, against what numpy and scipy make of the same files (Data/README.md).</summary>
public sealed class CsReadTests : IDisposable
{
    private static readonly StarParticlesOptions s_posesOnly = new() { RequireImages = false };
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("made_J24_particles.cs")]
    [InlineData("made_J24.csg")]
    public void Poses_are_the_transposed_rotations_of_scipy_and_all_else_that_of_numpy(string name)
    {
        using var p = StarParticles.Open(_folder.Cryosparc(name), s_posesOnly);
        var matrices = Rows("made_J24_matrices.txt");
        var expected = Rows("made_J24_expected.txt");
        Assert.Equal(8, p.Particles.Count);
        for (var i = 0; i < 8; i++)
        {
            var m = Array.ConvertAll(matrices[i], Number);
            var r = new Rotation(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]);
            Assert.InRange(p.Particles[i].Pose.Rotation.AngleTo(r), 0, 1e-11);
            var e = expected[i];
            Assert.Equal(e[0], p.Table.GetText(i, "ucsfUid"));
            Assert.Equal(e[1], p.Table.GetText(i, "rlnImageName"));
            Assert.Equal((float)Number(e[2]), (float)p.Particles[i].Ctf.DefocusU);
            Assert.Equal(Number(e[3]), p.Particles[i].Ctf.DefocusAngleDegrees, 1e-12);
            var group = p.OpticsGroups[p.Particles[i].OpticsIndex];
            var seen = group.Aberrations?.Magnification.ToImage(p.Particles[i].Pose) ?? p.Particles[i].Pose;
            Assert.Equal(Number(e[4]), -seen.ShiftX, 1e-12);
            Assert.Equal(Number(e[5]), -seen.ShiftY, 1e-12);
            Assert.Equal((int)Number(e[6]), p.Particles[i].Half);
            Assert.Equal((int)Number(e[7]), group.Id);
            Assert.Equal((1, 8), (group.PixelSize, group.ImageSize));
        }

        var joined = p.Warnings.Any(w => w.Contains("made_J24_passthrough_particles.cs", StringComparison.Ordinal));
        Assert.Equal(name.EndsWith(".cs", StringComparison.Ordinal), joined);
    }

    [Fact]
    public void Aberrations_have_the_phases_of_the_wave_aberration()
    {
        using var p = StarParticles.Open(_folder.Cryosparc("made_J24.csg"), s_posesOnly);
        var group = p.OpticsGroups.Single(g => g.Aberrations is not null);
        var a = group.Aberrations!;
        var l = p.Particles[0].Ctf.WavelengthAngstrom;
        foreach (var (kx, ky) in new[] { (0.11, 0.02), (-0.2, 0.13), (0.05, -0.31) })
        {
            double k = Math.Sqrt((kx * kx) + (ky * ky)), angle = Math.Atan2(ky, kx);
            var odd = (-2 * Math.PI * ((0.4f * kx) + (-0.3f * ky))) - (2 * Math.PI * l * l * k * k * ((3000 * kx) - (5200 * ky)))
                - (2 * Math.PI / 3 * l * l * k * k * k * ((700 * Math.Cos(3 * angle)) - (350 * Math.Sin(3 * angle))));
            Assert.Equal(odd, a.OddPhase(kx, ky), 1e-9 * Math.Abs(odd));
            var even = (2 * Math.PI * ((20000 * Math.Cos(2 * angle)) - (15000 * Math.Sin(2 * angle))))
                + (Math.PI / 2 * ((90000 * Math.Cos(4 * angle)) + (40000 * Math.Sin(4 * angle))));
            even *= l * l * l * k * k * k * k;
            Assert.Equal(even, a.EvenPhase(kx, ky), 1e-9 * Math.Max(1, Math.Abs(even)));
        }

        Assert.Equal(new Magnification(1 + 0.004f, 0.001f, -0.002f, 1 - 0.003f), a.Magnification with { M00 = 1 + 0.004f, M11 = 1 - 0.003f });
        Assert.Equal(1 + (double)0.004f, a.Magnification.M00, 1e-15);

        // A beam tilt is an angle: Cs times it is the field.
        var tilts = p.File.Find("optics")!.Table!.GetColumn("rlnBeamTiltX").Select(Number);
        Assert.Equal(3000 / 2.7e4, tilts.Sum(), 1e-7);
    }

    [Fact]
    public void Missing_stacks_are_named_with_what_to_export()
    {
        var e = TestFolder.Fails(() => StarParticles.Open(_folder.Cryosparc("made_J24.csg")), "rlnImageName", "J8/extract/mic", "--root", ".csg");
        Assert.Equal(1, e.Row);
    }

    [Fact]
    public void Images_are_found_in_the_projects_folder_and_dark_ones_are_said_to_be()
    {
        Directory.CreateDirectory(_folder["project/J8/extract"]);
        for (var k = 0; k < 2; k++)
        {
            _folder.Stack($"project/J8/extract/mic{k}_particles.mrc", 4);
        }

        using var p = StarParticles.Open(_folder.Cryosparc("made_J24.csg"), new StarParticlesOptions { Root = _folder["project"] });
        Assert.Equal(2, p.Stacks.Count);
        var pixels = new float[64];
        for (var i = 0; i < p.Particles.Count; i++)
        {
            p.ReadImage(i, pixels);
            Assert.Equal(1000 * p.ImageOf(i).Image, pixels[0]);
        }

        Assert.Contains(p.Warnings, w => w.Contains("--invert", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("alignments3D/pose", "poses")]
    [InlineData("blob/path", "passthrough")]
    public void What_a_file_does_not_have_is_named_with_the_file_that_would(string missing, string advice)
    {
        var source = missing.StartsWith("blob", StringComparison.Ordinal) ? "made_J24_particles.cs" : "made_J24_passthrough_particles.cs";
        File.Copy(_folder.Cryosparc(source), _folder["p.cs"]);
        var e = TestFolder.Fails(() => StarParticles.Open(_folder["p.cs"]), "p.cs", advice);
        Assert.Equal(missing, e.Field);
    }

    [Fact]
    public void A_passthrough_file_without_some_of_the_particles_is_an_error()
    {
        File.Copy(_folder.Cryosparc("made_J24_particles.cs"), _folder["p.cs"]);
        NpyTable.Read(_folder.Cryosparc("made_J24_passthrough_particles.cs")).Select([0, 1, 2]).Write(_folder["passthrough.cs"], false);
        var lacks = TestFolder.Fails(
            () => CsDataset.Read(_folder["p.cs"]), "p.cs", _folder["passthrough.cs"], "is not in", "it has blob and ctf of 3 of the 8 particles");
        Assert.Equal("uid", lacks.Field);
        _folder.Text("g.csg", "results:\n  alignments3D:\n    metafile: '>p.cs'\n  blob:\n    metafile: '>passthrough.cs'\n");
        var e = TestFolder.Fails(() => StarParticles.Open(_folder["g.csg"]), "p.cs", "passthrough.cs", "is not in");
        Assert.Equal("uid", e.Field);
    }

    [Fact]
    public void A_passthrough_file_of_other_particles_is_named()
    {
        File.Copy(_folder.Cryosparc("made_J24_particles.cs"), _folder["p.cs"]);
        var other = NpyTable.Read(_folder.Cryosparc("made_J24_passthrough_particles.cs")).Clone();
        for (var row = 0; row < other.RowCount; row++)
        {
            other.Set(row, other.Numbers("uid"), (ulong)(row + 1));
        }

        other.Write(_folder["J3_passthrough_particles.cs"], false);
        Assert.Equal("blob/path", TestFolder.Fails(() => StarParticles.Open(_folder["p.cs"]), "(J3_passthrough_particles.cs has none of their uids)").Field);
    }

    [Fact]
    public void Of_two_passthrough_files_that_disagree_the_jobs_own_is_taken_and_the_other_named()
    {
        File.Copy(_folder.Cryosparc("made_J24_particles.cs"), _folder["J2_particles.cs"]);
        var passthrough = NpyTable.Read(_folder.Cryosparc("made_J24_passthrough_particles.cs"));
        var other = passthrough.Clone();
        other.Set(6, other.Numbers("ctf/df1_A"), 0, 12345);
        passthrough.Write(_folder["J2_passthrough_particles.cs"], false);
        other.Write(_folder["J1_passthrough_particles.cs"], false);
        var read = CsDataset.Read(_folder["J2_particles.cs"]);
        Assert.Equal([_folder["J2_particles.cs"], _folder["J2_passthrough_particles.cs"]], read.Files);
        const string warning = "J1_passthrough_particles.cs beside it has these particles too, with another ctf/df1_A in row ";
        Assert.Contains(read.Warnings, w => w.Contains(warning, StringComparison.Ordinal)
            && w.EndsWith("it is not used, J2_passthrough_particles.cs is", StringComparison.Ordinal));

        // Two that agree are one.
        passthrough.Write(_folder["J1_passthrough_particles.cs"], true);
        Assert.Single(CsDataset.Read(_folder["J2_particles.cs"]).Warnings);
    }

    [Theory]
    [InlineData("ctf/accel_kv", 0, "the voltage 0 is not positive")]
    [InlineData("ctf/amp_contrast", 7, "amplitude contrast 7")]
    [InlineData("blob/psize_A", 0, "the pixel size 0 is not positive")]
    [InlineData("alignments3D/psize_A", 0, "the pixel size 0 is not positive")]
    [InlineData("alignments3D/split", 7, "7 is no half set; 0 and 1 are")]
    [InlineData("blob/path", 0, "the path is empty")]
    [InlineData("blob/path", 255, "the bytes are no text in UTF-8")]
    public void Values_that_cannot_be_are_named_by_their_field_and_row(string name, int value, string problem)
    {
        var table = CsDataset.Read(_folder.Cryosparc("made_J24.csg")).Table.Clone();
        if (name != "blob/path")
        {
            table.Set(4, table.Numbers(name), 0, value);
        }
        else
        {
            table.Set(4, table.Texts(name), value == 0 ? string.Empty : "!none");
        }

        table.Write(_folder["p.cs"], false);
        var bytes = File.ReadAllBytes(_folder["p.cs"]);
        if (value == 255)
        {
            bytes[bytes.AsSpan().IndexOf("!none"u8)] = 255;
            File.WriteAllBytes(_folder["p.cs"], bytes);
        }

        var e = TestFolder.Fails(() => _ = new ParticleTransfer([_folder["p.cs"]], s_posesOnly), problem);
        Assert.Equal((name, 5), (e.Field, e.Row));
    }

    /// <summary>A group whose particles' optics differ takes no other group's number or name.</summary>
    [Fact]
    public void Groups_keep_the_numbers_of_their_exposure_groups()
    {
        var table = CsDataset.Read(_folder.Cryosparc("made_J24.csg")).Table.Clone();
        for (var row = 0; row < table.RowCount; row++)
        {
            table.Set(row, table.Numbers("ctf/exp_group_id"), 0, row < 4 ? 0 : 1);
            foreach (var name in new[] { "ctf/tilt_A", "ctf/trefoil_A", "ctf/shift_A", "ctf/tetra_A", "ctf/anisomag" })
            {
                var field = table.Find(name)!;
                for (var k = 0; k < field.Count; k++)
                {
                    table.Set(row, field, k, 0);
                }
            }

            table.Set(row, table.Numbers("ctf/cs_mm"), 0, row == 1 ? 2.5 : 2.7);
        }

        using var p = StarParticles.Of(_folder["p.cs"], new ParticleFile(CsToStar.Convert(table), null, []), s_posesOnly);
        Assert.Equal([1, 3, 1, 1, 2, 2, 2, 2], p.Particles.Select(x => p.OpticsGroups[x.OpticsIndex].Id));
        Assert.Equal(["exposureGroup0", "exposureGroup0_2", "exposureGroup1"], p.OpticsGroups.Select(g => g.Name));
    }

    [Theory]
    [InlineData("results:\n  blob:\n    metafile: '>a\0.cs'\n", "metafile")]
    [InlineData("results:\n  blob:\n    metafile: '>'\n", "metafile")]
    [InlineData("results:\n  blob:\n    metafile: '>no.cs'\n", "metafile")]
    [InlineData("group:\n  blob:\n    metafile: '>no.cs'\n", "results")]
    public void A_group_that_leads_nowhere_is_told(string text, string field) =>
        Assert.Equal(field, TestFolder.Fails(() => CsDataset.Read(_folder.Text("g.csg", text)), "g.csg").Field);

    [Fact]
    public void Particles_of_one_half_get_halves()
    {
        var table = CsDataset.Read(_folder.Cryosparc("made_J24.csg")).Table.Clone();
        for (var row = 0; row < table.RowCount; row++)
        {
            table.Set(row, table.Numbers("alignments3D/split"), 0, 0);
        }

        table.Write(_folder["p.cs"], false);
        using var p = StarParticles.Open(_folder["p.cs"], s_posesOnly);
        Assert.True(p.HalvesWereAssigned);
        p.WriteCryosparc(_folder["q.cs"], [.. p.Particles.Select(x => x.Pose)]);
        using var q = StarParticles.Open(_folder["q.cs"], s_posesOnly);
        Assert.False(q.HalvesWereAssigned);
        Assert.Equal(p.Particles.Select(x => x.Half), q.Particles.Select(x => x.Half));
    }

    private static string[][] Rows(string name) => [.. File.ReadAllLines(TestFolder.Data("cs", name)).Select(l => l.Split(' '))];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
