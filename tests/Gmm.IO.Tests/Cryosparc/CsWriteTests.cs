using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Gmm.Core;
using Gmm.Testing;

namespace Gmm.IO.Tests;

/// <summary>cryoSPARC's particles written: what did not change bit for bit, and STAR files to .cs and back.</summary>
public sealed class CsWriteTests : IDisposable
{
    private static readonly StarParticlesOptions s_posesOnly = new() { RequireImages = false, RequireBothHalves = false };
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_a_pose_that_changed_changes_and_only_in_its_fields()
    {
        var path = _folder.Cryosparc("made_J24_particles.cs");
        using var p = StarParticles.Open(path, s_posesOnly);
        var poses = p.Particles.Select(x => x.Pose).ToArray();
        poses[5] = new Pose(Rotation.FromEuler(new EulerAngles(10, 100, -70)), 3, -4);
        p.WriteCryosparc(_folder["q.cs"], poses);
        var (before, after) = (CsDataset.Read(path).Table, NpyTable.Read(_folder["q.cs"]));
        Assert.Equal(before.Fields.Select(f => f.Describe()), after.Fields.Select(f => f.Describe()));
        for (var row = 0; row < 8; row++)
        {
            foreach (var field in before.Fields)
            {
                var changed = row == 5 && field.Name is "alignments3D/pose" or "alignments3D/shift";
                Assert.Equal(!changed, before.Bytes(row, field).SequenceEqual(after.Bytes(row, after.Find(field.Name)!)));
            }
        }

        // The group beside it leads to the same particles.
        using var q = StarParticles.Open(_folder["q.csg"], s_posesOnly);
        Assert.InRange(q.Particles[5].Pose.Rotation.AngleTo(poses[5].Rotation), 0, 5e-7);
        Assert.Equal(3, q.Particles[5].Pose.ShiftX, 1e-6);
        Assert.Equal(-4, q.Particles[5].Pose.ShiftY, 1e-6);
    }

    [Fact]
    public void Optics_that_were_found_go_into_the_fields_of_their_particles_alone()
    {
        var path = _folder.Cryosparc("made_J24_particles.cs");
        using var p = StarParticles.Open(path, s_posesOnly);
        var group = p.Particles[3].OpticsIndex;
        int[] of = [.. p.Particles.Select(x => x.OpticsIndex)];

        // A term of fourth order and four-fold symmetry is no part of a defocus.
        double[] odd = [0, 0, 1.5, -0.75, 2, 3], even = new double[Zernike.EvenCount(4)];
        even[Zernike.EvenIndex(4, 4)] = 2;
        even[Zernike.EvenIndex(4, -4)] = -1;
        var found = new Aberrations(odd, even, new Magnification(1.01, 0.002, -0.003, 0.995));
        OpticsGroup[] groups = [.. p.OpticsGroups.Select((g, i) => i == group ? g with { Aberrations = found } : g)];
        CtfParameters[] ctfs = [.. p.Particles.Select((x, i) => i == 3 ? x.Ctf with { DefocusU = x.Ctf.DefocusU + 250 } : x.Ctf)];
        using var q = p.WithOptics(groups, of, ctfs);
        q.WriteCryosparc(_folder["q.cs"], [.. q.Particles.Select(x => x.Pose)]);
        var (before, after) = (CsDataset.Read(path).Table, NpyTable.Read(_folder["q.cs"]));
        for (var row = 0; row < 8; row++)
        {
            string[] changed = [.. before.Fields.Where(f => !before.Bytes(row, f).SequenceEqual(after.Bytes(row, after.Find(f.Name)!))).Select(f => f.Name)];
            string[] terms = ["ctf/anisomag", "ctf/tetra_A", "ctf/tilt_A", "ctf/trefoil_A", "ctf/shift_A"];
            Assert.True(of[row] == group ? changed.Except(terms).All(f => f == "ctf/df1_A" && row == 3) : changed.Length == 0, string.Join(' ', changed));
        }

        using var r = StarParticles.Open(_folder["q.cs"], s_posesOnly);
        Assert.Equal(p.Particles[3].Ctf.DefocusU + 250, r.Particles[3].Ctf.DefocusU, 2e-3);
        var read = r.OpticsGroups[r.Particles[3].OpticsIndex].Aberrations!;
        foreach (var (kx, ky) in new[] { (0.2, 0.1), (-0.15, 0.21) })
        {
            Assert.Equal(found.OddPhase(kx, ky), read.OddPhase(kx, ky), 2e-5);
            Assert.Equal(found.EvenPhase(kx, ky), read.EvenPhase(kx, ky), 2e-5);
        }

        Assert.Equal(1.01, read.Magnification.M00, 1e-6);
    }

