namespace Gmm.Maps;

/// <summary>Passes the progress of one part on as that of the whole.</summary>
internal sealed class PartOfProgress(IProgress<ReconstructionProgress> whole, int before, int total) : IProgress<ReconstructionProgress>
{
    /// <summary>A part's progress, or null where nobody listens.</summary>
    public static PartOfProgress? Of(IProgress<ReconstructionProgress>? whole, int before, int total) => whole is null ? null : new(whole, before, total);

    public void Report(ReconstructionProgress value) => whole.Report(new ReconstructionProgress(before + value.Done, total));
}
