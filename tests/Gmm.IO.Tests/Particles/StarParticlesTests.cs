using System.Buffers.Binary;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;

namespace Gmm.IO.Tests;

public sealed class StarParticlesTests
{
    private const string Flat = "data_\n\nloop_\n_rlnImageName #1\n_rlnVoltage #2\n_rlnSphericalAberration #3\n_rlnAmplitudeContrast #4\n"
        + "_rlnMagnification #5\n_rlnDetectorPixelSize #6\n"
        + "_rlnDefocusU #7\n_rlnDefocusV #8\n_rlnDefocusAngle #9\n_rlnAngleRot #10\n_rlnAngleTilt #11\n_rlnAnglePsi #12\n_rlnOriginX #13\n"
        + "_rlnOriginY #14\n_rlnRandomSubset #15\n_rlnOther #16\n";

    private static readonly string[] FlatRows =
    [
        "000001@s.mrcs 300 2.7 0.1 25000 5 15000 14000 30 10 20 30 1.5 -2 1 'keep me'",
        "000002@s.mrcs 300 2.7 0.1 25000 5 16000 15000 30 40 50 60 0 0.25 2 \"\"",
        "000003@s.mrcs 200 2.0 0.07 20000 5 17000 16000 -30 -170 120 -60 -3 4 1 x",
        "000004@s.mrcs 200 2.0 0.07 20000 5 18000 17000 -30 0 0 90 0 0 2 y",
    ];

    private const string Optics = "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n_rlnVoltage\n_rlnSphericalAberration\n"
        + "_rlnAmplitudeContrast\n_rlnImagePixelSize\n_rlnImageSize\n_rlnCtfDataAreCtfPremultiplied\n"
        + "7 seven 300 2.7 0.1 2.0 8 1\n3 three 200 2.0 0.07 2.5 12 0\n\n";

    private const string Particles = "data_particles\n\nloop_\n_rlnImageName\n_rlnOpticsGroup\n_rlnDefocusU\n_rlnDefocusV\n_rlnDefocusAngle\n"
        + "_rlnPhaseShift\n_rlnCtfBfactor\n_rlnCtfScalefactor\n"
        + "_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n_rlnOriginXAngst\n_rlnOriginYAngst\n_rlnRandomSubset\n"
        + "2@s.mrcs 7 15000 14000 30 90 -5 0.9 10 20 30 1.5 -2 1\n1@t.mrcs 3 16000 15000 30 0 0 1 40 50 60 0 0.25 2\n"
        + "1@s.mrcs 7 17000 16000 30 0 0 1 -40 50 -60 0 0 2\n";

    [Fact]
    public void A_flat_file_is_read_with_its_groups_units_and_images()
    {
        using var folder = FlatFolder();
        using var p = StarParticles.Open(folder["p.star"]);
        Assert.Contains("in one stack", Assert.Single(p.Warnings), StringComparison.Ordinal);
        Assert.True(p.OriginsAreInPixels);
        Assert.Equal([(2.0, 8), (2.5, 8)], p.OpticsGroups.Select(g => (g.PixelSize, g.ImageSize)));
        Assert.Equal([0, 0, 1, 1], p.Particles.Select(q => q.OpticsIndex));
        Assert.Equal([1, 2, 1, 2], p.Particles.Select(q => q.Half));
        Assert.Equal((-1.5 * 2, 2.0 * 2), (p.Particles[0].Pose.ShiftX, p.Particles[0].Pose.ShiftY));
        Assert.Equal((3 * 2.5, -4 * 2.5), (p.Particles[2].Pose.ShiftX, p.Particles[2].Pose.ShiftY));
        Assert.Equal(Rotation.FromEuler(new EulerAngles(10, 20, 30)), p.Particles[0].Pose.Rotation);
        Assert.Equal(
            new CtfParameters
            {
                DefocusU = 17000,
                DefocusV = 16000,
                DefocusAngleDegrees = -30,
                VoltageKilovolt = 200,
                SphericalAberrationMillimetre = 2,
                AmplitudeContrast = 0.07,
            },
            p.Particles[2].Ctf);
        var image = new float[64];
        p.ReadImage(2, image);
        Assert.Equal(2005, image[5]);
        Assert.Contains("p.star, row 22 (image 3 of", p.Describe(2), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => p.ReadImage(2, new float[65]));
    }