    [Theory]
    [InlineData("rlnCtfDataAreCtfPremultiplied", "multiplied by their CTF")]
    [InlineData("rlnCtfDataAreCtfPhaseFlipped", "phase-flipped")]
    public void What_was_done_to_images_and_cannot_be_said_is_refused(string label, string words)
    {
        File.WriteAllText(
            _folder["p.star"],
            $"data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnImagePixelSize\n_rlnImageSize\n_{label}\n"
                + "1 300 2.7 0.1 2 24 1\n\ndata_particles\n\nloop_\n_rlnImageName\n_rlnOpticsGroup\n_rlnDefocusU\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n"
                + "_rlnOriginXAngst\n_rlnOriginYAngst\n_rlnRandomSubset\n1@a.mrcs 1 20000 1 2 3 0 0 1\n2@a.mrcs 1 20000 1 2 3 0 0 2\n");
        using var p = StarParticles.Open(_folder["p.star"], s_posesOnly);
        var error = Assert.Throws<InvalidInputException>(() => CsFromParticles.Convert(p, _folder["."]));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains(label, error.Message, StringComparison.Ordinal);
    }

    [Property(MaxTest = 50)]
    public Property A_star_file_is_the_same_after_it_was_cryosparcs()
    {
        var coefficients = Gen.Choose(-1000, 1000).Select(i => i / 50.0);
        var sets =
            from n in Gen.Choose(1, 6)
            from poses in Generate.Poses().ListOf(n)
            from ctfs in Generate.Ctfs().ListOf(n)
            from odd in coefficients.ListOf(6)
            from even in coefficients.ListOf(9)
            from kind in Gen.Choose(0, 3)
            select (Particles: poses.Zip(ctfs).ToArray(), Odd: odd.ToArray(), Even: even.ToArray(), Kind: kind);
        return Prop.ForAll(sets.ToArbitrary(), x => RoundTrip(x.Particles, x.Odd, x.Even, x.Kind));
    }

    private void RoundTrip((Pose Pose, CtfParameters Ctf)[] particles, double[] odd, double[] even, int kind)
    {
        // Aberrations with terms of every kind, without any, and those that are parts of defocus and the like alone.
        var aberrations = kind switch
        {
            0 => null,
            1 => new Aberrations(odd, null, new Magnification(1.01, 0.004, -0.003, 0.99)),
            2 => new Aberrations(null, [even[0], even[1], even[2], even[3]]),
            _ => new Aberrations(odd, even, new Magnification(0.995, -0.002, 0.006, 1.002)),
        };
        var group = new OpticsGroup { Id = 3, Name = "g", PixelSize = 1.34, ImageSize = 64, Aberrations = aberrations };
        var ctf = particles[0].Ctf;
        Particle[] before =
        [
            .. particles.Select((x, i) => new Particle(
                x.Pose,
                x.Ctf with
                {
                    VoltageKilovolt = ctf.VoltageKilovolt, AmplitudeContrast = ctf.AmplitudeContrast,
                    SphericalAberrationMillimetre = ctf.SphericalAberrationMillimetre,
                    DefocusU = 5000 + Math.Abs(x.Ctf.DefocusU),
                    DefocusV = 5000 + Math.Abs(x.Ctf.DefocusV),
                },
                0,
                1 + (i % 2))),
        ];
        var star = _folder["a.star"];
        StarParticles.WriteParticleStar(star, [group], before, [.. before.Select((_, i) => StarParticles.ImageName(i, "s.mrcs"))], overwrite: true);
        using var a = StarParticles.Open(star, s_posesOnly);
        CsFromParticles.Convert(a, _folder.Root).Write(_folder["a.cs"], overwrite: true);
        using var b = StarParticles.Open(_folder["a.cs"], s_posesOnly);
        b.WriteStar(_folder["b.star"], [.. b.Particles.Select(p => p.Pose)], overwrite: true);
        using var c = StarParticles.Open(_folder["b.star"], s_posesOnly);
        for (var i = 0; i < before.Length; i++)
        {
            Assert.InRange(c.Particles[i].Pose.Rotation.AngleTo(a.Particles[i].Pose.Rotation), 0, 1e-4 * Math.PI / 180);
            Assert.Equal(a.Particles[i].Pose.ShiftX, c.Particles[i].Pose.ShiftX, 1e-4);
            Assert.Equal(a.Particles[i].Pose.ShiftY, c.Particles[i].Pose.ShiftY, 1e-4);
            Assert.Equal((a.Particles[i].Half, 3), (c.Particles[i].Half, c.OpticsGroups[0].Id));
            SamePhases(a, c, i);
        }
    }

