using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gmm.IO;

namespace Gmm.Refinement;

/// <summary>What the record of every job on particles says: what was done with what, by which program, and what it took.</summary>
public abstract record JobRecord
{
    private protected JobRecord()
    {
    }

    /// <summary>Program and command line.</summary>
    [JsonPropertyOrder(-1)]
    public required string Program { get; init; }

    /// <summary>
    /// How the program was called (<see cref="JobOptions.Call"/>): of gmm verb, arguments and the options given; null where it says nothing.
    /// </summary>
    [JsonPropertyOrder(-1)]
    public JsonObject? Call { get; init; }

    /// <summary>Version of the library.</summary>
    [JsonPropertyOrder(-1)]
    public required string Version { get; init; }

    /// <summary>The .NET runtime and the operating system.</summary>
    [JsonPropertyOrder(-1)]
    public required string Runtime { get; init; }

    /// <summary>The particle file.</summary>
    [JsonPropertyOrder(-1)]
    public required string ParticlesFile { get; init; }

    /// <summary>Number of particles.</summary>
    [JsonPropertyOrder(-1)]
    public required int Particles { get; init; }

    /// <summary>
    /// The settings that decide the result, seed included: the job's options by their names, parts by theirs; masks, models and particles as hashes.
    /// </summary>
    [JsonPropertyOrder(-1)]
    public required JsonObject Settings { get; init; }

    /// <summary>Whether the poses are better than those it started from, or parts than the consensus; null in records of earlier versions.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>Wall time, seconds, of this call; a resumed run counts from the resumption.</summary>
    [JsonPropertyName("wall_s")]
    public required double WallSeconds { get; init; }

    /// <summary>Peak resident memory of the process, megabytes.</summary>
    [JsonPropertyName("peak_rss_mb")]
    public required double PeakRssMegabyte { get; init; }

    private protected void ValidateJob(RecordCheck check)
    {
        check["particles"].NotNegative(Particles);
        check["wall_s"].NotNegative(WallSeconds);
        check["peak_rss_mb"].NotNegative(PeakRssMegabyte);
    }
}
