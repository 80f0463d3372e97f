using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// The pose of a tilt series: of the particle in the frame of its first image, and each image's own shift beside it.
/// </summary>
/// <param name="Rotation">The rotation of the first image.</param>
/// <param name="Shift">How far the particle is, in that image's frame, from where the source has it: three values, angstrom.</param>
/// <param name="Own">Each image's own shift, x and y, angstrom.</param>
internal sealed record SeriesPose(Rotation Rotation, (double X, double Y, double Z) Shift, (double X, double Y)[] Own);
