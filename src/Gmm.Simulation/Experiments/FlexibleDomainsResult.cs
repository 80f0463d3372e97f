using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Simulation;

/// <summary>What is measured of one region of one structure.</summary>
/// <param name="Asked">Resolution that the region was blurred to, angstrom.</param>
/// <param name="Displacement">How far its atoms were moved, root mean square, angstrom.</param>
/// <param name="Reached">Resolution at which the noise-free half falls below 0.378 = sqrt(0.143) against the truth, angstrom.</param>
/// <param name="HalfMaps">FSC of the noisy half maps in the region's core, away from the other region, corrected for the mask.</param>
/// <param name="Truth">FSC of the noisy average against the true map in the region's core.</param>
/// <param name="LocalMedian">Median of the local resolution in the region's core, angstrom.</param>
/// <param name="QScore">Mean Q-score of the region's atoms in the map filtered to local resolution.</param>
public sealed record FlexibleRegion(
    double Asked, double Displacement, double Reached, FscCurve HalfMaps, FscCurve Truth, double LocalMedian, double QScore);

/// <summary>One structure: its half maps and what they show.</summary>
/// <param name="FlexibleResolution">Resolution that its flexible chains were blurred to, angstrom.</param>
/// <param name="Half1">Half map 1 with noise.</param>
/// <param name="Half2">Half map 2 with noise.</param>
/// <param name="LocalResolution">Local resolution, and the mean map filtered to it.</param>
/// <param name="NoiseSd">Standard deviation of the noise, grey values.</param>
/// <param name="Global">FSC of the half maps, unmasked: the paper's curve.</param>
/// <param name="SameNoise">The same, but with the noise level of the first structure, so that the better half does not bring more noise with it.</param>
/// <param name="NoiseFree">The same without noise.</param>
/// <param name="Masked">FSC of the half maps in the mask of the whole molecule, corrected for the mask.</param>
/// <param name="Rigid">The rigid chains.</param>
/// <param name="Flexible">The flexible chains.</param>
public sealed record FlexibleStructure(
    double FlexibleResolution, HalfMap Half1, HalfMap Half2, LocalResolutionResult LocalResolution, double NoiseSd,
    FscCurve Global, FscCurve SameNoise, FscCurve NoiseFree, FscCurve Masked, FlexibleRegion Rigid, FlexibleRegion Flexible);

/// <summary>The experiment's result.</summary>
/// <param name="Structures">One structure for each resolution of the flexible chains, in the order asked for.</param>
/// <param name="RigidMask">Mask of the rigid chains' core: their atoms at rest that are far from the flexible ones.</param>
/// <param name="FlexibleMask">Mask of the flexible chains' core.</param>
/// <param name="Origin">Place of the first voxel's centre in the model's frame, angstrom.</param>
public sealed record FlexibleDomainsResult(
    IReadOnlyList<FlexibleStructure> Structures, SolventMask RigidMask, SolventMask FlexibleMask, (double X, double Y, double Z) Origin);
