using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The two unfiltered half maps of a particle set, and their mean.</summary>
/// <param name="Half1">Map of the particles of half 1.</param>
/// <param name="Half2">Map of the particles of half 2.</param>
/// <param name="Sum">The mean of the two, voxel by voxel, as RELION's post-processing makes it.</param>
/// <param name="Count1">Particles in half 1.</param>
/// <param name="Count2">Particles in half 2.</param>
public sealed record HalfMapPair(HalfMap Half1, HalfMap Half2, DensityMap Sum, int Count1, int Count2);
