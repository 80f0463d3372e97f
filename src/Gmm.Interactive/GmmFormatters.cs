using System.Globalization;
using Gmm.Core;
using Gmm.Heterogeneity;
using Gmm.Maps;
using Gmm.Refinement;
using Gmm.Reports;
using Microsoft.DotNet.Interactive.Formatting;

namespace Gmm.Interactive;

/// <summary>
/// Formatters for .NET Interactive: a map, a model, particles, a Fourier shell correlation, the state of a refinement, latent points, a motion or a chart as
/// the last value of a cell shows itself as a picture (PNG, a motion as an animated one), and says in one line of plain text what it is.
/// </summary>
/// <remarks>
/// A notebook that says <c>#r "nuget: Gmm.Interactive"</c> has them at once; with <c>#r "Gmm.Interactive.dll"</c> call <see cref="Register"/>.
/// <example>
/// <code>
/// #r "nuget: Gmm.Interactive"
/// using Gmm.IO;
/// MrcFile.ReadMap("map.mrc")
/// </code>
/// </example>
/// </remarks>
public static class GmmFormatters
{
    private const string Png = "image/png";

    /// <summary>Registers all of them with the kernel that this runs in; what was registered for the same types before is replaced.</summary>
    public static void Register()
    {
        // The interface first and the charts last: of two that fit, the later one counts.
        Picture<IParticleSource>(CellPictures.Of, p => $"{p.Particles.Count} particles");
        Picture<DensityMap>(CellPictures.Of, Describe);
        Picture<HalfMapPair>(CellPictures.Of, p => $"two half maps: {Describe(p.Half1)} each");
        Picture<GaussianModel>(CellPictures.Of, m => Line($"{m.Count} Gaussians in a box of {m.BoxLength:0.#} Å"));
        Picture<FscCurve>(CellPictures.Of, c => FscChart.Label("FSC", c));
        Picture<CorrectedFsc>(FscChart.Create, c => FscChart.Label("corrected FSC", c.Corrected));
        Picture<RefinementState>(CellPictures.Of, Describe);
        Picture<LatentTable>(CellPictures.Of, t => $"latent points of {t.Count} particles in {t.Dimension} dimensions");
        Picture<HeterogeneityResult>(r => CellPictures.Of(r.Latents), r => r.MotionFound ? "a motion was found" : "no motion was found");
        Movie<LandscapeRow>(CellPictures.MovieOf, r => $"a motion of {r.Count} points");
        Movie<MotionLandscape>(l => CellPictures.MovieOf(l.Along(0, CellPictures.MoviePoints)), l => $"a latent landscape of {l.Dimension} dimensions");
        Picture<Chart>(c => c, c => c.Title);
    }

    private static void Picture<T>(Func<T, Chart> chart, Func<T, string> line) => Show(v => chart(v).ToPng(scale: 1), line);

    private static void Movie<T>(Func<T, IReadOnlyList<Chart>> frames, Func<T, string> line) =>
        Show(v => AnimatedPng.Encode(frames(v), CellPictures.MillisecondsPerFrame, thereAndBack: true, scale: 1), line);

    private static void Show<T>(Func<T, byte[]> png, Func<T, string> line)
    {
        Formatter.Register<T>(value => Convert.ToBase64String(png(value)), Png);
        Formatter.Register<T>(line, PlainTextFormatter.MimeType);
        Formatter.SetPreferredMimeTypesFor(typeof(T), Png, PlainTextFormatter.MimeType);
    }

    private static string Describe(DensityMap map) => Line($"{map.Size} x {map.Size} x {map.Size} voxels of {map.PixelSize:0.###} Å");

    private static string Describe(RefinementState state) => state.Resolution is { } r
        ? Line($"iteration {state.Iteration}: {r:F2} Å")
        : Line($"iteration {state.Iteration}: no resolution");

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
