using System.Globalization;
using Gmm.Core;

namespace Gmm.IO.Tests;

/// <summary>
/// Values in another unit than their column's: what cannot be is refused, what can hardly
/// be is said, each with its cause; what is right passes in silence.
/// </summary>
public sealed class MetadataTests : IDisposable
{
    private const string Optics = "data_optics\n\nloop_\n_rlnOpticsGroup\n_rlnVoltage\n_rlnSphericalAberration\n_rlnAmplitudeContrast\n"
        + "_rlnImagePixelSize\n_rlnImageSize\n{optics}\n\n";
    private const string Good = "1 300 2.7 0.1 2 8";
    private static readonly string[] Columns =
    [
        "rlnImageName", "rlnOpticsGroup", "rlnDefocusU", "rlnDefocusV", "rlnDefocusAngle", "rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi",
        "rlnOriginXAngst", "rlnOriginYAngst", "rlnRandomSubset",
    ];
    private readonly TestFolder _folder = new();

    public MetadataTests() => _folder.Stack("s.mrcs", 12, header: 2);

    [Fact]
    public void Right_values_pass_in_silence()
    {
        using var p = Open(Good);
        Assert.Empty(p.Warnings);
        using var corrected = Open("1 200 0.01 0.07 2.00 8");
        Assert.Empty(corrected.Warnings);
        using var overcorrected = Open("1 200 -0.04 0.07 2.00 8");
        Assert.Empty(overcorrected.Warnings);
        using var hvem = Open("1 1000 4.2 0.1 2.00 8", change: (r, c, v) => c == "rlnDefocusU" || c == "rlnDefocusV" ? "60000" : v);
        Assert.Empty(hvem.Warnings);
    }

    [Theory]
    [InlineData("1 300000 2.7 0.1 2 8", "rlnVoltage", "if these are volts, write 300")]
    [InlineData("1 0.3 2.7 0.1 2 8", "rlnVoltage", "if these are megavolts, write 300")]
    [InlineData("1 0 2.7 0.1 2 8", "rlnVoltage", "not positive")]
    [InlineData("1 300 2700 0.1 2 8", "rlnSphericalAberration", "if these are micrometres, write 2.7")]
    [InlineData("1 300 27000000 0.1 2 8", "rlnSphericalAberration", "if these are angstrom, write 2.7")]
    [InlineData("1 300 2.7 7 2 8", "rlnAmplitudeContrast", "if it is in per cent, write 0.07")]
    [InlineData("1 300 2.7 -0.1 2 8", "rlnAmplitudeContrast", "not from 0 to 1")]
    public void Optics_that_cannot_be_are_refused_at_their_row(string optics, string label, string cause) =>
        TestFolder.Fails(() => Open(optics).Dispose(), $"p.star, row 10, {label}: ", cause);

    [Fact]
    public void An_aberration_in_metres_is_told()
    {
        using var metres = Open("1 300 0.0027 0.1 2 8");
        Assert.Contains("is in metres, it seems: 0.0027 would be a lens of 2.7 mm", Assert.Single(metres.Warnings), StringComparison.Ordinal);
        using var corrected = Open("1 300 0.001 0.1 2 8");
        Assert.Empty(corrected.Warnings);
    }

    [Theory]
    [InlineData("rlnAngleRot", "1e30")]
    [InlineData("rlnAngleTilt", "-10001")]
    [InlineData("rlnAnglePsi", "1e308")]
    public void Angles_that_cannot_be_are_refused(string label, string value) => TestFolder.Fails(
        () => Open(Good, (r, c, v) => r == 4 && c == label ? value : v).Dispose(), $"p.star, row 30, {label}: an angle of ", "degrees cannot be");

    [Theory]
    [InlineData("7", "0", "rlnCtfDataAreCtfPremultiplied: 7 is neither 0 (no) nor 1 (yes)")]
    [InlineData("0", "-1", "rlnCtfDataAreCtfPhaseFlipped: -1 is neither")]
    [InlineData("1", "1", "premultiplied by the CTF and phase-flipped (rlnCtfDataAreCtfPhaseFlipped) at once")]
    public void CTF_flags_that_cannot_be_are_refused_unless_the_state_is_given(string premultiplied, string flipped, string problem)
    {
        var path = Write($"{Good} {premultiplied} {flipped}", (r, c, v) => v);
        File.WriteAllText(path, File.ReadAllText(path).Replace(
            "_rlnImageSize\n", "_rlnImageSize\n_rlnCtfDataAreCtfPremultiplied\n_rlnCtfDataAreCtfPhaseFlipped\n", StringComparison.Ordinal));
        TestFolder.Fails(() => StarParticles.Open(path, new() { Root = _folder.Root }).Dispose(), "p.star, row 12, rlnCtfDataAre", problem);
        using var given = StarParticles.Open(path, new StarParticlesOptions { Root = _folder.Root, CtfState = CtfState.Premultiplied });
        Assert.Equal(CtfState.Premultiplied, given.OpticsGroups[0].CtfState);
    }

