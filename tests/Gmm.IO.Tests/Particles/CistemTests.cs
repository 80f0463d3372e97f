using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>cisTEM's particles: a file as its WriteTocisTEMStarFile prints it, and what its export to RELION makes of the same numbers.</summary>
public sealed class CistemTests : IDisposable
{
    private static readonly StarParticlesOptions Options = new() { RequireImages = false, ImageSize = 8 };

    private const string File = """
        # Written by cisTEM Version 2.0.0-alpha on 2024-01-02 03:04:05

        data_

        loop_
        _cisTEMPositionInStack #1
        _cisTEMAnglePsi #2
        _cisTEMAngleTheta #3
        _cisTEMAnglePhi #4
        _cisTEMXShift #5
        _cisTEMYShift #6
        _cisTEMDefocus1 #7
        _cisTEMDefocus2 #8
        _cisTEMDefocusAngle #9
        _cisTEMPhaseShift #10
        _cisTEMImageActivity #11
        _cisTEMOccupancy #12
        _cisTEMScore #13
        _cisTEMPixelSize #14
        _cisTEMMicroscopeVoltagekV #15
        _cisTEMMicroscopeCsMM #16
        _cisTEMAmplitudeContrast #17
        _cisTEMBeamTiltX #18
        _cisTEMBeamTiltY #19
        _cisTEMImageShiftX #20
        _cisTEMImageShiftY #21
        _cisTEMStackFilename #22
        _cisTEMAssignedSubset #23
        #    POS     PSI   THETA     PHI       SHX       SHY      DF1      DF2  ANGAST  PSHIFT  STAT     OCC
          1  -12.25  34.50  56.75  1.50  -2.25  12000.0 11500.0 30.00 0.00 1 100.00 11.25 1.50000 300.00  2.70  0.0700  0.000  0.000  0.000  0.000  'a b.mrc'  1
          7  90.00  0.25 -170.00  0.00  0.75  9000.5 9000.5 0.00 90.00 -1 40.00 9.50 1.50000  300.00  2.70  0.0700  0.500  -0.250  0.300  0.000  'a b.mrc'  2

        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Angles_shifts_and_optics_are_those_of_its_export_to_RELION()
    {
        using var p = StarParticles.Open(_folder.Text("p.star", File), Options);
        Assert.Equal(2, p.OpticsGroups.Count);
        var expected = Pose.FromRelion(new EulerAngles(56.75, 34.5, -12.25), -1.5, 2.25);
        Assert.InRange(p.Particles[0].Pose.Rotation.AngleTo(expected.Rotation), 0, 1e-9);
        Assert.Equal((1.5, -2.25), (p.Particles[0].Pose.ShiftX, p.Particles[0].Pose.ShiftY));
        Assert.Equal("000007@a b.mrc", p.Table.GetText(1, "rlnImageName"));
        Assert.Equal((90.0, 9000.5, 2, 0.0f), (p.Particles[1].Ctf.PhaseShiftDegrees, p.Particles[1].Ctf.DefocusU, p.Particles[1].Half, p.Particles[1].Weight));
        Assert.Equal((1.5, 0.07, 1.0f), (p.OpticsGroups[0].PixelSize, p.Particles[0].Ctf.AmplitudeContrast, p.Particles[0].Weight));
        Assert.Equal("11.25", p.Table.GetText(0, "cisTEMScore"));
        Assert.Contains(p.Warnings, w => w.Contains("1 particles are not active", StringComparison.Ordinal));

        // CTF::PhaseShiftGivenBeamTiltAndShift: 2 pi Cs L^2 k^2 (tilt . k) - 2 pi shift . k, angstrom and radian.
        double l = p.Particles[1].Ctf.WavelengthAngstrom, kx = 0.11, ky = -0.07, k2 = (kx * kx) + (ky * ky);
        var phase = (2 * Math.PI * 2.7e7 * l * l * k2 * ((0.5e-3 * kx) - (0.25e-3 * ky))) - (2 * Math.PI * 0.3 * kx);
        Assert.Equal(phase, p.OpticsGroups[1].Aberrations!.OddPhase(kx, ky), 1e-6 * Math.Abs(phase));
    }

    [Fact]
    public void What_is_written_is_read_as_the_same()
    {
        var path = _folder.Text("p.star", File);
        var transfer = new ParticleTransfer([path], Options);
        transfer.WriteStar(_folder["again.star"], "cistem", false);
        Assert.Empty(transfer.Dropped.Except(["gmmWeight", "rlnOddZernike"]));
        var (before, after) = (StarFile.Read(path).Blocks[0].Table!, StarFile.Read(_folder["again.star"]).Blocks[0].Table!);
        foreach (var label in before.Labels.Where(l => l != "cisTEMStackFilename"))
        {
            for (var row = 0; row < 2; row++)
            {
                Assert.Equal(before.GetDouble(row, label), after.GetDouble(row, label), 1e-6);
            }
        }

        Assert.Equal(before.GetColumn("cisTEMStackFilename"), after.GetColumn("cisTEMStackFilename"));
    }

    [Fact]
    public void Aberrations_that_it_has_no_place_for_are_named()
    {
        // Image shift along y and trefoil; then a term of fifth order, beside which the shift is kept.
        var group = new OpticsGroup { Id = 1, Name = "opticsGroup1", PixelSize = 1.5, ImageSize = 8, Aberrations = new([0.5, 0, 1, 0, 0, 2]) };
        var high = group with { Id = 2, Name = "opticsGroup2", Aberrations = new([0.5, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]) };
        var ctf = new CtfParameters { DefocusU = 1e4, DefocusV = 1e4 };
        Particle[] particles = [new(Pose.Identity, ctf, 0, 1), new(Pose.Identity, ctf, 1, 2)];
        StarParticles.WriteParticleStar(_folder["a.star"], [group, high], particles, ["1@s.mrcs", "2@s.mrcs"]);
        var transfer = new ParticleTransfer([_folder["a.star"]], new StarParticlesOptions { RequireImages = false });
        transfer.WriteStar(_folder["b.star"], "cistem", false);
        Assert.Contains(transfer.Warnings, w => w.EndsWith("cisTEM has no place for trefoil, terms beyond the fourth order", StringComparison.Ordinal));
        Assert.DoesNotContain("rlnOddZernike", transfer.Dropped);
        var table = StarFile.Read(_folder["b.star"]).Blocks[0].Table!;
        Assert.All([0, 1], row => Assert.Equal(-0.5 / (2 * Math.PI), table.GetDouble(row, "cisTEMImageShiftY"), 2e-6));
    }

    [Theory]
    [InlineData("_cisTEMXShift #5", "_cisTEMXShift #5", "12000.0", "1e400", "rlnDefocusU")]
    [InlineData("_cisTEMAngleTheta #3", "_other #3", "", "", "cisTEMAngleTheta")]
    [InlineData("  1  -12.25", "  0  -12.25", "", "", "cisTEMPositionInStack")]
    [InlineData("_cisTEMStackFilename #22", "_cisTEMOther #22", "", "", "--stack")]
    [InlineData("  1.50  -2.25", "  abc  -2.25", "", "", "cisTEMXShift")]
    public void What_is_wrong_is_named(string from, string to, string from2, string to2, string mention)
    {
        var text = File.Replace(from, to, StringComparison.Ordinal);
        var path = _folder.Text("p.star", from2.Length > 0 ? text.Replace(from2, to2, StringComparison.Ordinal) : text);
        TestFolder.Fails(() => StarParticles.Open(path, Options).Dispose(), "p.star", mention);
    }
}
