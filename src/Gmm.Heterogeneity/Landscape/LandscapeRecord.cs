using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>The record of a landscape (landscape.json).</summary>
/// <param name="Particles">Number of particles.</param>
/// <param name="MotionFound">Whether the held-out particles of both halves show motion.</param>
/// <param name="Halves">For each half.</param>
/// <param name="Points">The points of the trajectory.</param>
/// <param name="AgreementMask">The mask in which halves were compared, or what it was made of; null without maps.</param>
/// <param name="Morph">The atomic model; null without one.</param>
/// <param name="WallSeconds">Wall time of the call.</param>
/// <param name="Files">The files written.</param>
/// <param name="Call">How the program was called: of gmm verb, arguments and the options given; null where it says nothing.</param>
internal sealed record LandscapeRecord(
    int Particles,
    bool MotionFound,
    HalfPair<LandscapeHalf> Halves,
    LandscapePoint[] Points,
    string? AgreementMask,
    MorphReport? Morph,
    [property: JsonPropertyName("wall_s")] double WallSeconds,
    string[] Files,
    JsonObject? Call = null) : IRecord
{
    /// <summary>The name of its file.</summary>
    public const string FileName = "landscape.json";

    /// <summary>Reads a record.</summary>
    /// <exception cref="Gmm.Core.InvalidInputException">The file cannot be read or is no such record; the message names the field.</exception>
    public static LandscapeRecord Read(string path) => RecordFile.Read(path, LandscapeJson.Default.LandscapeRecord, "the record of a landscape");

    void IRecord.Validate(RecordCheck check)
    {
        check["particles"].NotNegative(Particles);
        check["halves"]["half1"].Maybe(check["halves"]["half1"].Some(Halves.Half1));
        check["halves"]["half2"].Maybe(check["halves"]["half2"].Some(Halves.Half2));
        check["points"].All(Points);
        check["wall_s"].NotNegative(WallSeconds);
        check["files"].AllTexts(Files);
    }
}