    [Fact]
    public void A_file_with_optics_groups_is_read_wherever_the_groups_stand()
    {
        using var folder = OpticsFolder();
        foreach (var text in new[] { Optics + Particles, Particles + "\n" + Optics })
        {
            using var p = StarParticles.Open(folder.Text("p.star", text));
            Assert.Equal(
                [(7, "seven", 2.0, 8, CtfState.Premultiplied), (3, "three", 2.5, 12, CtfState.Unmodified)],
                p.OpticsGroups.Select(g => (g.Id, g.Name, g.PixelSize, g.ImageSize, g.CtfState)));
            Assert.Equal([0, 1, 0], p.Particles.Select(q => q.OpticsIndex));
            Assert.Equal((-1.5, 2.0), (p.Particles[0].Pose.ShiftX, p.Particles[0].Pose.ShiftY));
            Assert.Equal(
                (90.0, -5.0, 0.9, 300.0),
                (p.Particles[0].Ctf.PhaseShiftDegrees, p.Particles[0].Ctf.BFactor, p.Particles[0].Ctf.ScaleFactor, p.Particles[0].Ctf.VoltageKilovolt));
            Assert.Equal(
                (200.0, 2.0, 0.07),
                (p.Particles[1].Ctf.VoltageKilovolt, p.Particles[1].Ctf.SphericalAberrationMillimetre, p.Particles[1].Ctf.AmplitudeContrast));
            var image = new float[144];
            p.ReadImage(1, image);
            Assert.Equal(143, image[143]);
        }
    }

    [Fact]
    public void A_flat_file_equals_what_relion_convert_star_makes_of_it()
    {
        var options = new StarParticlesOptions { RequireImages = false, ImageSize = 64 };
        using var flat = StarParticles.Open(TestFolder.Data("star", "made_relion30.star"), options);
        using var converted = StarParticles.Open(TestFolder.Data("star", "made_relion30_by_relion_convert_star.star"), options);
        Assert.Equal(12, flat.Particles.Count);
        Assert.Equal(converted.OpticsGroups.Select(g => g.PixelSize), flat.OpticsGroups.Select(g => g.PixelSize));
        foreach (var (a, b) in flat.Particles.Zip(converted.Particles))
        {
            // RELION writes six digits in all, so angles below -100 have five decimals.
            Assert.InRange(a.Pose.Rotation.AngleTo(b.Pose.Rotation) * 180 / Math.PI, 0, 2e-5);
            Assert.InRange(b.Pose.ShiftX - a.Pose.ShiftX, -1e-5, 1e-5);
            Assert.InRange(b.Pose.ShiftY - a.Pose.ShiftY, -1e-5, 1e-5);
            Assert.InRange(b.Ctf.DefocusU - a.Ctf.DefocusU, -1e-5, 1e-5);
            Assert.Equal(
                (b.Ctf.VoltageKilovolt, b.Ctf.SphericalAberrationMillimetre, b.Ctf.AmplitudeContrast, b.Half, b.OpticsIndex),
                (a.Ctf.VoltageKilovolt, a.Ctf.SphericalAberrationMillimetre, a.Ctf.AmplitudeContrast, a.Half, a.OpticsIndex));
        }
    }

