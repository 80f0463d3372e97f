using System.Numerics;

namespace Gmm.Core;

/// <summary>
/// Projects one <see cref="GaussianModel"/> at any pose onto the coefficients of a <see cref="FourierDisc"/>:
/// P(k) = sum_j a_j exp(-2 pi^2 s_j^2 |k|^2) exp(-2 pi i k.u_j), u_j = (A c_j)_xy + t.
/// </summary>
/// <remarks>
/// A projector is bound to its model and its disc when it is made, never changes, and can be shared by threads; each thread brings
/// a scratch of its own from <see cref="CreateScratch"/>. P is in density times cubic angstrom: an image of pixel size A has the discrete
/// transform P / A^3.
/// <example>
/// <code>
/// var disc = FourierDisc.ForResolution(imageSize: 160, pixelSize: 1.4, resolution: 4);
/// IProjector&lt;float&gt; projector = new GriddingProjector(model, disc);
/// var scratch = projector.CreateScratch();
/// float[] re = new float[disc.Count], im = new float[disc.Count];
/// projector.Project(pose, re, im, scratch);
/// </code>
/// </example>
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
public interface IProjector<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The model projected.</summary>
    GaussianModel Model { get; }

    /// <summary>The coefficients computed.</summary>
    FourierDisc Disc { get; }

    /// <summary>Makes the working memory that one thread needs.</summary>
    /// <returns>A scratch for this projector only.</returns>
    IProjectorScratch CreateScratch();

    /// <summary>The projection.</summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="re">Real parts, Disc.Count values.</param>
    /// <param name="im">Imaginary parts, Disc.Count values.</param>
    /// <param name="scratch">This thread's scratch.</param>
    void Project(in Pose pose, Span<T> re, Span<T> im, IProjectorScratch scratch);

    /// <summary>The projection and its five derivatives with respect to a pose step (see <see cref="Pose.Step"/>).</summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="result">Receives the six images.</param>
    /// <param name="scratch">This thread's scratch.</param>
    void ProjectWithPoseDerivatives(in Pose pose, PoseJacobian<T> result, IProjectorScratch scratch);

    /// <summary>
    /// The vector-Jacobian product: given the derivatives of a scalar loss with respect to the real and imaginary parts of P, adds the
    /// loss's derivatives with respect to every Gaussian and to a pose step.
    /// </summary>
    /// <param name="pose">Where the model is seen.</param>
    /// <param name="gradientRe">dLoss/dRe P, Disc.Count values.</param>
    /// <param name="gradientIm">dLoss/dIm P, Disc.Count values.</param>
    /// <param name="modelGradient">The model's derivatives are added to these columns; null where they are not wanted.</param>
    /// <param name="poseGradient">Five values to which the pose step's derivatives are added: three per radian, two per angstrom.</param>
    /// <param name="scratch">This thread's scratch.</param>
    void VectorJacobianProduct(
        in Pose pose,
        ReadOnlySpan<T> gradientRe,
        ReadOnlySpan<T> gradientIm,
        ModelGradient<T>? modelGradient,
        Span<T> poseGradient,
        IProjectorScratch scratch);
}