    [Theory]
    [InlineData("12.5", null)]
    [InlineData("-1", "row 27, rlnMicrographPreExposure: an exposure of -1 electrons per square angstrom cannot be")]
    [InlineData("x", "rlnMicrographPreExposure")]
    [InlineData("none", "p.star, rlnMicrographPreExposure: the column is missing; dose weighting needs it")]
    public void Exposures_are_read_where_dose_weighting_is_asked_for(string value, string? problem)
    {
        var options = new StarParticlesOptions { Root = _folder.Root, DoseWeighting = true };
        var path = Write(Good, (r, c, v) => c == "rlnDefocusAngle" && value != "none" ? (r == 1 ? value : "0") : v);
        if (value != "none")
        {
            File.WriteAllText(path, File.ReadAllText(path).Replace("rlnDefocusAngle", "rlnMicrographPreExposure", StringComparison.Ordinal));
        }

        if (problem is not null)
        {
            TestFolder.Fails(() => StarParticles.Open(path, options).Dispose(), problem);
            return;
        }

        using var with = StarParticles.Open(path, options);
        using var without = StarParticles.Open(path, options with { DoseWeighting = false });
        Assert.Equal(12.5, with.Particles[1].Ctf.PreExposure);
        Assert.Equal(0, with.Particles[0].Ctf.PreExposure);
        Assert.Equal(0, without.Particles[1].Ctf.PreExposure);
    }

    [Theory]
    [InlineData(1e-4, "median defocus is 1.5 A, which cannot be; if it is in micrometres, multiply")]
    [InlineData(-1, "overfocus in RELION's sign")]
    [InlineData(0, "--ctf-state none")]
    public void Defoci_that_cannot_be_are_refused(double factor, string cause) =>
        TestFolder.Fails(() => Open(Good, (r, c, v) => c is "rlnDefocusU" or "rlnDefocusV" ? Times(v, factor) : v).Dispose(), "p.star, rlnDefocusU: ", cause);

    [Fact]
    public void Images_free_of_CTF_have_no_defocus_to_check()
    {
        using var p = StarParticles.Open(
            Write(Good, (r, c, v) => c is "rlnDefocusU" or "rlnDefocusV" ? "0" : v),
            new StarParticlesOptions { Root = _folder.Root, CtfState = CtfState.None });
        Assert.Empty(p.Warnings);
    }

