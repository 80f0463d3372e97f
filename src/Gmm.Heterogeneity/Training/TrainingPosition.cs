using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>Where the training of a half stands after an epoch: with the weights and the optimizers' means, all that the next epoch needs.</summary>
internal sealed record TrainingPosition : IRecord
{
    /// <summary>Whether the networks are trained, or still the linear parts alone.</summary>
    public bool Networks { get; init; }

    /// <summary>Epochs of this stage that are done.</summary>
    public int Done { get; init; }

    /// <summary>Epochs since the last gain.</summary>
    public int WithoutGain { get; init; }

    /// <summary>The epochs so far.</summary>
    public required IReadOnlyList<EpochRecord> Epochs { get; init; }

    /// <summary>The epoch whose weights are the best so far.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Whether these have networks.</summary>
    public required bool BestUsesNetworks { get; init; }

    /// <summary>Steps that each part's optimizer has taken.</summary>
    public required int[] Steps { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["done"].NotNegative(Done);
        check["without_gain"].NotNegative(WithoutGain);
        check["epochs"].All(Epochs);
        check["best_epoch"].Require(BestEpoch >= 0 && BestEpoch < Epochs.Count, $"is {BestEpoch}, and there are {Epochs.Count} epochs");
        check["steps"].Require(Array.TrueForAll(Steps, n => n >= 0), "has a negative number of steps");
    }
}
