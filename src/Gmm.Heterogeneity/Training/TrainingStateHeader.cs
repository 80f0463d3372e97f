using Gmm.IO;

namespace Gmm.Heterogeneity;

/// <summary>The header of a training's state (<see cref="TrainingCheckpoint"/>).</summary>
internal sealed record TrainingStateHeader : IRecord
{
    /// <summary>In training there are, for each block of weights, itself, the best of it, and the optimizer's mean and mean square.</summary>
    public const int BlocksPerPart = 4;

    /// <summary>Lengths of the blocks that follow.</summary>
    public required int[] Blocks { get; init; }

    /// <summary>Where training stands; null once the half is finished.</summary>
    public TrainingPosition? Position { get; init; }

    /// <summary>How training went, once the half is finished.</summary>
    public HalfTraining? Training { get; init; }

    /// <summary>Whether the weights have networks.</summary>
    public required bool UsesNetworks { get; init; }

    void IRecord.Validate(RecordCheck check)
    {
        check["position"].Require(Position is null != Training is null, "must be there exactly if training is not");
        check["position"].Maybe(Position);
        check["training"].Maybe(Training);
        if (Position is { } position)
        {
            check["blocks"].Count(Blocks.Length, BlocksPerPart * position.Steps.Length);
        }
        else
        {
            check["blocks"].Require(Blocks.Length > 4, "has no weights");
        }

        check["blocks"].Require(Array.TrueForAll(Blocks, b => b >= 0), "has a block of negative length");
    }
}
