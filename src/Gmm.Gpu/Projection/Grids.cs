namespace Gmm.Gpu;

/// <summary>The grids of the slots, and where each slot's model is seen.</summary>
internal struct Grids
{
    /// <summary>Numbers of <see cref="Placement"/> for each slot.</summary>
    public const int PlacementLength = 12;

    /// <summary>Side of a grid, cells.</summary>
    public int Size;

    /// <summary>Cells from a slot's grid to the next: as many as the largest grid has, or more.</summary>
    public long Stride;

    /// <summary>Number of slots.</summary>
    public int Slots;

    /// <summary>Whether a slot has work.</summary>
    public ArrayView<int> Active;

    /// <summary>Poses that the model is seen in, float64: nine elements of a rotation row by row, and a shift.</summary>
    public ArrayView<double> Poses;

    /// <summary>Numbers from a slot's pose to the next.</summary>
    public int PoseStride;

    /// <summary>Cells of the grid to an angstrom.</summary>
    public double CellsPerAngstrom;

    /// <summary>Rows of the rotation, the first two in cells per angstrom, then the axis in cells: x, y.</summary>
    public ArrayView<float> Placement;

    /// <summary>Density f, fixed point.</summary>
    public ArrayView<long> Density;

    /// <summary>Depth-weighted density.</summary>
    public ArrayView<long> Depth;

    /// <summary>Density times how often its column was wrapped round the grid's edge.</summary>
    public ArrayView<long> WrapX;

    /// <summary>Density times how often its row was wrapped.</summary>
    public ArrayView<long> WrapY;

    /// <summary>Whether the wrapped grids hold anything: of the deposit in work, and of the one before, for each slot.</summary>
    public ArrayView<int> Edge;

    /// <summary>Ends a slot's deposit: what it has wrapped is there for the next to clear.</summary>
    public readonly void EndDeposit(int slot)
    {
        Edge[(2 * slot) + 1] = Edge[2 * slot];
        Edge[2 * slot] = 0;
    }
}
