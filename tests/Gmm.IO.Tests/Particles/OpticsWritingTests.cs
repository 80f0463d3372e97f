using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>Files written with other optics than they were read with.</summary>
public sealed class OpticsWritingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gmm-optics").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_put_in_is_read_back_to_the_bit(bool hasTable)
    {
        var path = Write(hasTable);
        var options = new StarParticlesOptions { RequireImages = false, RequireBothHalves = false };
        using var before = StarParticles.Open(path, options with { ImageSize = 32 });
        var ctf = before.Particles[0].Ctf;
        var aberrations = AberrationTerms.Of(
            new Aberrations(
                [.. Aberrations.BeamTilt(0.123456789, -0.3, ctf.SphericalAberrationMillimetre, ctf.WavelengthAngstrom)
                    .Zip([0.1, 0, 5, 0, 0, -4.123456789], (a, b) => a + b)],
                [0.01, 0, 0, 0, 6, 0, 0, 0, 4], new Magnification(1.0123456, 0.004, 0.003, 0.99)), ctf).ToAberrations(ctf);
        var group = before.OpticsGroups[0];
        OpticsGroup[] groups = [group with { Id = 1, Name = "a_half1", Aberrations = aberrations }, group with { Id = 2, Name = "a_half2" }];
        CtfParameters[] ctfs =
        [
            .. before.Particles.Select((p, i) => i == 2 ? p.Ctf : p.Ctf with { DefocusU = p.Ctf.DefocusU + 1.25, DefocusAngleDegrees = 12.5 }),
        ];
        using var changed = before.WithOptics(groups, [0, 1, 0], ctfs);
        Pose[] poses = [.. before.Particles.Select(p => p.Pose)];
        var written = Path.Combine(_folder, "written.star");
        changed.WriteStar(written, poses);

        using var after = StarParticles.Open(written, options with { ImageSize = 32 });
        Assert.Equal(["a_half1", "a_half2"], after.OpticsGroups.Select(g => g.Name));
        Assert.Equal([aberrations, null], after.OpticsGroups.Select(g => g.Aberrations));
        Assert.Equal([0, 1, 0], after.Particles.Select(p => p.OpticsIndex));
        Assert.Equal(ctfs, after.Particles.Select(p => p.Ctf));
        // The shift in the image is another where the magnification is; the specimen's stays, as far as six decimals tell.
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(changed.Quantize(i, poses[i]), after.Particles[i].Pose);
            Assert.Equal(poses[i].ShiftX, after.Particles[i].Pose.ShiftX, 5);
        }

        Assert.Equal(poses[1], after.Particles[1].Pose);
        Assert.Equal(["m1.mrc", "m2.mrc", "m1.mrc"], after.Table.GetColumn("rlnMicrographName"));
        Assert.Equal([0, 1, 0], after.Particles.Select(p => p.Micrograph));
    }

    [Fact]
    public void Terms_are_written_with_beam_tilt_apart_and_read_as_they_were()
    {
        var ctf = new CtfParameters { DefocusU = 10000, DefocusV = 10000 };
        var terms = AberrationTerms.Of(new Aberrations(Aberrations.BeamTilt(0.45, -0.3, 2.7, ctf.WavelengthAngstrom)), ctf);
        Assert.Equal((0.45, -0.3, string.Empty, string.Empty), (terms.TiltX, terms.TiltY, terms.Odd, terms.Even));
        Assert.Equal(terms, AberrationTerms.Of(terms.ToAberrations(ctf), ctf));
        Assert.Equal(AberrationTerms.None, AberrationTerms.Of(null, ctf));
        Assert.Null(AberrationTerms.None.ToAberrations(ctf));

        // Without spherical aberration there is no tilt to be told from coma.
        var flat = AberrationTerms.Of(new Aberrations([0, 0, 0, 1.5, 0, 0]), ctf with { SphericalAberrationMillimetre = 0 });
        Assert.Equal((0, "[0.000000,0.000000,0.000000,1.500000,0.000000,0.000000]"), (flat.TiltX, flat.Odd));
    }

    private string Write(bool hasTable)
    {
        var path = Path.Combine(_folder, "in.star");
        string[] rows = ["1@a.mrcs m1.mrc", "2@a.mrcs m2.mrc", "3@a.mrcs m1.mrc"];
        var table = string.Join('\n', rows.Select((r, i) =>
            $"{r} {10 * i} {20 * i} 30 {1.5 + i} -2.25 {12000 + i} {11800 - i} 45 {1 + (i % 2)}{(hasTable ? " 7" : " 300 2.7 0.1 1.3")}"));
        var optics = !hasTable ? string.Empty
            : "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnOpticsGroupName\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnImagePixelSize\n"
                + "_rlnImageSize\n7 seven 300 2.7 0.1 1.3 32\n\n";
        File.WriteAllText(
            path,
            $"{optics}data_{(hasTable ? "particles" : string.Empty)}\n\nloop_\n_rlnImageName\n_rlnMicrographName\n_rlnAngleRot\n_rlnAngleTilt\n_rlnAnglePsi\n"
                + $"{(hasTable ? "_rlnOriginXAngst\n_rlnOriginYAngst" : "_rlnOriginX\n_rlnOriginY")}\n"
                + "_rlnDefocusU\n_rlnDefocusV\n_rlnDefocusAngle\n_rlnRandomSubset\n"
                + $"{(hasTable ? "_rlnOpticsGroup" : "_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n_rlnPixelSize")}\n{table}\n");
        return path;
    }
}
