using Gmm.IO;

namespace Gmm.Simulation;

/// <summary>The motion that simulate --motion reads.</summary>
internal sealed record MotionFile : IRecord
{
    /// <summary>Domains that move, each by itself.</summary>
    public MotionDomain[]? Domains { get; init; }

    /// <summary>A path that the whole moves along.</summary>
    public MotionPath? Path { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        if (Domains is not null)
        {
            check["domains"].All(Domains);
        }

        check["path"].Maybe(Path);
    }
}
