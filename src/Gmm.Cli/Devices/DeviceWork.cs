using System.Text.Json.Nodes;
using Gmm.Core;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>What a device is going to project, for the choice of how.</summary>
/// <param name="Optics">Of the images.</param>
/// <param name="Resolution">Finest resolution that is compared, angstrom; null where only the maps will tell.</param>
/// <param name="Gaussians">Of a model; null where the maps will tell.</param>
/// <param name="ResumedFolder">The folder of a run that is to go on; null for none.</param>
internal sealed record DeviceWork(OpticsGroup Optics, double? Resolution, int? Gaussians, string? ResumedFolder)
{
    // Where the maps will tell: a model of a few hundred kilodalton at 4 angstrom. What the choice hangs on is the resolution.
    private const int UsualGaussians = 4000;

    /// <summary>How many Gaussians to measure with.</summary>
    public int GaussiansOrUsual => Gaussians ?? UsualGaussians;

    /// <summary>The coefficients to measure with: to the resolution given, or four fifths of the way to Nyquist's.</summary>
    public FourierDisc Disc() => FourierDisc.ForResolution(
        Optics.ImageSize, Optics.PixelSize, Math.Max(2 * Optics.PixelSize, Resolution ?? (2.5 * Optics.PixelSize)));

    /// <summary>The projection that the run to go on with was begun with: the last word of a part's name. Null where there is none.</summary>
    public string? Begun()
    {
        if (ResumedFolder is null || RunManifest.Read(Path.Combine(ResumedFolder, RunFolder.ManifestName)) is not { } manifest)
        {
            return null;
        }

        return manifest.Settings.Select(s => s.Value).OfType<JsonObject>().Select(PartJson.Text).Select(Word).FirstOrDefault(w => w is not null);
    }

    private static string? Word(string? part) => part?.Split(" by ") is [_, DeviceChoice.Direct or DeviceChoice.Gridding] words ? words[1] : null;
}
