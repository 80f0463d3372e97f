using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>Where models are fitted.</summary>
/// <param name="Mask">The mask that multiplies the half maps.</param>
/// <param name="IsRegion">Whether it is a part of the structure, to which a number of Gaussians given for the whole does not apply.</param>
/// <param name="Resolution">The resolution of the fit, angstrom.</param>
internal readonly record struct FitArea(SolventMask Mask, bool IsRegion, double Resolution);
