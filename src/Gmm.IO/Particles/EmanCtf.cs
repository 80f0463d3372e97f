using System.Globalization;
using System.Text.Json;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// EMAN2's CTF (EMAN2Ctf): defocus and its difference in micrometres, angle in degrees, amplitude contrast in per cent, kV, mm, angstrom per pixel.
/// </summary>
internal sealed record EmanCtf(double Defocus, double Difference, double Angle, double AmplitudeContrast, double Voltage, double Aberration, double PixelSize)
{
    private static readonly string[] s_names = ["defocus", "dfdiff", "dfang", "ampcont", "voltage", "cs", "apix"];

    /// <summary>Reads the text of an image's header: "E", then defocus, difference, angle, B factor, amplitude contrast, voltage, Cs and pixel.</summary>
    public static EmanCtf? Parse(string? text)
    {
        if (text is null || !text.StartsWith('E'))
        {
            return null;
        }

        double[] v = [.. text[1..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(8).Select(
            t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) ? d : double.NaN)];
        return v.Length == 8 && Array.TrueForAll(v, double.IsFinite) ? new EmanCtf(v[0], v[1], v[2], v[4], v[5], v[6], v[7]) : null;
    }

    /// <summary>Reads the JSON of a list.</summary>
    public static EmanCtf Read(JsonElement json, Func<string, InvalidInputException> error)
    {
        double[] v = [.. s_names.Select(name => json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var e)
            && e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out var d) && double.IsFinite(d) ? d : throw error($"has no number {name}"))];
        return new EmanCtf(v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
    }

    /// <summary>Defoci, angstrom.</summary>
    public (double U, double V) Defoci => (1e4 * (Defocus + (0.5 * Difference)), 1e4 * (Defocus - (0.5 * Difference)));

    /// <summary>EMAN2's one number for amplitude contrast and phase shift, per cent (EMAN2Ctf::set_phase); the inverse of <see cref="Phase"/>.</summary>
    /// <param name="contrast">Amplitude contrast, 0 to 1.</param>
    /// <param name="phaseShiftDegrees">Phase shift, degrees.</param>
    public static double AmpCont(double contrast, double phaseShiftDegrees)
    {
        if (phaseShiftDegrees == 0)
        {
            return 100 * contrast;
        }

        // The contrast is a phase too; the sum is brought to -90 to 270 degrees, which is all that the number can say.
        var total = phaseShiftDegrees + (Math.Asin(contrast) * (180 / Math.PI)) + 90;
        var phase = (total - (360 * Math.Floor(total / 360)) - 90) * (Math.PI / 180);
        return phase <= Math.PI / 2 ? 100 * Math.Sin(phase) : 100 * (2 - Math.Sin(Math.PI - phase));
    }

    /// <summary>
    /// The amplitude contrast from 0 to 1, and the phase shift in degrees, where more than 100 per cent or less than 0 says one (EMAN2Ctf::get_phase).
    /// </summary>
    public (double Contrast, double PhaseShift) Phase => AmplitudeContrast switch
    {
        >= 0 and <= 100 => (AmplitudeContrast / 100, 0),
        > 100 and <= 300 => (0, (Math.PI - Math.Asin(2 - (AmplitudeContrast / 100))) * (180 / Math.PI)),
        < 0 and >= -100 => (0, Math.Asin(AmplitudeContrast / 100) * (180 / Math.PI)),
        _ => (AmplitudeContrast, 0),
    };
}
