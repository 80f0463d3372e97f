using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>A path: models in order, or one trajectory.</summary>
internal sealed record MotionPath : IRecord
{
    public required string[] Frames { get; init; }

    public string? Align { get; init; }

    public int? Every { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["frames"].Require(Frames.Length > 0, "is empty");
        check["frames"].AllTexts(Frames);
        check["every"].Require(Every is null or >= 1, "must be 1 or more");
    }
}