    [Property]
    public Property What_is_written_is_read_back_as_the_quantized_pose_to_the_bit()
    {
        var steps = Gen.Choose(-100000, 100000).Select(i => i * 1.37e-4).ArrayOf(5 * 4).ToArbitrary();
        return Prop.ForAll(steps, s =>
        {
            foreach (var flat in new[] { true, false })
            {
                using var folder = flat ? FlatFolder() : OpticsFolder();
                using var p = StarParticles.Open(folder["p.star"]);
                var poses = p.Particles.Select(
                    (q, i) => q.Pose.Step([s[5 * i] / 4, s[(5 * i) + 1] / 4, s[(5 * i) + 2] / 4, s[(5 * i) + 3], s[(5 * i) + 4]])).ToArray();
                p.WriteStar(folder["out.star"], poses, overwrite: true);
                using var again = StarParticles.Open(folder["out.star"]);
                for (var i = 0; i < poses.Length; i++)
                {
                    var quantized = p.Quantize(i, poses[i]);
                    Assert.Equal(quantized, again.Particles[i].Pose);
                    Assert.Equal(BitConverter.DoubleToInt64Bits(quantized.ShiftX), BitConverter.DoubleToInt64Bits(again.Particles[i].Pose.ShiftX));
                    Assert.InRange(quantized.Rotation.AngleTo(poses[i].Rotation), 0, 3e-8);
                    Assert.InRange(quantized.ShiftX - poses[i].ShiftX, -1.3e-6, 1.3e-6);
                    Assert.Equal(p.Particles[i] with { Pose = quantized }, again.Particles[i]);
                }
            }
        });
    }

    [Fact]
    public void Writing_keeps_every_other_cell_and_adds_what_is_asked()
    {
        using var folder = FlatFolder();
        using var p = StarParticles.Open(folder["p.star"]);
        var poses = p.Particles.Select(q => q.Pose).ToArray();
        poses[1] = Pose.FromRelion(new EulerAngles(1, 2, 3), 4, -5);
        p.WriteStar(folder["out.star"], poses, [StarColumn.FromNumbers("gmmPoseError", [0, 1, 2, 3]), new StarColumn("rlnOther", ["a", "b", "c", "d e"])]);
        var table = StarFile.Read(folder["out.star"]).Blocks[0].Table!;
        Assert.Equal(17, table.Labels.Count);
        Assert.Equal(
            "1.000000 2.000000 3.000000 2.000000 -2.500000",
            string.Join(' ', new[] { "rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi", "rlnOriginX", "rlnOriginY" }.Select(l => table.GetText(1, l))));
        Assert.Equal("1.5", table.GetText(0, "rlnOriginX"));
        Assert.Equal("20", table.GetText(0, "rlnAngleTilt"));
        Assert.Equal(
            ["d e", "3.000000", "18000", "000004@s.mrcs"],
            new[] { "rlnOther", "gmmPoseError", "rlnDefocusU", "rlnImageName" }.Select(l => table.GetText(3, l)));
        TestFolder.Fails(() => p.WriteStar(folder["out.star"], poses), "out.star", "exists already");
        Assert.Throws<ArgumentException>(() => p.WriteStar(folder["other.star"], poses[..3]));
        Assert.Throws<ArgumentException>(() => p.WriteStar(folder["other.star"], [.. poses[..3], poses[3] with { ShiftX = double.NaN }]));
        Assert.False(File.Exists(folder["other.star"]));
        p.WriteStar(folder["same.star"], [.. p.Particles.Select(q => q.Pose)]);
        Assert.Equal(
            File.ReadAllText(folder["p.star"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^4..],
            File.ReadAllText(folder["same.star"]).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^4..]);
    }

    [Fact]
    public void Missing_halves_and_origins_are_assumed_with_a_warning_and_written()
    {
        using var folder = FlatFolder(drop: ["rlnRandomSubset", "rlnOriginX", "rlnOriginY"]);
        using var p = StarParticles.Open(folder["p.star"]);
        Assert.True(p.HalvesWereAssigned);
        Assert.Equal([1, 2, 1, 2], p.Particles.Select(q => q.Half));
        Assert.Equal(0, p.Particles[0].Pose.ShiftX);
        Assert.Contains(p.Warnings, w => w.Contains("rlnRandomSubset", StringComparison.Ordinal));
        Assert.Contains(p.Warnings, w => w.Contains("rlnOriginX", StringComparison.Ordinal));
        p.WriteStar(folder["out.star"], [.. p.Particles.Select(q => q.Pose with { ShiftX = 3 })]);
        using var again = StarParticles.Open(folder["out.star"]);
        Assert.Contains("in one stack", Assert.Single(again.Warnings), StringComparison.Ordinal);
        Assert.Equal([1, 2, 1, 2], again.Particles.Select(q => q.Half));
        Assert.Equal(-1.5, again.Table.GetDouble(0, "rlnOriginX"));
    }