    /// <summary>Fields are float32, so a defocus of 3 micrometres is good to 1e-3 A; phases to a thousandth of a radian.</summary>
    private static void SamePhases(StarParticles a, StarParticles c, int i)
    {
        var (x, y) = (a.OpticsGroups[0].Aberrations, c.OpticsGroups[c.Particles[i].OpticsIndex].Aberrations);
        Assert.Equal(x?.Magnification.M01 ?? 0, y?.Magnification.M01 ?? 0, 1e-7);
        foreach (var (kx, ky) in new[] { (0.05, 0.01), (-0.12, 0.2), (0.25, 0.25) })
        {
            Assert.Equal(x?.OddPhase(kx, ky) ?? 0, y?.OddPhase(kx, ky) ?? 0, 1e-4);
            Assert.Equal(Ctf.Evaluate(a.Particles[i].Ctf, kx, ky, x), Ctf.Evaluate(c.Particles[i].Ctf, kx, ky, y), 2e-3);
        }
    }

    [Fact]
    public void Orders_that_cryosparc_does_not_have_are_refused()
    {
        var group = new OpticsGroup { Id = 1, Name = "g", PixelSize = 1, ImageSize = 64, Aberrations = new Aberrations([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]) };
        var particle = new Particle(Pose.Identity, new CtfParameters { DefocusU = 1e4, DefocusV = 1e4 }, 0, 1);
        StarParticles.WriteParticleStar(_folder["a.star"], [group], [particle], ["1@s.mrcs"]);
        using var a = StarParticles.Open(_folder["a.star"], s_posesOnly);
        TestFolder.Fails(() => CsFromParticles.Convert(a, _folder.Root), "a.star", "row", "fourth order");
    }

    [Fact]
    public void Rows_of_cryosparcs_own_file_come_back_with_all_their_bytes()
    {
        var own = CsDataset.Read(_folder.Cryosparc("made_J24.csg")).Table;
        using var p = StarParticles.Open(_folder.Cryosparc("made_J24.csg"), s_posesOnly);
        p.WriteSubset(_folder["s.star"], [6, 1, 3]);
        using var s = StarParticles.Open(_folder["s.star"], s_posesOnly);
        var back = CsFromParticles.Convert(s, _folder.Root, own);
        Assert.Equal(own.Fields.Select(f => f.Describe()), back.Fields.Select(f => f.Describe()));
        foreach (var (row, from) in new[] { (0, 6), (1, 1), (2, 3) })
        {
            Assert.All(own.Fields, f => Assert.True(own.Bytes(from, f).SequenceEqual(back.Bytes(row, back.Find(f.Name)!)), f.Name));
        }

        // Without uids rows are told by their images; a pose that changed is the only thing that does.
        var text = File.ReadAllText(_folder["s.star"]).Replace("_ucsfUid", "_other", StringComparison.Ordinal);
        using var t = StarParticles.Open(_folder.Text("t.star", text), s_posesOnly);
        var turned = Pose.FromRelion(new EulerAngles(20, 30, 40), 1, 2);
        t.WriteStar(_folder["u.star"], [t.Particles[0].Pose, turned, t.Particles[2].Pose]);
        using var u = StarParticles.Open(_folder["u.star"], s_posesOnly);
        var moved = CsFromParticles.Convert(u, _folder.Root, own);
        var changed = own.Fields.Where(f => !own.Bytes(1, f).SequenceEqual(moved.Bytes(1, moved.Find(f.Name)!))).Select(f => f.Name);
        Assert.Equal(["alignments3D/shift", "alignments3D/pose"], changed);
        Assert.All(own.Fields, f => Assert.True(own.Bytes(6, f).SequenceEqual(moved.Bytes(0, moved.Find(f.Name)!)), f.Name));
    }
}
