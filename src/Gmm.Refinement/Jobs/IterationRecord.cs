using System.Text.Json.Serialization;
using Gmm.IO;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>One iteration in a run's record (run.json and iterations/run_it###_state.json).</summary>
public sealed record IterationRecord : IRecord
{
    /// <summary>The iteration; 0 for the maps at the starting poses.</summary>
    public required int Iteration { get; init; }

    /// <summary>Where the masked, corrected FSC falls below 0.143, angstrom; null where the half maps show none.</summary>
    [JsonPropertyName("resolution_0143_A")]
    public required double? Resolution { get; init; }

    /// <summary>Whether the half maps show no resolution at all.</summary>
    public bool NoResolution
    {
        get => Resolution is null;
        init => _ = value;
    }

    /// <summary>Whether the FSC never falls below 0.143, so that the resolution is only what the pixel size allows.</summary>
    public bool ResolutionIsNyquist { get; init; }

    /// <summary>The limit for the next iteration, angstrom.</summary>
    [JsonPropertyName("limit_A")]
    public required double Limit { get; init; }

    /// <summary>The limit this iteration worked with, angstrom.</summary>
    [JsonPropertyName("previous_limit_A")]
    public double? PreviousLimit { get; init; }

    /// <summary>Particles whose pose was refined per second.</summary>
    public double ParticlesPerSecond => Statistics?.ParticlesPerSecond ?? 0;

    /// <summary>The figures of the iteration; null for iteration 0.</summary>
    public IterationStatistics? Statistics { get; init; }

    /// <summary>What a focused refinement found of the region's motion; null otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FocusRecord? Focus { get; init; }

    /// <summary>What was found of the optics; null where they are not estimated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OpticsRecord? Optics { get; init; }

    /// <summary>What the images were asked of the Ewald sphere's curvature; null where they were not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EwaldRecord? Ewald { get; init; }

    /// <summary>Whether the starting maps have the symmetry that is imposed; null after iteration 0, and without symmetry.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SymmetryCheck? Symmetry { get; init; }

    /// <summary>Why the map that is given as a reference seems to be of the other hand; null otherwise and after iteration 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ReferenceWarning { get; init; }

    /// <summary>What is doubtful about the half maps' comparison or the mask, a line each.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>What was found in the images, and done to them; null after iteration 0.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImageReport? Images { get; init; }

    /// <summary>What a person should know of the images, of the symmetry and of a reference, a sentence each.</summary>
    /// <returns>The sentences.</returns>
    public IEnumerable<string> Warnings() =>
        (Images?.Warnings() ?? []).Concat(new[] { Symmetry?.Warning(), ReferenceWarning }.OfType<string>());

    void IRecord.Validate(RecordCheck check)
    {
        check["iteration"].NotNegative(Iteration);
        check["resolution_0143_A"].PositiveOrNull(Resolution);
        check["limit_A"].Positive(Limit);
        check["previous_limit_A"].Positive(PreviousLimit ?? Limit);
        check["statistics"].Maybe(Statistics);
        check["focus"].Maybe(Focus);
        check["optics"].Maybe(Optics);
        check["ewald"].Maybe(Ewald);
        check["symmetry"].Maybe(Symmetry);
        check["images"].Maybe(Images);
    }

    internal static IterationRecord Of(RefinementState state) => new()
    {
        Iteration = state.Iteration,
        Resolution = state.Resolution,
        ResolutionIsNyquist = state.ResolutionIsNyquist,
        Limit = state.Limit,
        PreviousLimit = state.PreviousLimit,
        Statistics = state.Statistics,
        Focus = state.Focus,
        Optics = state.OpticsFound,
        Ewald = state.Ewald,
        Symmetry = state.SymmetryCheck,
        ReferenceWarning = state.ReferenceWarning,
        Doubts = [.. new[] { state.MaskWarning }.OfType<string>(), .. state.Fsc.Warnings()],
        Images = state.Images,
    };
}