    [Fact]
    public void Options_override_the_file()
    {
        using var folder = FlatFolder();
        using var p = StarParticles.Open(folder["p.star"], new StarParticlesOptions { PixelSize = 4, CtfState = CtfState.PhaseFlipped, Root = folder.Root });
        Assert.All(p.OpticsGroups, g => Assert.Equal((4.0, CtfState.PhaseFlipped), (g.PixelSize, g.CtfState)));
        Assert.Equal(-6, p.Particles[0].Pose.ShiftX);
        TestFolder.Fails(() => Open(folder, new StarParticlesOptions { Root = folder["none"] }), "p.star, row 20, rlnImageName", "s.mrcs does not exist");
        TestFolder.Fails(() => Open(folder, new StarParticlesOptions { PixelSize = -1 }), "PixelSize");
        using var noCtf = FlatFolder(drop: ["rlnDefocusU", "rlnDefocusV", "rlnDefocusAngle", "rlnVoltage"]);
        using var q = StarParticles.Open(noCtf["p.star"], new StarParticlesOptions { RequireCtf = false });
        Assert.Equal(CtfState.None, q.OpticsGroups[0].CtfState);
        Assert.Contains(q.Warnings, w => w.Contains("free of CTF", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, "rlnImageName", "000009@s.mrcs", "image 9 is outside the stack")]
    [InlineData(1, "rlnImageName", "000000@s.mrcs", "image 0 is outside the stack")]
    [InlineData(1, "rlnImageName", "x@s.mrcs", "not of the form")]
    [InlineData(1, "rlnImageName", "1@none.mrcs", "none.mrcs does not exist")]
    [InlineData(1, "rlnImageName", "1@wide.mrcs", "not square")]
    [InlineData(1, "rlnImageName", "1@big.mrcs", "others of its optics group")]
    [InlineData(1, "rlnImageName", "1@cut.mrcs", "truncated")]
    [InlineData(2, "rlnAngleTilt", "1x", "\"1x\" is not a finite number")]
    [InlineData(2, "rlnOriginX", "nan", "not a finite number")]
    [InlineData(2, "rlnDefocusU", "inf", "not a finite number")]
    [InlineData(2, "rlnRandomSubset", "3", "3 is not a half set")]
    [InlineData(2, "rlnRandomSubset", "1.5", "not a whole number")]
    [InlineData(0, "rlnDetectorPixelSize", "0", "pixel size 0 is not positive")]
    [InlineData(0, "rlnDetectorPixelSize", "-5", "not positive")]
    [InlineData(0, "rlnMagnification", "0", "magnification 0 is not positive")]
    [InlineData(0, "rlnVoltage", "0", "voltage 0 is not positive")]
    [InlineData(0, "rlnAmplitudeContrast", "7", "amplitude contrast 7")]
    public void A_bad_cell_is_refused_with_file_row_and_column(int row, string label, string cell, string message)
    {
        using var folder = FlatFolder(change: (row, label, cell));
        TestFolder.Fails(() => Open(folder), $"p.star, row {20 + row}, {label}: ", message);
    }

    [Theory]
    [InlineData("rlnImageName")]
    [InlineData("rlnAngleRot")]
    [InlineData("rlnAngleTilt")]
    [InlineData("rlnAnglePsi")]
    [InlineData("rlnOriginY")]
    [InlineData("rlnDefocusU")]
    [InlineData("rlnVoltage")]
    [InlineData("rlnSphericalAberration")]
    [InlineData("rlnAmplitudeContrast")]
    [InlineData("rlnDetectorPixelSize")]
    public void A_missing_column_is_named(string label)
    {
        using var folder = FlatFolder(drop: [label]);
        TestFolder.Fails(() => Open(folder), "p.star", label);
    }

    [Fact]
    public void Sets_that_cannot_be_refined_are_refused()
    {
        using var folder = FlatFolder();
        TestFolder.Fails(() => Open(folder, text: Flat), "p.star", "no particles");
        TestFolder.Fails(() => Open(folder, text: Flat + FlatRows[0] + "\n" + FlatRows[2] + "\n"), "p.star, rlnRandomSubset", "half set 2 has no particles");
        TestFolder.Fails(() => Open(folder, text: "data_x\n_a 1\n"), "p.star, rlnImageName", "no table of particles");
        using var twice = StarParticles.Open(
            folder.Text("p.star", Flat + FlatRows[0] + "\n" + FlatRows[1].Replace("000002", "000001", StringComparison.Ordinal) + "\n"));
        Assert.Contains(twice.Warnings, w => w.Contains("row 21", StringComparison.Ordinal) && w.Contains("both half sets", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("1@t.mrcs 3 ", "1@t.mrcs 4 ", "row 33, rlnOpticsGroup", "group 4 is not in the table")]
    [InlineData("2.0 8 1", "0 8 1", "row 12, rlnImagePixelSize", "pixel size 0 is not positive")]
    [InlineData("2.0 8 1", "nan 8 1", "row 12, rlnImagePixelSize", "not a finite number")]
    [InlineData("2.0 8 1", "2.0 16 1", "row 32, rlnImageName", "8 x 8 pixels, but rlnImageSize of the optics group is 16")]
    [InlineData("7 seven", "3 seven", "row 13, rlnOpticsGroup", "group 3 is there twice")]
    public void A_bad_optics_group_is_refused(string old, string replacement, string place, string message)
    {
        using var folder = OpticsFolder();
        TestFolder.Fails(() => Open(folder, text: (Optics + Particles).Replace(old, replacement, StringComparison.Ordinal)), $"p.star, {place}: ", message);
    }

    [Fact]
    public void An_image_with_NaN_is_named_when_it_is_read()
    {
        using var folder = FlatFolder();
        var bytes = File.ReadAllBytes(folder.Stack("s.mrcs", 4));
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(1024 + (4 * (64 + 19))), float.NaN);
        File.WriteAllBytes(folder["s.mrcs"], bytes);
        using var p = StarParticles.Open(folder["p.star"]);
        p.ReadImage(0, new float[64]);
        TestFolder.Fails(() => p.ReadImage(1, new float[64]), "p.star, row 21, rlnImageName: image 2 of", "s.mrcs has a NaN or infinity at pixel (3, 2)");
    }

    [Fact]
    public void More_stacks_than_may_be_open_are_read_on_many_threads()
    {
        using var folder = new TestFolder();
        using var pool = new StackPool(capacity: 3);
        for (var s = 0; s < 10; s++)
        {
            folder.Stack($"{s}.mrcs", 3, size: 4 + s);
        }

        for (var s = 0; s < 10; s++)
        {
            pool.ReadImage(folder[$"{s}.mrcs"], 0, new float[(4 + s) * (4 + s)]);
            Assert.Equal(Math.Min(3, s + 1), pool.OpenCount);
        }

        Parallel.For(0, 300, i =>
        {
            var n = 4 + (i % 10);
            var image = new float[n * n];
            pool.ReadImage(folder[$"{i % 10}.mrcs"], i % 3, image);
            Assert.Equal((1000 * (i % 3)) + 7, image[7]);
        });
    }

    [Fact]
    public void A_fresh_particle_file_is_read_back()
    {
        using var folder = new TestFolder();
        folder.Stack("sim.mrcs", 3, size: 8);
        OpticsGroup[] groups =
        [
            new() { Id = 1, Name = "a group", PixelSize = 1.3380000265598893, ImageSize = 8 },
            new() { Id = 2, Name = "flipped", PixelSize = 1.5, ImageSize = 8, CtfState = CtfState.PhaseFlipped },
        ];
        var defocus = new CtfParameters { DefocusU = 12345.5, DefocusV = 12000, DefocusAngleDegrees = 12, PhaseShiftDegrees = 90, BFactor = 20 };
        var ctf = defocus with { VoltageKilovolt = 200, SphericalAberrationMillimetre = 1.4, AmplitudeContrast = 0.07, ScaleFactor = 0.75 };
        Particle[] particles =
        [
            new(Pose.FromRelion(new EulerAngles(10, 20, 30), 1.25, -2), ctf, 0, 1),
            new(Pose.FromRelion(new EulerAngles(-10, 120, 30), 0, 3.5), ctf with { VoltageKilovolt = 300 }, 1, 2),
            new(Pose.FromRelion(new EulerAngles(0, 0, 45), 0, 0), ctf with { DefocusU = 9000 }, 0, 2),
        ];
        StarParticles.WriteParticleStar(
            folder["sim.star"], groups, particles, [.. Enumerable.Range(0, 3).Select(i => StarParticles.ImageName(i, "sim.mrcs"))],
            [StarColumn.FromIntegers("gmmTruth", [1, 2, 3])]);
        using var p = StarParticles.Open(folder["sim.star"]);
        Assert.Contains("in one stack", Assert.Single(p.Warnings), StringComparison.Ordinal);
        Assert.Equal(groups, p.OpticsGroups);
        foreach (var (a, b) in particles.Zip(p.Particles))
        {
            Assert.Equal(a.Ctf, b.Ctf);
            Assert.Equal((a.OpticsIndex, a.Half, a.Pose.ShiftX, a.Pose.ShiftY), (b.OpticsIndex, b.Half, b.Pose.ShiftX, b.Pose.ShiftY));
            Assert.InRange(a.Pose.Rotation.AngleTo(b.Pose.Rotation), 0, 3e-8);
        }

        Assert.Equal("3", p.Table.GetText(2, "gmmTruth"));
    }

    private static void Open(TestFolder folder, StarParticlesOptions? options = null, string? text = null)
    {
        if (text is not null)
        {
            folder.Text("p.star", text);
        }

        StarParticles.Open(folder["p.star"], options).Dispose();
    }

    private static TestFolder OpticsFolder()
    {
        var folder = new TestFolder();
        folder.Stack("s.mrcs", 2);
        folder.Stack("t.mrcs", 1, size: 12);
        folder.Text("p.star", Optics + Particles);
        return folder;
    }

    private static TestFolder FlatFolder(string[]? drop = null, (int Row, string Label, string Cell)? change = null)
    {
        var folder = new TestFolder();
        folder.Stack("s.mrcs", 4);
        folder.Stack("wide.mrcs", 2, size: 8, height: 6);
        folder.Stack("big.mrcs", 2, size: 10);
        folder.Stack("cut.mrcs", 2);
        using (var cut = File.OpenWrite(folder["cut.mrcs"]))
        {
            cut.SetLength(cut.Length - 10);
        }

        var table = StarFile.Parse(Flat + string.Join('\n', FlatRows) + "\n").Blocks[0].Table!;
        var labels = table.Labels.Where(l => drop?.Contains(l) != true).ToArray();
        var text = "data_\n\nloop_\n" + string.Concat(labels.Select((l, i) => string.Create(CultureInfo.InvariantCulture, $"_{l} #{i + 1}\n")))
            + new string('\n', 16 - labels.Length);
        for (var r = 0; r < table.RowCount; r++)
        {
            text += string.Join(' ', labels.Select(l => change is { } c && c.Row == r && c.Label == l ? c.Cell : StarText.Quote(table.GetText(r, l)))) + "\n";
        }

        folder.Text("p.star", text);
        return folder;
    }
}
