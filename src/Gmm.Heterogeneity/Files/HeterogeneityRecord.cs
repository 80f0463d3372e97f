using Gmm.Core;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gmm.IO;
using Gmm.Maps;
using Gmm.Refinement;

namespace Gmm.Heterogeneity;

/// <summary>The record of a heterogeneity analysis (heterogeneity.json): with what it was made, and how training went.</summary>
public sealed record HeterogeneityRecord : IRecord
{
    /// <summary>Version of this record.</summary>
    public const int CurrentVersion = 3;

    /// <summary>Version of the record read.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>
    /// How the program was called (<see cref="JobOptions.Call"/>): of gmm verb, arguments and the options given; null where it says nothing.
    /// </summary>
    public JsonObject? Call { get; init; }

    /// <summary>The particle file, by its full path.</summary>
    public required string ParticlesFile { get; init; }

    /// <summary>Folder that image names are relative to, if it was given.</summary>
    public string? Root { get; init; }

    /// <summary>The focus mask's file, if there was one.</summary>
    public string? FocusFile { get; init; }

    /// <summary>Latent coordinates.</summary>
    public required int LatentDimension { get; init; }

    /// <summary>Finest resolution compared, angstrom.</summary>
    [JsonPropertyName("resolution_A")]
    public required double Resolution { get; init; }

    /// <summary>What moves the Gaussians (<see cref="IPart.Name"/>).</summary>
    public required string Decoder { get; init; }

    /// <summary>What gave the particles their latent points (<see cref="IPart.Name"/>).</summary>
    public required string Encoder { get; init; }

    /// <summary>What refined them (<see cref="IPart.Name"/>).</summary>
    public required string LatentRefiner { get; init; }

    /// <summary>Folds of each half for which models of their own were made; 1: none were.</summary>
    public int Folds { get; init; } = 1;

    /// <summary>Rounds of learning; the course of training is that of the last.</summary>
    public int Rounds { get; init; } = 1;

    /// <summary>What was done to the images.</summary>
    public ImageOptions? Images { get; init; }

    /// <summary>Seed.</summary>
    public required int Seed { get; init; }

    /// <summary>Whether both halves show motion on particles held out of training.</summary>
    public required bool MotionFound { get; init; }

    /// <summary>Whether the data say more with motion than without; null in records of earlier versions.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>How training went, half by half.</summary>
    public required HalfPair<HalfTraining> Training { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["version"].Version(Version, CurrentVersion);
        check["latent_dimension"].Within(LatentDimension, 1, LatentLimits.Dimension);
        check["resolution_A"].Positive(Resolution);
        check["folds"].Within(Folds, 1, 20);
        check["rounds"].Within(Rounds, 1, 5);
        check["training"]["half1"].Maybe(check["training"]["half1"].Some(Training.Half1));
        check["training"]["half2"].Maybe(check["training"]["half2"].Some(Training.Half2));
    }
}
