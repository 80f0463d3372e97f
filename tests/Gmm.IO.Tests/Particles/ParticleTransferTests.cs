using System.Globalization;
using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Particles on their way between cryoDRGN's files and others, and columns that are added and left out.</summary>
public sealed class ParticleTransferTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stack_with_pickles_becomes_particles_and_pickles_again()
    {
        var stack = _folder.Stack("s.mrcs", 8);
        var transfer = new ParticleTransfer([stack], new StarParticlesOptions { RequireImages = false });
        Assert.True(transfer.HasStacks);
        transfer.TakeCtfs(TestFolder.Data("cs", "made_ctf.pkl"));
        transfer.TakePoses(TestFolder.Data("cs", "made_pose.pkl"));
        transfer.WriteStar(_folder["p.star"], null, false);
        using (var p = StarParticles.Open(_folder["p.star"]))
        {
            var (ctfs, poses) = (Rows("made_ctf.txt"), Rows("made_pose.txt"));
            Assert.Equal(2, p.OpticsGroups.Count);
            for (var i = 0; i < 8; i++)
            {
                var (c, f) = (p.Particles[i].Ctf, ctfs[i]);

                // Images of 8 pixels, CTFs of images of 16 pixels of 0.5 A.
                Assert.Equal((1.0, 8, f[5]), (p.OpticsGroups[p.Particles[i].OpticsIndex].PixelSize, p.OpticsGroups[0].ImageSize, c.VoltageKilovolt));
                Assert.Equal(f[2], c.DefocusU, 1e-6 * f[2]);
                Assert.Equal(f[3], c.DefocusV, 1e-6 * f[3]);
                Assert.Equal(f[4], c.DefocusAngleDegrees, 1e-5);
                Assert.Equal(f[8], c.PhaseShiftDegrees, 1e-5);
                Assert.Equal((2.7, 0.1), (c.SphericalAberrationMillimetre, c.AmplitudeContrast));
                Assert.Equal(8 * poses[i][9], p.Table.GetDouble(i, "rlnOriginXAngst"), 1e-6);
                Assert.Equal(i, p.ImageOf(i).Image);
            }
        }

        var back = new ParticleTransfer([_folder["p.star"]], new StarParticlesOptions { RequireImages = false });
        back.WritePickles(_folder["pose.pkl"], _folder["ctf.pkl"], false);
        Assert.Equal(["rlnImageName"], back.Dropped);
        var made = (PickledArray)PickleReader.Read(TestFolder.Data("cs", "made_ctf.pkl"))!;
        var written = (PickledArray)PickleReader.Read(_folder["ctf.pkl"])!;
        Assert.Equal((8, 9, "<f4"), (written.Shape[0], written.Shape[1], written.Type));
        Assert.All(made.Numbers("m").Zip(written.Numbers("w")).Select((v, i) => (v, i)).Where(x => x.i % 9 > 1), x =>
            Assert.Equal(x.v.First, x.v.Second, 2e-7 * Math.Max(1, Math.Abs(x.v.First))));
        var (was, now) = ((List<object?>)PickleReader.Read(TestFolder.Data("cs", "made_pose.pkl"))!, (List<object?>)PickleReader.Read(_folder["pose.pkl"])!);
        for (var k = 0; k < 2; k++)
        {
            var (a, b) = ((PickledArray)was[k]!, (PickledArray)now[k]!);
            Assert.Equal(a.Shape, b.Shape);
            Assert.All(a.Numbers("a").Zip(b.Numbers("b")), v => Assert.Equal(v.First, v.Second, 2e-7));
        }
    }

    [Fact]
    public void A_pickle_is_what_numpy_reads()
    {
        // numpy 1.24 loads these bytes as array([[1, -2], [3, 0.5], [0, 7]], dtype=float32).
        const string expected =
            "gARjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApjbnVtcHkKbmRhcnJheQpLAIVDAWKHUihLAShKAwAAAEoCAAAAdGNudW1weQpkdHlwZQpYAgAAAGY0"
            + "iYiHUihLA1gBAAAAPE5OTkr/////Sv////9LAHRiiY4YAAAAAAAAAAAAgD8AAADAAABAQAAAAD8AAAAAAADgQHRiLg==";
        Assert.Equal(expected, Convert.ToBase64String(PickleWriter.Array([3, 2], [1, -2, 3, 0.5f, 0, 7])));
    }

    [Fact]
    public void A_pixel_size_that_is_given_is_the_written_files_too()
    {
        var transfer = new ParticleTransfer([_folder.Stack("s.mrcs", 8)], new StarParticlesOptions { RequireImages = false, PixelSize = 6.5 });
        transfer.TakeCtfs(TestFolder.Data("cs", "made_ctf.pkl"));
        transfer.TakePoses(TestFolder.Data("cs", "made_pose.pkl"));
        transfer.WriteStar(_folder["given.star"], null, false);
        var again = new ParticleTransfer([_folder["given.star"]], new StarParticlesOptions { RequireImages = false, PixelSize = 3 });
        again.WriteStar(_folder["again.star"], null, false);
        Assert.All(new[] { ("given.star", 6.5), ("again.star", 3) }, file =>
        {
            using var p = StarParticles.Open(_folder[file.Item1]);
            Assert.All(p.OpticsGroups, g => Assert.Equal(file.Item2, g.PixelSize));
        });
    }

    [Fact]
    public void Pickles_are_written_both_or_none()
    {
        var transfer = new ParticleTransfer([_folder.Stack("s.mrcs", 8)], new StarParticlesOptions { RequireImages = false });
        transfer.TakeCtfs(TestFolder.Data("cs", "made_ctf.pkl"));
        transfer.TakePoses(TestFolder.Data("cs", "made_pose.pkl"));
        Directory.CreateDirectory(_folder["x_ctf.pkl"]);
        Assert.ThrowsAny<Exception>(() => transfer.WritePickles(_folder["x_pose.pkl"], _folder["x_ctf.pkl"], false));
        Assert.False(File.Exists(_folder["x_pose.pkl"]));
    }

    [Fact]
    public void Particles_without_poses_take_them()
    {
        _folder.Stack("s.mrcs", 8);
        var without = Particles([.. Enumerable.Range(1, 8).Select(i => $"{i}@s.mrcs")])
            .Replace("rlnAngleRot", "otherRot", StringComparison.Ordinal).Replace("rlnAngleTilt", "otherTilt", StringComparison.Ordinal);
        var transfer = new ParticleTransfer([_folder.Text("p.star", without)], new StarParticlesOptions { RequireImages = false });
        transfer.MakeRoomForPoses();
        transfer.TakePoses(TestFolder.Data("cs", "made_pose.pkl"));
        transfer.WriteStar(_folder["posed.star"], null, false);
        using var p = StarParticles.Open(_folder["posed.star"]);
        var poses = Rows("made_pose.txt");
        Assert.All(p.Particles.Select((q, i) => (q.Pose.Rotation, Row: poses[i])), x => Assert.Equal(x.Row[0], x.Rotation.M00, 5));
    }

    [Fact]
    public void Ctfs_of_other_particles_are_refused()
    {
        var transfer = new ParticleTransfer([_folder.Stack("s.mrcs", 5)], new StarParticlesOptions { RequireImages = false });
        TestFolder.Fails(() => transfer.TakeCtfs(TestFolder.Data("cs", "made_ctf.pkl")), "made_ctf.pkl", "8 particles", "has 5");
        TestFolder.Fails(() => transfer.TakeCtfs(TestFolder.Data("cs", "made_pose.pkl")), "made_pose.pkl", "(N, 9)");
    }

    [Fact]
    public void Columns_of_another_table_are_told_by_the_image_and_select()
    {
        _folder.Stack("s.mrcs", 3);
        var path = _folder.Text("p.star", Particles("1@s.mrcs", "2@s.mrcs", "3@s.mrcs"));
        var table = _folder.Text("t.star", "data_particles\n\nloop_\n_rlnImageName #1\n_gmmComponent1 #2\n3@s.mrcs 0.5\n1@s.mrcs -2\n2@s.mrcs 7\n");
        var transfer = new ParticleTransfer([path], new StarParticlesOptions { RequireImages = false, RequireBothHalves = false });
        transfer.TakeColumns(table);
        transfer.Keep([RowCondition.Parse("gmmComponent1>0")!, RowCondition.Parse("gmmComponent1 <= 7")!]);
        transfer.WriteCryosparc(_folder["q.cs"], null, false);
        Assert.Equal(["gmmComponent1"], transfer.Dropped);
        var cs = NpyTable.Read(_folder["q.cs"]);
        Assert.Equal([1.0, 2.0], Enumerable.Range(0, cs.RowCount).Select(r => cs.Number(r, cs.Numbers("blob/idx"))));

        var other = new ParticleTransfer([_folder.Text("o.star", Particles("1@s.mrcs", "1@other.mrcs"))], new StarParticlesOptions { RequireImages = false });
        TestFolder.Fails(() => other.TakeColumns(table), "o.star", "1@other.mrcs", "rlnImageName");
    }

    [Fact]
    public void Columns_of_another_data_set_are_refused_and_what_is_left_over_is_told()
    {
        // Two projects, each with a stack of one name; the table of one remembers where its images are.
        foreach (var project in new[] { "a", "b", "copy" })
        {
            Directory.CreateDirectory(_folder[project]);
            _folder.Stack($"{project}/s.mrcs", 3, change: (k, image) => image[k] += project == "b" ? 1 : 0);
        }

        var star = _folder.Text("a/p.star", Particles("1@s.mrcs", "2@s.mrcs"));
        string Table(string project) => _folder.Text(
            $"{project}.star",
            $"# gmm image root: {project}\n\ndata_particles\n\nloop_\n_rlnImageName #1\n_gmmComponent1 #2\n3@s.mrcs 0.5\n1@s.mrcs -2\n2@s.mrcs 7\n");
        ParticleTransfer Transfer() => new([star], new StarParticlesOptions { RequireImages = false, RequireBothHalves = false });
        TestFolder.Fails(() => Transfer().TakeColumns(Table("b")), "b.star", "another data set", _folder["b/s.mrcs"], _folder["a/s.mrcs"]);
        foreach (var good in new[] { "a", "copy" })
        {
            var transfer = Transfer();
            transfer.TakeColumns(Table(good));
            Assert.Contains(transfer.Warnings, w => w.Contains("1 of its 3 rows", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_is_wrong_with_CTFs_of_a_pickle_is_the_pickles()
    {
        float[] good = [8, 1.5f, 12000, 11000, 20, 300, 2.7f, 0.1f, 0];
        foreach (var (k, value, mention) in new[]
        {
            (5, 3e8f, "a voltage of"), (7, 7f, "amplitude contrast 7"), (2, 1e30f, "a defocus of"), (1, 0, "pixel size"), (0, 0, "no side of an image"),
            (8, float.NaN, "not a finite number"),
        })
        {
            var bad = good.ToArray();
            bad[k] = value;
            File.WriteAllBytes(_folder["ctf.pkl"], PickleWriter.Array([2, 9], [.. good, .. bad]));
            var transfer = new ParticleTransfer([_folder.Stack("s.mrcs", 2)], new StarParticlesOptions { RequireImages = false });
            TestFolder.Fails(() => transfer.TakeCtfs(_folder["ctf.pkl"]), "ctf.pkl", "row 2", mention);
        }

        // Nothing of one CTF is wrong, but they are in overfocus.
        good[2] = good[3] = -9000;
        File.WriteAllBytes(_folder["ctf.pkl"], PickleWriter.Array([2, 9], [.. good, .. good]));
        var over = new ParticleTransfer([_folder.Stack("s.mrcs", 2)], new StarParticlesOptions { RequireImages = false });
        TestFolder.Fails(() => over.TakeCtfs(_folder["ctf.pkl"]), "ctf.pkl", "overfocus");
    }

    [Fact]
    public void Images_of_another_folder_are_told_by_their_stacks_names()
    {
        _folder.Stack("s.mrcs", 3);
        _folder.Stack("t.mrcs", 3);
        var options = new StarParticlesOptions { RequireImages = false, RequireBothHalves = false };
        void Cs(string name, params string[] images) =>
            new ParticleTransfer([_folder.Text("l.star", Particles(images))], options).WriteCryosparc(_folder[name], null, true);
        ParticleTransfer From(params string[] images) => new([_folder.Text("p.star", Particles(images))], options);
        Cs("like.cs", "1@J5/extract/s.mrcs", "2@J5/extract/s.mrcs", "1@J5/extract/t.mrcs");
        var transfer = From("1@Extract/t.mrcs", "2@Extract/s.mrcs");
        transfer.WriteCryosparc(_folder["q.cs"], _folder["like.cs"], false);
        Assert.Contains(transfer.Warnings, w => w.Contains("names of their stacks without folders", StringComparison.Ordinal));
        var q = NpyTable.Read(_folder["q.cs"]);
        Assert.Equal(["J5/extract/t.mrcs", "J5/extract/s.mrcs"], Enumerable.Range(0, 2).Select(r => q.Text(r, q.Texts("blob/path"))));

        Cs("two.cs", "1@J5/s.mrcs", "1@J6/s.mrcs");
        TestFolder.Fails(() => From("1@X/s.mrcs").WriteCryosparc(_folder["r.cs"], _folder["two.cs"], false), "p.star", "J5/s.mrcs or J6/s.mrcs");
        TestFolder.Fails(() => From("1@X/s.mrcs", "2@Y/s.mrcs").WriteCryosparc(_folder["r.cs"], _folder["like.cs"], false), "X/s.mrcs and Y/s.mrcs");
        TestFolder.Fails(() => From("1@X/u.mrcs").WriteCryosparc(_folder["r.cs"], _folder["like.cs"], false), "1@X/u.mrcs is no image in");
    }

    [Theory]
    [InlineData("z.pkl")]
    [InlineData("z.npy")]
    [InlineData("z.csv")]
    public void Latent_coordinates_of_other_programs_select_row_by_row(string name)
    {
        File.WriteAllBytes(_folder["z.pkl"], PickleWriter.Array([3, 2], [1, -2, 3, 0.5f, 0, 7]));
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }".PadRight(117) + "\n";
        byte[] values = [.. new[] { 1, -2, 3, 0.5f, 0, 7 }.SelectMany(BitConverter.GetBytes)];
        File.WriteAllBytes(_folder["z.npy"], [0x93, .. "NUMPY\u0001\0"u8, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. values]);
        File.WriteAllText(_folder["z.csv"], "# of three particles\n1,-2\n3, 0.5\n0,7\n");
        var path = _folder.Text("p.star", Particles("1@s.mrcs", "2@s.mrcs", "3@s.mrcs"));
        var transfer = new ParticleTransfer([path], new StarParticlesOptions { RequireImages = false, RequireBothHalves = false });
        transfer.TakeColumns(_folder[name]);
        transfer.Keep([RowCondition.Parse("latent2>0")!, RowCondition.Parse("latent1<2")!]);
        transfer.WriteStar(_folder["q.star"], null, false);
        var table = StarFile.Read(_folder["q.star"]).Blocks[^1].Table!;
        Assert.Equal(["3@s.mrcs"], table.GetColumn("rlnImageName"));
        Assert.Equal("7", table.GetText(0, "latent2"));

        var other = new ParticleTransfer([_folder.Text("o.star", Particles("1@s.mrcs"))], new StarParticlesOptions { RequireImages = false });
        TestFolder.Fails(() => other.TakeColumns(_folder[name]), name, "3 rows", "1 particles");
    }

    [Fact]
    public void A_table_with_a_header_is_told_so()
    {
        var transfer = new ParticleTransfer([_folder.Text("p.star", Particles("1@s.mrcs"))], new StarParticlesOptions { RequireImages = false });
        TestFolder.Fails(
            () => transfer.TakeColumns(_folder.Text("z.csv", "umap1,umap2\n1.5,2\n")), "z.csv, row 1", "\"umap1,umap2\"", "take the header out");
        TestFolder.Fails(() => transfer.TakeColumns(_folder.Text("z.csv", "1.5,x\n")), "z.csv, row 1", "\"x\" is not a finite number");
    }

    [Fact]
    public void Conditions_ask_for_columns_of_the_optics_groups_too()
    {
        var transfer = Groups("7 first 300|3 second 200", 7, 3, 7);
        transfer.Keep([RowCondition.Parse("rlnVoltage=200")!]);
        Assert.Equal(1, transfer.Count);
        transfer.WriteStar(_folder["q.star"], null, false);
        var q = StarFile.Read(_folder["q.star"]).Find("particles")!.Table!;
        Assert.Equal(["2@s.mrcs"], q.GetColumn("rlnImageName"));
        Assert.False(q.Contains("rlnVoltage"));
        var e = TestFolder.Fails(() => Groups("7 first 300", 7, 3).Keep([RowCondition.Parse("rlnVoltage=200")!]), "optics group 3 is not in the table");
        Assert.Equal("rlnOpticsGroup", e.Field);
    }

    /// <summary>A .cs file has numbers of groups and no names: numbers come back, and names are none that another group had.</summary>
    [Fact]
    public void Numbers_of_optics_groups_come_back_from_a_cs_file_and_lost_names_are_named()
    {
        var transfer = Groups("3 opticsGroup1 300|1 opticsGroup3 200|0 zero 100", 3, 1, 0, 3);
        transfer.WriteCryosparc(_folder["q.cs"], null, false);
        Assert.Equal(["rlnOpticsGroupName"], transfer.Dropped);
        Assert.Contains(
            transfer.Warnings, w => w.Contains("rlnOpticsGroup 0 (zero) is under 1, which ctf/exp_group_id cannot say: it is 4", StringComparison.Ordinal));
        var options = new StarParticlesOptions { RequireImages = false, RequireBothHalves = false };
        new ParticleTransfer([_folder["q.cs"]], options).WriteStar(_folder["q.star"], null, false);
        using var p = StarParticles.Open(_folder["q.star"], options);
        Assert.Equal([(3, 300.0), (1, 200.0), (4, 100.0), (3, 300.0)], p.Particles.Select(x => (p.OpticsGroups[x.OpticsIndex].Id, x.Ctf.VoltageKilovolt)));
        Assert.Equal(["exposureGroup2", "exposureGroup0", "exposureGroup3"], p.OpticsGroups.Select(g => g.Name));

        // What is named so already loses nothing.
        var again = new ParticleTransfer([_folder["q.star"]], options);
        again.WriteCryosparc(_folder["r.cs"], null, false);
        Assert.Empty(again.Dropped);
        again.WritePickles(_folder["a_pose.pkl"], _folder["a_ctf.pkl"], false);
        Assert.Contains("rlnOpticsGroup", again.Dropped);
    }

    [Theory]
    [InlineData("1 2 4", "0 1 3", true)]
    [InlineData("0 0 0", "0 0 0", false)]
    [InlineData("1 0 2", null, false)]
    public void Classes_go_into_a_cs_file_and_back(string classes, string? expected, bool said)
    {
        var options = new StarParticlesOptions { RequireImages = false, RequireBothHalves = false };
        var numbers = classes.Split(' ');
        var text = Particles("1@s.mrcs", "2@s.mrcs", "3@s.mrcs");
        var plain = new ParticleTransfer([_folder.Text("plain.star", text)], options);
        plain.WriteCryosparc(_folder["own.cs"], null, false);
        var lines = text.Replace("_rlnImageSize #10\n", "_rlnImageSize #10\n_rlnClassNumber #11\n", StringComparison.Ordinal).TrimEnd().Split('\n');
        for (var i = 0; i < 3; i++)
        {
            lines[lines.Length - 3 + i] += " " + numbers[i];
        }

        ParticleTransfer Transfer() => new([_folder.Text("p.star", string.Join('\n', lines) + "\n")], options);
        if (expected is null)
        {
            Assert.Equal("rlnClassNumber", TestFolder.Fails(() => Transfer().WriteCryosparc(_folder["q.cs"], null, false), "0 is no class").Field);
            return;
        }

        // Of the particles' own file all else is kept, and other classes are put in; one without the field gets it.
        var own = NpyTable.Read(_folder["own.cs"]);
        var without = NpyTable.Make([("uid", "<u8", [])], 3, "without.cs");
        for (var row = 0; row < 3; row++)
        {
            without.Set(row, without.Numbers("uid"), own.Integer(row, own.Numbers("uid")));
        }

        without.With(own, [.. own.Fields.Where(f => f.Name is not ("uid" or "alignments3D/class"))], [0, 1, 2]).Write(_folder["without.cs"], false);
        foreach (var like in new[] { null, _folder["own.cs"], said ? _folder["without.cs"] : null })
        {
            var transfer = Transfer();
            transfer.WriteCryosparc(_folder["q.cs"], like, true);
            Assert.Equal(said ? [] : ["rlnClassNumber"], transfer.Dropped);
            var cs = NpyTable.Read(_folder["q.cs"]);
            Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 3).Select(r => cs.Number(r, cs.Numbers("alignments3D/class")))));
        }

        // A file without numbers of classes leaves them as they are.
        new ParticleTransfer([_folder["plain.star"]], options).WriteCryosparc(_folder["r.cs"], _folder["q.cs"], false);
        var kept = NpyTable.Read(_folder["r.cs"]);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, 3).Select(r => kept.Number(r, kept.Numbers("alignments3D/class")))));
    }

    [Theory]
    [InlineData(CtfState.Premultiplied, "rlnCtfDataAreCtfPremultiplied", "multiplied by their CTF")]
    [InlineData(CtfState.PhaseFlipped, "rlnCtfDataAreCtfPhaseFlipped", "phase-flipped")]
    public void What_was_done_to_images_is_refused_where_it_cannot_be_said_and_kept_with_other_CTFs(CtfState state, string label, string words)
    {
        _folder.Stack("s.mrcs", 8);
        var group = new OpticsGroup { Id = 1, Name = "g", PixelSize = 1.5, ImageSize = 8, CtfState = state };
        Particle[] particles = [.. Enumerable.Range(0, 8).Select(i => new Particle(
            Pose.Identity, new CtfParameters { DefocusU = 1e4, DefocusV = 1e4 }, 0, 1 + (i % 2)))];
        StarParticles.WriteParticleStar(_folder["p.star"], [group], particles, [.. particles.Select((_, i) => StarParticles.ImageName(i, "s.mrcs"))]);
        var transfer = new ParticleTransfer([_folder["p.star"]], new StarParticlesOptions { RequireImages = false });
        foreach (var write in new Action[]
        {
            () => transfer.WriteList(_folder["p.lst"], false), () => transfer.WritePickles(_folder["a.pkl"], _folder["b.pkl"], false),
            () => transfer.WriteStar(_folder["c.star"], "cistem", false), () => transfer.WriteCryosparc(_folder["p.cs"], null, false),
        })
        {
            Assert.Equal(label, TestFolder.Fails(write, "p.star", words, "cannot say: write the images as they were extracted").Field);
        }

        Assert.Equal(2, Directory.GetFiles(_folder.Root).Length);
        transfer.TakeCtfs(TestFolder.Data("cs", "made_ctf.pkl"));
        transfer.WriteStar(_folder["q.star"], null, false);
        using var q = StarParticles.Open(_folder["q.star"]);
        Assert.All(q.OpticsGroups, g => Assert.Equal(state, g.CtfState));
    }

    /// <summary>Particles of groups "number name kilovolt|...".</summary>
    private ParticleTransfer Groups(string groups, params int[] ofParticles) => new(
        [
            _folder.Text(
                "g.star",
                "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n"
                    + "_rlnImagePixelSize\n_rlnImageSize\n" + string.Join('\n', groups.Split('|').Select(g => g + " 2.7 0.1 2 24"))
                    + "\n\ndata_particles\n\nloop_\n_rlnImageName\n_rlnOpticsGroup\n_rlnDefocusU\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n"
                    + string.Join('\n', ofParticles.Select((g, i) => $"{i + 1}@s.mrcs {g} 20000 1 2 3")) + "\n"),
        ],
        new StarParticlesOptions { RequireImages = false, RequireBothHalves = false });

    [Theory]
    [InlineData("a==2", "a = 2")]
    [InlineData("_a >= 1e3", "a >= 1e3")]
    [InlineData("a!=b c", "a != b c")]
    [InlineData("a=", null)]
    [InlineData("a=<2", null)]
    [InlineData("a<>2", null)]
    [InlineData("=2", null)]
    [InlineData("a", null)]
    public void Conditions_have_one_grammar(string text, string? expected) =>
        Assert.Equal(expected, RowCondition.Parse(text) is { } c ? $"{c.Label} {c.Operator} {c.Value}" : null);

    private static string Particles(params string[] images) =>
        "data_particles\n\nloop_\n_rlnImageName #1\n_rlnAngleRot #2\n_rlnAngleTilt #3\n_rlnAnglePsi #4\n_rlnDefocusU #5\n_rlnVoltage #6\n"
            + "_rlnSphericalAberration #7\n_rlnAmplitudeContrast #8\n_rlnImagePixelSize #9\n_rlnImageSize #10\n"
            + string.Join('\n', images.Select((n, i) => $"{n} {10 * i} 20 30 10000 300 2.7 0.1 1.5 8")) + "\n";

    private static double[][] Rows(string name) =>
        [.. File.ReadAllLines(TestFolder.Data("cs", name)).Select(l => l.Split(' ').Select(x => double.Parse(x, CultureInfo.InvariantCulture)).ToArray())];
}
