using System.Text.Json.Serialization;

namespace Gmm.Cli;

/// <summary>What an optics group is.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name.</param>
/// <param name="Particles">Particles of it.</param>
/// <param name="PixelSize">Angstrom per pixel.</param>
/// <param name="Box">Side of its images, pixels; null where neither file nor stack says.</param>
/// <param name="Voltage">Of its first particle.</param>
/// <param name="SphericalAberration">Of its first particle.</param>
/// <param name="CtfState">unmodified, phase_flipped, premultiplied or none.</param>
/// <param name="HasAberrations">Whether it has beam tilt, Zernike terms or a magnification matrix.</param>
internal sealed record OpticsFacts(
    int Id,
    string Name,
    int Particles,
    [property: JsonPropertyName("pixel_size_A")] double PixelSize,
    int? Box,
    [property: JsonPropertyName("voltage_kv")] double Voltage,
    [property: JsonPropertyName("spherical_aberration_mm")] double SphericalAberration,
    string CtfState,
    bool HasAberrations);
