namespace Gmm.Heterogeneity;

/// <summary>Where the training of a half stands.</summary>
/// <param name="Half">1 or 2.</param>
/// <param name="Round">The round of learning, from 1.</param>
/// <param name="Epochs">The epochs that are whole.</param>
/// <param name="Best">The best of them.</param>
/// <param name="IsFinished">Whether the half is finished in this round.</param>
internal sealed record TrainingState(int Half, int Round, IReadOnlyList<EpochRecord> Epochs, EpochRecord Best, bool IsFinished);
