using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// All that decides a run's result, by name: the job's options as they are serialised, so that none that is added is forgotten, and what options
/// cannot hold as text (masks, models, particles) as fingerprints. What does not decide it (threads, number of iterations) is marked
/// <see cref="JsonIgnoreAttribute"/> in the options.
/// </summary>
internal static class RunSettings
{
    public const string None = "none";

    /// <summary>The settings of a run.</summary>
    /// <param name="options">The job's options.</param>
    /// <param name="type">How they are serialised.</param>
    /// <param name="source">The particles.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="more">What the options do not hold as text; null is "none".</param>
    public static SortedDictionary<string, string> Of<T>(
        T options, JsonTypeInfo<T> type, IParticleSource source, int seed, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var settings = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["particles"] = string.Create(CultureInfo.InvariantCulture, $"{source.Particles.Count}:{RunFingerprint.Of(source)}"),
            ["seed"] = seed.ToString(CultureInfo.InvariantCulture),
        };
        Add(settings, string.Empty, JsonSerializer.SerializeToElement(options, type));
        foreach (var (name, value) in more)
        {
            settings[name] = value ?? None;
        }

        return settings;
    }

    /// <summary>Stamps of the image files of particles, to tell later whether they have changed.</summary>
    public static IReadOnlyList<FileStamp> Inputs(IParticleSource source) => source is StarParticles star ? FileStamp.Of(star.Stacks) : [];

    private static void Add(SortedDictionary<string, string> settings, string prefix, JsonElement value)
    {
        foreach (var property in value.EnumerateObject())
        {
            var name = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Add(settings, name + ".", property.Value);
            }
            else
            {
                settings[name] = property.Value.ValueKind switch
                {
                    JsonValueKind.Null => None,
                    JsonValueKind.String => property.Value.GetString()!,
                    _ => property.Value.GetRawText(),
                };
            }
        }
    }
}
