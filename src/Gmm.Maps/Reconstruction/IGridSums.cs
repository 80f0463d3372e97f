namespace Gmm.Maps;

/// <summary>Sums on a reconstruction's grid, as <see cref="GridFinisher"/> reads them.</summary>
internal interface IGridSums
{
    /// <summary>The grid.</summary>
    ReconstructionGrid Grid { get; }

    /// <summary>Copies numbers of a plane, in the order that <see cref="FourierAccumulator.PlaneSums"/> has them.</summary>
    /// <param name="plane">Plane z + <see cref="ReconstructionGrid.Extent"/> of the grid.</param>
    /// <param name="start">The first of them.</param>
    /// <param name="numbers">Receives them.</param>
    void Read(int plane, int start, Span<double> numbers);

    /// <summary>The memory of a plane, which may be written to once the plane was read for the last time.</summary>
    /// <param name="plane">The plane.</param>
    /// <returns>The memory, of any content; empty where the sums are kept.</returns>
    Span<float> Reuse(int plane);
}
