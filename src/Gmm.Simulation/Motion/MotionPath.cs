using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>A path: models in order, or one trajectory.</summary>
internal sealed record MotionPath : IRecord
{
    /// <summary>Atomic models in order, or one DCD trajectory.</summary>
    public required string[] Frames { get; init; }

    /// <summary>Atoms by which frames are laid on the model, as residues (A:1-50).</summary>
    public string? Align { get; init; }

    /// <summary>Takes every so many frames, and the last.</summary>
    public int? Every { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["frames"].Require(Frames.Length > 0, "is empty");
        check["frames"].AllTexts(Frames);
        check["every"].Require(Every is null or >= 1, "must be 1 or more");
    }
}
