using System.Globalization;
using System.Text;
using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>cryoDRGN's pickles, as numpy writes them (Data/README.md): arrays are read, nothing is run.</summary>
public sealed class PickleTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("made_ind_p2.pkl", "5 0 2")]
    [InlineData("made_ind_p3.pkl", "5 0 2")]
    [InlineData("made_ind_p4.pkl", "5 0 2")]
    [InlineData("made_ind_p5.pkl", "5 0 2")]
    [InlineData("made_ind_list.pkl", "7 1")]
    public void Selections_of_every_protocol_are_read(string name, string expected)
    {
        var path = TestFolder.Data("cs", name);
        Assert.Equal(expected, string.Join(' ', CryodrgnFiles.ReadSelection(path, 8)));
        TestFolder.Fails(() => CryodrgnFiles.ReadSelection(path, 5), name, "is no particle", "row 1");

        var transfer = new ParticleTransfer([_folder.Cryosparc("made_J24.csg")], new StarParticlesOptions { RequireImages = false });
        transfer.Keep(path);
        transfer.WriteCryosparc(_folder["s.cs"], null, false);
        var (all, some) = (CsDataset.Read(_folder.Cryosparc("made_J24.csg")).Table, NpyTable.Read(_folder["s.cs"]));
        int[] rows = [.. expected.Split(' ').Select(i => int.Parse(i, CultureInfo.InvariantCulture))];
        Assert.Equal(
            rows.Select(r => all.Integer(r, all.Numbers("uid"))), Enumerable.Range(0, some.RowCount).Select(r => some.Integer(r, some.Numbers("uid"))));
    }

    /// <summary>np.array([0, 1, 1, 0, 0, 1, 0, 0], bool), the same as a list, and np.array([5, 3, 3, 6]), as Python 3 pickles them (protocol 4).</summary>
    [Fact]
    public void A_mask_is_no_list_of_numbers_and_no_particle_is_taken_twice()
    {
        const string array =
            "gASVkAAAAAAAAACMFW51bXB5LmNvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlF"
            + "KUKEsBSwiFlGgDjAVkdHlwZZSTlIwCYjGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYolDCAABAQAAAQAAlHSUYi4=";
        const string repeats =
            "gASVqAAAAAAAAACMFW51bXB5LmNvcmUubXVsdGlhcnJheZSMDF9yZWNvbnN0cnVjdJSTlIwFbnVtcHmUjAduZGFycmF5lJOUSwCFlEMBYpSHlF"
            + "KUKEsBSwSFlGgDjAVkdHlwZZSTlIwCaTiUiYiHlFKUKEsDjAE8lE5OTkr/////Sv////9LAHSUYolDIAUAAAAAAAAAAwAAAAAAAAADAAAAAAAA"
            + "AAYAAAAAAAAAlHSUYi4=";
        string[] masks = [array, "gASVDQAAAAAAAABdlCiJiIiJiYiJiWUu"];
        foreach (var mask in masks)
        {
            File.WriteAllBytes(_folder["m.pkl"], Convert.FromBase64String(mask));
            Assert.Equal([1, 2, 5], CryodrgnFiles.ReadSelection(_folder["m.pkl"], 8));
            TestFolder.Fails(() => CryodrgnFiles.ReadSelection(_folder["m.pkl"], 9), "m.pkl", "is a mask (true and false) of 8 particles, there are 9");
            Assert.Equal(new NumberFile(NumberFileKind.Selection, 3), NumberFile.Read(_folder["m.pkl"]));
        }

        File.WriteAllBytes(_folder["r.pkl"], Convert.FromBase64String(repeats));
        TestFolder.Fails(
            () => CryodrgnFiles.ReadSelection(_folder["r.pkl"], 8), "r.pkl, row 3", "particle 3 is there already, in row 2", "would count twice (1 repeats)");
    }

    [Fact]
    public void Poses_are_scipys_matrices_and_shifts_in_boxes()
    {
        var options = new StarParticlesOptions { RequireImages = false };
        var transfer = new ParticleTransfer([_folder.Cryosparc("made_J24.csg")], options);
        transfer.TakePoses(TestFolder.Data("cs", "made_pose.pkl"));
        transfer.WriteStar(_folder["p.star"], null, false);
        using var p = StarParticles.Open(_folder["p.star"], options);
        var rows = File.ReadAllLines(TestFolder.Data("cs", "made_pose.txt"));
        for (var i = 0; i < 8; i++)
        {
            double[] v = [.. rows[i].Split(' ').Select(x => double.Parse(x, CultureInfo.InvariantCulture))];
            Assert.InRange(p.Particles[i].Pose.Rotation.AngleTo(new Rotation(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8])), 0, 3e-8);
            Assert.Equal(8 * v[9], p.Table.GetDouble(i, "rlnOriginXAngst"), 1e-6);
            Assert.Equal(8 * v[10], p.Table.GetDouble(i, "rlnOriginYAngst"), 1e-6);
        }
    }

    /// <summary>Numbers that are finite and cannot be: a rotation by 1e30 radians, a shift of 100,000 boxes.</summary>
    [Fact]
    public void Poses_that_cannot_be_are_refused()
    {
        var options = new StarParticlesOptions { RequireImages = false };
        var cs = _folder.Cryosparc("made_J24_particles.cs");
        var table = CsDataset.Read(_folder.Cryosparc("made_J24.csg")).Table;
        var pose = table.Numbers(CsFields.Pose, 3);
        byte[] old = [.. Enumerable.Range(0, 3).SelectMany(k => BitConverter.GetBytes((float)table.Number(2, pose, k)))];
        var file = Directory.GetFiles(Path.GetDirectoryName(cs)!, "*.cs").Single(f => File.ReadAllBytes(f).AsSpan().IndexOf(old) > 0);
        Replace(file, file, old, BitConverter.GetBytes(1e30f));
        TestFolder.Fails(
            () => StarParticles.Open(_folder["J24/made_J24.csg"], options).Dispose(),
            "row 3, alignments3D/pose: a rotation by the vector (1", " radians cannot be");

        using var p = StarParticles.Open(_folder.Cryosparc("made_J24.csg"), options);
        var shift = double.Parse(File.ReadAllLines(TestFolder.Data("cs", "made_pose.txt"))[3].Split(' ')[9], CultureInfo.InvariantCulture);
        var pickle = File.ReadAllBytes(TestFolder.Data("cs", "made_pose.pkl"));
        var at = Enumerable.Range(0, pickle.Length - 8).Single(i => Math.Abs(BitConverter.ToDouble(pickle, i) - shift) < 1e-11);
        Replace(TestFolder.Data("cs", "made_pose.pkl"), _folder["far.pkl"], pickle[at..(at + 8)], BitConverter.GetBytes(1e5));
        TestFolder.Fails(() => CryodrgnFiles.ReadPoses(_folder["far.pkl"], p), "far.pkl, row 4, shifts: a shift of (100000, ", "is no place in an image");
    }

    private static void Replace(string from, string to, byte[] old, byte[] now)
    {
        var bytes = File.ReadAllBytes(from);
        var at = bytes.AsSpan().IndexOf(old);
        Assert.True(at > 0);
        now.CopyTo(bytes, at);
        File.WriteAllBytes(to, bytes);
    }

    [Theory]
    [InlineData("\u0080\u0002cposix\nsystem\nX\u0004\u0000\u0000\u0000true\u0085R.", "posix.system")]
    [InlineData("\u0080\u0002cbuiltins\neval\nX\u0004\u0000\u0000\u00001+11\u0085R.", "builtins.eval")]
    [InlineData("\u0080\u0004K\u0001", "too early")]
    [InlineData("\u0080\u0004.", "no pickle")]
    [InlineData("\u0080\u0004t.", "no pickle")]
    [InlineData("\u0080\u0004X\u00ff\u00ff\u00ff\u007f", "too early")]
    [InlineData("\u0080\u0004i.", "opcode")]
    [InlineData("hello", "no pickle")]
    public void Whatever_else_it_wants_is_refused(string bytes, string mention)
    {
        File.WriteAllBytes(_folder["x.pkl"], Encoding.Latin1.GetBytes(bytes));
        TestFolder.Fails(() => PickleReader.Read(_folder["x.pkl"]), "x.pkl", mention);
    }
}
