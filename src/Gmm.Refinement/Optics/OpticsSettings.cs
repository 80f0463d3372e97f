using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What an <see cref="OpticsEstimator"/> works with.</summary>
/// <param name="Terms">Which terms.</param>
/// <param name="Projector">Makes the projectors of the models.</param>
/// <param name="NoiseParticles">Particles of each half and optics group on which the noise is measured.</param>
/// <param name="KeepPoses">Whether poses stay as they are given.</param>
internal sealed record OpticsSettings(OpticsOptions Terms, IProjectorFactory Projector, int NoiseParticles, bool KeepPoses);
