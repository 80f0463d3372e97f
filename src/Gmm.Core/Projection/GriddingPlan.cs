namespace Gmm.Core;

/// <summary>
/// What a <see cref="GriddingProjector"/> deposits and how its grid becomes coefficients: for the same projection elsewhere, on a graphics card.
/// </summary>
/// <param name="GridSize">Side of the grid, cells.</param>
/// <param name="CellsPerAngstrom">Cells of the grid to an angstrom.</param>
/// <param name="X">X of the centres, angstrom from the box centre, in the deposit's order.</param>
/// <param name="Y">Y of the centres.</param>
/// <param name="Z">Z of the centres.</param>
/// <param name="Amplitude">Integrals of the Gaussians.</param>
/// <param name="InverseTwoVariance">1 / 2v, v the variance deposited, square cells.</param>
/// <param name="Norm">1 / (2 pi v).</param>
/// <param name="Runs">Footprints, of Gaussians that stand together.</param>
/// <param name="Correction">By what a coefficient of the grid's transform is multiplied: the common variance divided out, and the sign of the origin.</param>
internal sealed record GriddingPlan(
    int GridSize,
    double CellsPerAngstrom,
    float[] X,
    float[] Y,
    float[] Z,
    float[] Amplitude,
    float[] InverseTwoVariance,
    float[] Norm,
    GriddingKernels.Run[] Runs,
    float[] Correction);
