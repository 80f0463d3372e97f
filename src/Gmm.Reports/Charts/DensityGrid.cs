namespace Gmm.Reports;

/// <summary>The cells of a two-dimensional histogram.</summary>
/// <param name="Left">Where the first column begins.</param>
/// <param name="Bottom">Where the first row begins.</param>
/// <param name="CellWidth">Width of a cell.</param>
/// <param name="CellHeight">Height of a cell.</param>
/// <param name="Columns">Cells in a row.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Counts">Points in each cell, row by row from the lowest.</param>
internal sealed record DensityGrid(double Left, double Bottom, double CellWidth, double CellHeight, int Columns, int Rows, int[] Counts);
