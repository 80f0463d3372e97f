using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gmm.IO;

/// <summary>Differences of a run's settings in words of who set them: options by the names that the tool has for them, no hashes.</summary>
internal static class SettingWords
{
    private const string ParticlesHash = "particles.hash";
    private const string ParticlesCount = "particles.count";
    private const int HashDigits = 16;

    /// <summary>Settings whose option is not their name with dashes.</summary>
    private static readonly Dictionary<string, string> s_options = new(StringComparer.Ordinal)
    {
        [ParticlesCount] = "the number of particles",
        ["scorer"] = "--score",
        ["estimate_scale"] = "--scale",
        ["weigh_by_signal"] = "--weights signal",
        ["images.normalise"] = "--normalize",
        ["images.invert"] = "--invert",
        ["images.keep_contrast"] = "--keep-contrast",
        ["reference.map"] = "--reference",
        ["reference.resolution_A"] = "--reference-resolution",
        ["tilt_series.images"] = "--tilt-series",
        ["tilt_series.count"] = "--tilt-series, the number of series",
        ["tilt_series.rotation_sigma_deg"] = "--tilt-rotation-sigma",
        ["tilt_series.position_sigma_A"] = "--tilt-position-sigma",
        ["tilt_series.shift_sigma_A"] = "--tilt-shift-sigma",
        ["focus.mask"] = "--focus",
        ["optics"] = "--refine-optics",
        ["partition.count"] = "--count",
        ["bodies"] = "--body",
        ["latent_dimension"] = "--latent",
        ["coarsest_resolution"] = "--minres",
        ["motion_scorer"] = "--device",
        ["body_scorer"] = "--device",
    };

    /// <summary>Settings that are options, with dashes in place of underscores; others are called by their words.</summary>
    private static readonly HashSet<string> s_named = new(StringComparer.Ordinal)
    {
        "seed", "parts", "gaussians", "start_resolution", "max_resolution", "optimizer", "mask", "model", "symmetry", "relax_symmetry", "reference",
        "reference.iterations", "tilt_series", "focus", "focus.mode", "focus.level", "ewald", "joint", "resolution", "epochs", "decoder", "anchors", "folds",
        "rounds", "model_resolution", "start_latents", "model_half1", "model_half2",
    };

    /// <summary>What differs, a part of a sentence each.</summary>
    /// <param name="before">The settings that the run began with.</param>
    /// <param name="now">Those that it is to go on with.</param>
    public static string[] Differences(JsonObject before, JsonObject now)
    {
        var (old, mine) = (Flat(before), Flat(now));
        var differences = new List<string>();
        foreach (var name in old.Keys.Union(mine.Keys).Order(StringComparer.Ordinal))
        {
            var (was, isNow) = (Value(old, name), Value(mine, name));
            if (was == isNow || GroupIsNew(name, old, mine) || GroupIsNew(name, mine, old))
            {
                continue;
            }

            if (name != ParticlesHash)
            {
                differences.Add(Difference(name, was, isNow));
            }
            else if (old.GetValueOrDefault(ParticlesCount) == mine.GetValueOrDefault(ParticlesCount))
            {
                differences.Add("the particles' poses, halves, CTFs, optics or places of their images are others than they were");
            }
        }

        return [.. differences];
    }

    private static string? Value(SortedDictionary<string, string?> settings, string name) =>
        settings.TryGetValue(name, out var value) ? value : settings.Keys.Any(k => IsIn(name, k)) ? "given" : null;

    /// <summary>Whether a setting is one of a group that was not there at all in the other settings, which is one difference.</summary>
    private static bool GroupIsNew(string name, SortedDictionary<string, string?> with, SortedDictionary<string, string?> without) =>
        with.ContainsKey(name) && without.Keys.Any(k => IsIn(k, name));

    private static bool IsIn(string group, string name) => name.StartsWith(group + ".", StringComparison.Ordinal);

    private static string Difference(string name, string? was, string? isNow)
    {
        var option = s_options.TryGetValue(name, out var known) ? known
            : s_named.Contains(name) ? "--" + name.Replace('.', '-').Replace('_', '-')
            : name.Replace('.', ' ').Replace('_', ' ');
        return IsHash(was) && IsHash(isNow) ? $"{option} is another than it was" : $"{option} was {Text(was)}, now {Text(isNow)}";
    }

    private static string Text(string? value) => value switch
    {
        null => "not given",
        "true" => "on",
        "false" => "off",
        _ => IsHash(value) ? "given" : value,
    };

    private static bool IsHash(string? text) => text is { Length: HashDigits } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>Settings one by one, each by its path ("images.invert") and as text; null for one that is not set.</summary>
    private static SortedDictionary<string, string?> Flat(JsonObject settings)
    {
        var flat = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        Add(flat, string.Empty, settings);
        return flat;
    }

    private static void Add(SortedDictionary<string, string?> flat, string prefix, JsonObject settings)
    {
        foreach (var (name, value) in settings)
        {
            if (value is JsonObject part && PartJson.Text(part) is { } text)
            {
                flat[prefix + name] = text;
            }
            else if (value is JsonObject inner)
            {
                Add(flat, $"{prefix}{name}.", inner);
            }
            else
            {
                flat[prefix + name] = value switch
                {
                    null => null,
                    JsonValue word when word.GetValueKind() == JsonValueKind.String => word.GetValue<string>(),
                    _ => value.ToJsonString(),
                };
            }
        }
    }
}
