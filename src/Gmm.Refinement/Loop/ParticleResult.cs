using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>What an iteration found for one particle; the uncertainty is that of the pose, NaN where the score gives none.</summary>
/// <param name="Pose">The pose.</param>
/// <param name="Correlation">Correlation of image and projection at that pose.</param>
/// <param name="RotationSigmaDegrees">Standard deviation of the rotation, three axes together, degrees.</param>
/// <param name="ShiftSigmaAngstrom">Standard deviation of the shift, both axes together, angstrom.</param>
/// <param name="Status">How its optimization ended.</param>
public readonly record struct ParticleResult(
    Pose Pose, double Correlation, double RotationSigmaDegrees, double ShiftSigmaAngstrom, PoseStatus Status)
{
    /// <summary>Scale of the signal in the image, in place of the particle's own (<see cref="Gmm.Core.CtfParameters.ScaleFactor"/>).</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Standard deviation of the image's own estimate of its scale; NaN where there is none.</summary>
    public double ScaleSigma { get; init; } = double.NaN;

    /// <summary>Weight of the image (<see cref="Gmm.Core.Particle.Weight"/>).</summary>
    public float Weight { get; init; } = 1;

    /// <summary>The poses alone, read where the results are.</summary>
    internal static IReadOnlyList<Pose> PosesOf(IReadOnlyList<ParticleResult> particles) => new MappedList<Pose>(particles.Count, i => particles[i].Pose);
}
