using System.Text.Json.Serialization;

namespace Gmm.Maps;

/// <summary>What is done to images as they are read; see <see cref="PreparedParticles"/> and docs/images.md.</summary>
public sealed record ImageOptions
{
    /// <summary>The images as they are: for sets that are known to be as they should be, and for comparison.</summary>
    public static ImageOptions AsTheyAre { get; } = new() { Normalise = false, KeepContrast = true };

    /// <summary>Whether backgrounds are taken off and scales made equal where they need it. Constant images are left out in any case.</summary>
    public bool Normalise { get; init; } = true;

    /// <summary>Whether grey values are turned about, for images in which the molecule is darker than the solvent.</summary>
    public bool Invert { get; init; }

    /// <summary>Whether to go on where the molecule looks darker than the solvent. Otherwise that is an error where it is clear.</summary>
    [JsonIgnore]
    public bool KeepContrast { get; init; }
}
