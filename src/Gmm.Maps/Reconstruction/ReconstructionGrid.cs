using Gmm.Core;

namespace Gmm.Maps;

/// <summary>
/// The Fourier grid of a reconstruction: a map's box enlarged by a padding factor, of which only the half sphere that data can reach is
/// stored. Immutable; accumulators and slices of one reconstruction share it.
/// </summary>
/// <remarks>
/// Grid point (x, y, z) is the frequency (x, y, z) / (GridSize * PixelSize) in 1/angstrom. One of each conjugate pair is kept: x from -1
/// (the kernel of a coefficient at x = 0 reaches that far) up. The rows of a plane are packed, each just long enough.
/// </remarks>
public sealed class ReconstructionGrid
{
    /// <summary>Side of the largest map: more voxels than its cube are more than an array holds.</summary>
    internal const int LargestBox = 1290;

    /// <summary>Far more than rounding, and less than from a coefficient on the rim to the next beyond it, cells.</summary>
    private const double RimWidth = 5e-4;

    private readonly int[] _rowStart;
    private readonly int[] _planeCells;

    /// <summary>Makes a grid.</summary>
    /// <param name="boxSize">Side of the map, voxels, at least 4.</param>
    /// <param name="pixelSize">Angstrom per voxel.</param>
    /// <param name="paddingFactor">Side of the grid over the side of the map, from 1 to 4; the grid's side is the next even number with prime factors 2,
    /// 3 and 5.</param>
    /// <param name="maxResolution">Finest resolution kept, angstrom; zero means to Nyquist.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value out of these ranges.</exception>
    /// <exception cref="InvalidInputException">A box of more than 1290 voxels, whose map no array could hold: better said before the images are read than
    /// after.</exception>
    public ReconstructionGrid(int boxSize, double pixelSize, double paddingFactor, double maxResolution = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(boxSize, 4);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pixelSize);
        // Minus zero, which the framework's own check takes for negative, is zero.
        if (!(maxResolution >= 0 && double.IsFinite(maxResolution)))
        {
            throw new ArgumentOutOfRangeException(nameof(maxResolution), maxResolution, "The resolution must not be negative.");
        }

        if (!(paddingFactor >= 1 && paddingFactor <= 4))
        {
            throw new ArgumentOutOfRangeException(nameof(paddingFactor), paddingFactor, "The padding factor must be from 1 to 4.");
        }

        if (boxSize > LargestBox)
        {
            throw new InvalidInputException($"a map of {boxSize}^3 voxels cannot be held; {LargestBox}^3 can: bin the images");
        }

        BoxSize = boxSize;
        PixelSize = pixelSize;
        GridSize = SideOf(boxSize, paddingFactor);
        Padding = GridSize / (double)boxSize;
        LastShell = LastShellOf(boxSize, pixelSize, maxResolution);
        // With the Nyquist shell, as RELION has it: a mask or an FSC of the last shells sees noise beyond them and not an edge. Nothing goes past it.
        Radius = Math.Min(LastShell + 0.5, 0.5 * boxSize) * Padding;
        // The hundredth covers the rounding of a coefficient on the rim.
        Extent = (int)Math.Floor(Radius + 0.01) + 2;
        Window = new GriddingWindow(Padding);
        var side = (2 * Extent) + 1;
        _rowStart = new int[side * side];
        _planeCells = new int[side];
        for (var z = -Extent; z <= Extent; z++)
        {
            for (var y = -Extent; y <= Extent; y++)
            {
                _rowStart[((z + Extent) * side) + y + Extent] = 3 * _planeCells[z + Extent];
                _planeCells[z + Extent] += RowCells(y, z);
            }
        }
    }

    /// <summary>The grid's side for a box and a padding factor.</summary>
    internal static int SideOf(int boxSize, double paddingFactor) => FftSizes.NextFastEven((int)Math.Ceiling((paddingFactor * boxSize) - 1e-9));

    /// <summary>The last shell for a box and a resolution.</summary>
    internal static int LastShellOf(int boxSize, double pixelSize, double maxResolution)
    {
        var nyquist = boxSize / 2;
        return maxResolution > 0 ? (int)Math.Clamp(Math.Floor((boxSize * pixelSize / maxResolution) + 1e-6), 1, nyquist) : nyquist;
    }

    /// <summary>Side of the map, voxels.</summary>
    public int BoxSize { get; }

    /// <summary>Angstrom per voxel of the map.</summary>
    public double PixelSize { get; }

    /// <summary>Side of the padded grid.</summary>
    public int GridSize { get; }

    /// <summary>GridSize over BoxSize.</summary>
    public double Padding { get; }

    /// <summary>The last Fourier shell of the map that is filled (in units of one over its box length).</summary>
    public int LastShell { get; }

    /// <summary>Length of the map's side, angstrom.</summary>
    public double BoxLength => BoxSize * PixelSize;

    /// <summary>Bytes of the sums of one accumulator on this grid.</summary>
    public long AccumulatorBytes => 3L * sizeof(double) * _planeCells.Sum(c => (long)c);

    /// <summary>Radius of the data, grid cells: coefficients farther from the origin are left out.</summary>
    public double Radius { get; }

    /// <summary>
    /// The square of the farthest place of a coefficient that is inserted, square cells: the radius and a little, so that those of the Nyquist ring are in at
    /// every pose, whichever way their places round.
    /// </summary>
    public float SquaredReach => (float)((Radius + RimWidth) * (Radius + RimWidth));

    /// <summary>Largest |y| and |z| stored; the kernel reaches two cells beyond the data.</summary>
    public int Extent { get; }

    /// <summary>What spreads a coefficient over the grid.</summary>
    public GriddingWindow Window { get; }

    /// <summary>
    /// Where each row's cell x = -1 is in the sums of its plane (<see cref="FourierAccumulator.PlaneSums"/>), three values a cell, x growing along the row;
    /// row (z + Extent) * (2 Extent + 1) + y + Extent.
    /// </summary>
    public ReadOnlySpan<int> RowStart => _rowStart;

    /// <summary>Cells stored of each plane, at z + Extent.</summary>
    public ReadOnlySpan<int> PlaneCells => _planeCells;

    /// <summary>The last x of row (y, z) whose cell lies inside the data's sphere, or -1.</summary>
    /// <param name="y">Row.</param>
    /// <param name="z">Plane.</param>
    /// <returns>The last x from 0 that belongs to the result.</returns>
    internal int LastInside(int y, int z)
    {
        var half = GridSize / 2;
        var rest = (Radius * Radius) - ((double)y * y) - ((double)z * z);
        return rest < 0 || Math.Abs(y) >= half || Math.Abs(z) >= half ? -1 : Math.Min((int)Math.Sqrt(rest), half - 1);
    }

    /// <summary>Cells stored of row (y, z): from x = -1 to two cells past the last coefficient whose kernel reaches the row.</summary>
    private int RowCells(int y, int z)
    {
        double ny = Math.Max(0, Math.Abs(y) - 2), nz = Math.Max(0, Math.Abs(z) - 2);
        var rest = (Radius * Radius) - (ny * ny) - (nz * nz);
        // Half a cell of slack, so that rounding of a coefficient's place can never write past its row.
        return rest < -Radius ? 0 : (int)Math.Floor(Math.Sqrt(Math.Max(0, rest)) + 0.5) + 4;
    }
}
