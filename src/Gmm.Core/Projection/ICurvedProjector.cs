namespace Gmm.Core;

/// <summary>
/// A projector of models on the Ewald sphere (docs/optics.md#the-ewald-sphere): an image is E T + O U, T the transfer, U its quadrature,
/// E = sum_j cos(theta_j) P_j and O = -sum_j sin(theta_j) P_j, theta_j = sign pi lambda |k|^2 z_j of Gaussian j at height z_j of the image's frame.
/// </summary>
internal interface ICurvedProjector
{
    /// <summary>The two projections.</summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="signedWavelength">The wavelength, angstrom, times the sign of the curvature.</param>
    /// <param name="even">Receives E; its derivative images are left alone.</param>
    /// <param name="odd">Receives O.</param>
    /// <param name="scratch">This thread's scratch.</param>
    void ProjectCurved(in Pose pose, double signedWavelength, PoseJacobian<float> even, PoseJacobian<float> odd, IProjectorScratch scratch);

    /// <summary>The two projections and the five derivatives of each with respect to a pose step.</summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="signedWavelength">The wavelength, angstrom, times the sign of the curvature.</param>
    /// <param name="even">Receives E.</param>
    /// <param name="odd">Receives O.</param>
    /// <param name="scratch">This thread's scratch.</param>
    void ProjectCurvedWithPoseDerivatives(
        in Pose pose, double signedWavelength, PoseJacobian<float> even, PoseJacobian<float> odd, IProjectorScratch scratch);
}
