namespace Gmm.Heterogeneity;

/// <summary>Something with weights that an analysis trains, writes to files and reads again: an encoder or a decoder.</summary>
public interface ITrainablePart
{
    /// <summary>All weights, in the order in which they are trained and written. The number of blocks and their lengths never change.</summary>
    IReadOnlyList<WeightBlock> Weights { get; }

    /// <summary>Whether the blocks that are networks take part: false in the linear stage. A part without networks has nothing to do.</summary>
    bool UsesNetworks
    {
        get => false;
        set { }
    }

    /// <summary>Makes the memory for batches of one thread.</summary>
    /// <returns>A pass over the weights as they are when it is used.</returns>
    IBatchPass CreatePass();
}
