using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// Focuses a Gaussian model on a region: outside the mask its Gaussians are made wider or weaker, so that they no longer decide poses (paper,
/// Methods: "multiplier for the width 1/(0.25 + 0.75 M)", which the published program applies to a parameter proportional to the variance).
/// </summary>
/// <remarks>
/// Widths and positions are in angstrom, so the strength does not depend on the box or its padding, as it does in the published program.
/// <example>
/// <code>
/// GaussianModel reference = WidthMask.Apply(model, mask, new FocusOptions { Level = 0.25 });
/// var projector = LayeredProjector.Create(reference, disc);
/// </code>
/// </example>
/// </remarks>
internal static class WidthMask
{
    /// <summary>Gaussians that keep less of their amplitude than this are left out.</summary>
    private const double LeastShare = 1e-3;

    /// <summary>The mask from which a Gaussian counts as inside.</summary>
    private const double InsideFrom = 0.5;

    /// <summary>The focused model.</summary>
    /// <param name="model">The model, in the frame of the mask: angstrom from the box centre.</param>
    /// <param name="mask">The region; its box may differ from the model's.</param>
    /// <param name="options">How to focus.</param>
    /// <returns>
    /// In <see cref="FocusMode.Width"/> the same Gaussians with variance s^2 / (l + (1 - l) m), m the mask at the centre (trilinear, 0 outside the
    /// mask's box); in <see cref="FocusMode.Amplitude"/> the Gaussians inside, amplitudes multiplied by m; in <see cref="FocusMode.Subtract"/> those
    /// with m of at least 0.5, as they are.
    /// </returns>
    /// <exception cref="InvalidInputException">No Gaussian lies inside the mask.</exception>
    /// <exception cref="ArgumentException">Options out of range.</exception>
    public static GaussianModel Apply(GaussianModel model, SolventMask mask, FocusOptions options)
    {
        options.Validate();
        var m = new MaskSampler(mask).At(model);
        if (!m.Any(v => v >= InsideFrom))
        {
            throw new InvalidInputException(
                "The focus mask is off the molecule: no Gaussian of the model lies inside it, so the region carries no signal; keep the poses of the whole.");
        }

        return options.Mode switch
        {
            FocusMode.Width => Widen(model, m, options),
            FocusMode.Amplitude => Weigh(model, m, "focus"),
            _ => Weigh(model, Array.ConvertAll(m, v => v >= InsideFrom ? 1.0 : 0), "focus"),
        };
    }

    /// <summary>What <see cref="FocusMode.Subtract"/> leaves in place: the Gaussians with m below 0.5.</summary>
    /// <param name="model">The model.</param>
    /// <param name="mask">The region.</param>
    /// <returns>The rest; null where nothing is outside the mask.</returns>
    public static GaussianModel? Rest(GaussianModel model, SolventMask mask)
    {
        var share = Array.ConvertAll(new MaskSampler(mask).At(model), v => v >= InsideFrom ? 0.0 : 1);
        return share.Any(v => v > 0) ? Weigh(model, share, "outside focus") : null;
    }

    private static GaussianModel Widen(GaussianModel model, double[] m, FocusOptions options)
    {
        var widths = new float[model.Count];
        for (var j = 0; j < widths.Length; j++)
        {
            double s = model.Widths[j];
            widths[j] = (float)(options.ExtraBFactor is { } b
                ? Math.Sqrt((s * s) + ((1 - m[j]) * b / (8 * Math.PI * Math.PI)))
                : s / Math.Sqrt(options.Level + ((1 - options.Level) * m[j])));
        }

        return new GaussianModel(
            model.X, model.Y, model.Z, model.Amplitudes, widths, model.BoxSize, model.PixelSize, $"{model.Provenance}; focus, wide outside");
    }

    /// <summary>Some of the Gaussians of a model.</summary>
    internal static GaussianModel Select(GaussianModel model, Func<int, bool> chosen) =>
        Weigh(model, [.. Enumerable.Range(0, model.Count).Select(j => chosen(j) ? 1.0 : 0)], "part");

    /// <summary>The Gaussians of a model that lie inside a mask.</summary>
    internal static GaussianModel Inside(GaussianModel model, SolventMask mask) => Apply(model, mask, new FocusOptions { Mode = FocusMode.Subtract });

    private static GaussianModel Weigh(GaussianModel model, double[] share, string what)
    {
        var kept = Enumerable.Range(0, model.Count).Where(j => share[j] >= LeastShare).ToArray();
        float[] x = new float[kept.Length], y = new float[kept.Length], z = new float[kept.Length], a = new float[kept.Length], s = new float[kept.Length];
        for (var i = 0; i < kept.Length; i++)
        {
            var j = kept[i];
            (x[i], y[i], z[i], s[i]) = (model.X[j], model.Y[j], model.Z[j], model.Widths[j]);
            a[i] = (float)(model.Amplitudes[j] * share[j]);
        }

        return new GaussianModel(x, y, z, a, s, model.BoxSize, model.PixelSize, $"{model.Provenance}; {what}");
    }
}
