using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Cli;

/// <summary>What a file holds. What does not apply to its kind, or is not known, is null.</summary>
internal sealed record FileFacts
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>particles, model, star, map, stack, atoms, trajectory, poses, ctfs, selection, table, folder or unknown.</summary>
    public required string Kind { get; init; }

    /// <summary>Particles, Gaussians, images, atoms, frames, poses, CTFs, numbers of a selection or rows of a table.</summary>
    public long? Count { get; init; }

    /// <summary>Particles that the images are tilts of (gmmTiltParticle); null where each is a particle of its own.</summary>
    public int? TiltParticles { get; init; }

    /// <summary>Voxels or pixels along x, y and z.</summary>
    public int[]? Size { get; init; }

    /// <summary>Size of a pixel or voxel.</summary>
    [JsonPropertyName("pixel_size_A")]
    public double? PixelSize { get; init; }

    /// <summary>Numbers in each row of a table.</summary>
    public int? Columns { get; init; }

    /// <summary>Optics groups.</summary>
    public OpticsFacts[]? Optics { get; init; }

    /// <summary>Whether particles have poses.</summary>
    public bool? HasPoses { get; init; }

    /// <summary>Whether a file of poses has shifts.</summary>
    public bool? HasShifts { get; init; }

    /// <summary>Particles of each half set, as the file has it; null where it has none.</summary>
    public HalfPair<int>? Halves { get; init; }

    /// <summary>Least and greatest mean defocus.</summary>
    [JsonPropertyName("defocus_A")]
    public double[]? Defocus { get; init; }

    /// <summary>Stacks that the particles' images are in.</summary>
    public int? Stacks { get; init; }

    /// <summary>Stacks that are not where they are looked for.</summary>
    public int? MissingStacks { get; init; }

    /// <summary>bright, dark or unclear: the molecule in the images.</summary>
    public string? Contrast { get; init; }

    /// <summary>Whether the images' background is 0 and their noise 1.</summary>
    public bool? Normalised { get; init; }

    /// <summary>Blocks of a STAR file: name, and rows of its table.</summary>
    public string[]? Blocks { get; init; }

    /// <summary>What the file itself says of where it is from.</summary>
    public string? Provenance { get; init; }
}