    [Theory]
    [InlineData("rlnDefocusU,rlnDefocusV", 0.1, -1, "if it is in nanometres, multiply")]
    [InlineData("rlnDefocusU,rlnDefocusV", 10, -1, "over 10 micrometres")]
    [InlineData("rlnDefocusU,rlnDefocusV", 0, 4, "defocus of 1 particles is under 100 A, the first at row 30")]
    [InlineData("rlnDefocusU,rlnDefocusV", 10, 4, "of 1 of 12 particles is far from that of all others (median 15100 A): row 30 (148000 and")]
    [InlineData("rlnDefocusV", 0.3, 11, "far from that of all others")]
    [InlineData("rlnDefocusV", 0.01, -1, "differ by more than half of their mean in 12 of 12")]
    [InlineData("rlnAngleRot,rlnAngleTilt,rlnAnglePsi", Math.PI / 180, -1, "if they are radians")]
    [InlineData("rlnAngleRot,rlnAngleTilt", 0, -1, "after a 2-D classification")]
    [InlineData("rlnOriginXAngst", 40, 3, "rlnOriginXAngst of 1 of 12 particles puts the particle outside its image")]
    public void What_can_hardly_be_is_said_with_its_cause(string columns, double factor, int row, string cause)
    {
        using var p = Open(Good, (r, c, v) => columns.Split(',').Contains(c) && (row < 0 || r == row) ? Times(v, factor) : v);
        var warning = Assert.Single(p.Warnings);
        Assert.Contains("p.star: ", warning, StringComparison.Ordinal);
        Assert.Contains(cause, warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1 300 2.7 0.7 2 8", "rlnAmplitudeContrast of 12 of 12 particles is over 0.5")]
    [InlineData("1 300 27 0.1 2 8", "rlnSphericalAberration of 12 of 12 particles is over 10 mm")]
    [InlineData("1 300 -2.7 0.1 2 8", "rlnSphericalAberration of 12 of 12 particles is negative")]
    [InlineData("1 300 2.7 0.1 0.2 8", "its stack says 2")]
    [InlineData("1 300 2.7 0.1 20 8", "wrong by a power of ten")]
    public void Optics_that_can_hardly_be_are_said(string optics, string cause)
    {
        // Shifts are those of the small box.
        using var p = Open(optics, (r, c, v) => c is "rlnOriginXAngst" or "rlnOriginYAngst" ? "0" : v);
        Assert.Contains(cause, Assert.Single(p.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3.54, 1.77, true)]
    [InlineData(1.77, 3.54, true)]
    [InlineData(1.77, 1.88, true)]
    [InlineData(1.77, 1.84, false)]
    [InlineData(1, 1.77, false)]
    public void A_pixel_size_that_the_header_contradicts_is_told_with_both(double header, double pixel, bool warned)
    {
        _folder.Stack("s.mrcs", 12, header: header);
        var file = Write(FormattableString.Invariant($"1 300 2.7 0.1 {pixel} 8"), (r, c, v) => c is "rlnOriginXAngst" or "rlnOriginYAngst" ? "0" : v);
        using var p = StarParticles.Open(file, Options);
        Assert.Equal(warned ? 1 : 0, p.Warnings.Count);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"is {pixel} A, but the header of its stack says {header}: one of them is of images before binning, or wrong. {pixel} is used; "
            + $"if the header is right, give --pixel-size {header}");
        Assert.All(p.Warnings, w => Assert.Contains(text, w, StringComparison.Ordinal));
        using var given = StarParticles.Open(file, new StarParticlesOptions { Root = _folder.Root, PixelSize = pixel });
        Assert.Empty(given.Warnings);
    }

    [Theory]
    [InlineData("rlnDefocusU", "1e30", "a defocus of 1E+30 A cannot be")]
    [InlineData("rlnDefocusV", "-1e7", "a defocus of -10000000 A cannot be; the columns are in angstrom")]
    [InlineData("rlnDefocusAngle", "1e300", "cannot be")]
    [InlineData("rlnVoltage", "0", "not positive")]
    [InlineData("rlnVoltage", "1e9", "a voltage of 1000000000 kV cannot be")]
    [InlineData("rlnSphericalAberration", "1e9", "a spherical aberration of 1000000000 mm cannot be")]
    [InlineData("rlnPhaseShift", "-1e5", "a phase shift of -100000 degrees cannot be")]
    [InlineData("rlnCtfBfactor", "1e30", "cannot be")]
    [InlineData("rlnCtfBfactor", "-1000", "of 4 A beyond measure; -640 is the least")]
    [InlineData("rlnCtfScalefactor", "-1e9", "a scale of -1000000000 cannot be")]
    [InlineData("gmmScale", "1e9", "a scale of 1000000000 cannot be")]
    public void One_row_that_cannot_be_is_refused_with_row_and_field(string label, string value, string cause)
    {
        var usual = label switch { "rlnVoltage" => "300", "rlnSphericalAberration" => "2.7", "rlnCtfScalefactor" or "gmmScale" => "1", _ => "0" };
        var file = Columns.Contains(label)
            ? Write(Good, (r, c, v) => r == 7 && c == label ? value : v)
            : Write(Good, (r, c, v) => v, [.. Columns, label], r => r == 7 ? value : usual);
        var row = 1 + Array.FindIndex(File.ReadAllLines(file), l => l.StartsWith("000008@", StringComparison.Ordinal));
        TestFolder.Fails(() => StarParticles.Open(file, Options).Dispose(), $"p.star, row {row}, {label}: ", cause);
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("1e-300")]
    public void A_pixel_size_beyond_reason_is_refused(string pixel) =>
        TestFolder.Fails(() => Open($"1 300 2.7 0.1 {pixel} 8").Dispose(), "p.star, row 10, rlnImagePixelSize: a pixel size of ", "cannot be");

    [Fact]
    public void A_pixel_size_in_nanometres_is_named()
    {
        _folder.Stack("s.mrcs", 12, header: 0.14);
        using var p = Open("1 300 2.7 0.1 0.14 8", (r, c, v) => c is "rlnOriginXAngst" or "rlnOriginYAngst" ? "0" : v);
        Assert.Contains("if it is in nanometres, give --pixel-size 1.4", Assert.Single(p.Warnings), StringComparison.Ordinal);
        using var given = StarParticles.Open(_folder["p.star"], new StarParticlesOptions { Root = _folder.Root, PixelSize = 1.4 });
        Assert.Empty(given.Warnings);
    }

    [Theory]
    [InlineData(null, OddOrigin.Relion, true)]
    [InlineData(OddOrigin.Relion, OddOrigin.Relion, false)]
    [InlineData(OddOrigin.Half, OddOrigin.Half, false)]
    public void Images_of_odd_side_have_the_origin_asked_for_and_a_warning_if_none_was(OddOrigin? asked, OddOrigin expected, bool warned)
    {
        _folder.Stack("s.mrcs", 12, size: 9);
        using var p = StarParticles.Open(Write("1 300 2.7 0.1 2 9", (r, c, v) => v), new StarParticlesOptions { Root = _folder.Root, OddOrigin = asked });
        Assert.Equal(expected, p.OpticsGroups[0].OddOrigin);
        Assert.Equal(warned ? 1 : 0, p.Warnings.Count);
        Assert.All(p.Warnings, w => Assert.Contains("an odd side, 9 pixels; a structure without shift is taken to be at pixel 5", w, StringComparison.Ordinal));
        Assert.All(p.Warnings, w => Assert.Contains("at pixel 4: --odd-origin half", w, StringComparison.Ordinal));
    }

    [Fact]
    public void Origins_in_both_units_must_agree_on_the_pixel_size()
    {
        string[] both = [.. Columns, "rlnOriginX"];
        using var right = StarParticles.Open(Write(Good, (r, c, v) => v, both, r => Times(Row(r)[8], 0.5)), Options);
        Assert.Empty(right.Warnings);
        using var wrong = StarParticles.Open(Write(Good, (r, c, v) => v, both, r => Row(r)[8]), Options);
        Assert.Contains("holds the same numbers as rlnOriginX", Assert.Single(wrong.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rlnDetectorPixelSize,rlnMagnification", "5,25000", 2.0, null)]
    [InlineData("rlnDetectorPixelSize,rlnPixelSize", "5,2", 2.0, null)]
    [InlineData("rlnDetectorPixelSize,rlnPixelSize,rlnMagnification", "5,3,25000", 2.0, null)]
    [InlineData("rlnPixelSize", "2", 2.0, null)]
    [InlineData("rlnDetectorPixelSize", "2", 2.0, "there is no rlnMagnification")]
    public void The_pixel_size_of_an_old_file(string labels, string values, double expected, string? warning)
    {
        string[] keep = [.. Columns.Where(c => c != "rlnOpticsGroup"), "rlnVoltage", "rlnSphericalAberration", "rlnAmplitudeContrast", .. labels.Split(',')];
        var text = "data_\n\nloop_\n" + string.Concat(keep.Select(c => $"_{c}\n")) + string.Concat(Enumerable.Range(0, 12).Select(r =>
            string.Join(' ', Row(r).Where((_, i) => i != 1)) + " 300 2.7 0.1 " + values.Replace(',', ' ') + "\n"));
        using var p = StarParticles.Open(_folder.Text("p.star", text), Options);
        Assert.Equal(expected, Assert.Single(p.OpticsGroups).PixelSize);
        if (warning is null)
        {
            Assert.Empty(p.Warnings);
        }
        else
        {
            Assert.Contains(warning, Assert.Single(p.Warnings), StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private StarParticlesOptions Options => new() { Root = _folder.Root };

    private static string Times(string value, double factor) =>
        (double.Parse(value, CultureInfo.InvariantCulture) * factor).ToString("R", CultureInfo.InvariantCulture);

    private static string[] Row(int r) => string.Create(
        CultureInfo.InvariantCulture,
        $"{r + 1:D6}@s.mrcs 1 {15000 + (100 * (r - 6))} {15000 + (100 * (r - 6)) - 0} 30 {(30 * r) - 170} {10 + (14 * r)} {175 - (29 * r)} "
        + $"{(r % 3) - 0.75} 0.5 {1 + (r % 2)}").Split(' ');

    private StarParticles Open(string optics, Func<int, string, string, string>? change = null) =>
        StarParticles.Open(Write(optics, change ?? ((r, c, v) => v)), Options);

    private string Write(string optics, Func<int, string, string, string> change, string[]? columns = null, Func<int, string>? last = null)
    {
        var text = Optics.Replace("{optics}", optics, StringComparison.Ordinal) + "data_particles\n\nloop_\n"
            + string.Concat((columns ?? Columns).Select(c => $"_{c}\n"))
            + string.Concat(Enumerable.Range(0, 12).Select(
                r => string.Join(' ', Row(r).Select((v, i) => change(r, Columns[i], v))) + (last is null ? string.Empty : " " + last(r)) + "\n"));
        return _folder.Text("p.star", text);
    }
}
