using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// All that decides a run's result, by name: the job's options as they are serialised, so that none that is added is forgotten, and what options
/// cannot hold (masks, models, particles) as fingerprints. What does not decide it (threads, number of iterations) is marked
/// <see cref="JsonIgnoreAttribute"/> in the options.
/// </summary>
internal static class RunSettings
{
    /// <summary>The settings of a run.</summary>
    /// <param name="options">The job's options.</param>
    /// <param name="type">How they are serialised.</param>
    /// <param name="source">The particles.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="more">What the options do not hold.</param>
    public static JsonObject Of<T>(
        T options, JsonTypeInfo<T> type, IParticleSource source, int seed, params ReadOnlySpan<(string Name, JsonNode? Value)> more)
    {
        var settings = new JsonObject
        {
            ["particles"] = new JsonObject { ["count"] = source.Particles.Count, ["hash"] = RunFingerprint.Of(source) },
            ["seed"] = seed,
        };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(options, type)!.AsObject())
        {
            settings[name] = value?.DeepClone();
        }

        foreach (var (name, value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    /// <summary>Stamps of the image files of particles, to tell later whether they have changed.</summary>
    public static IReadOnlyList<FileStamp> Inputs(IParticleSource source) => source is StarParticles star ? FileStamp.Of(star.Stacks) : [];
}
