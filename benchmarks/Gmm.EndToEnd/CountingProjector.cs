using Gmm.Core;

namespace Gmm.EndToEnd;

/// <summary>Counts the calls to a projector.</summary>
internal sealed class CountingProjector(IProjector<float> inner) : IProjector<float>
{
    private int _values;
    private int _derivatives;

    public GaussianModel Model => inner.Model;

    public FourierDisc Disc => inner.Disc;

    /// <summary>Projections without and with derivatives.</summary>
    public (int Values, int Derivatives) Calls => (_values, _derivatives);

    public IProjectorScratch CreateScratch() => inner.CreateScratch();

    public void Project(in Pose pose, Span<float> re, Span<float> im, IProjectorScratch scratch)
    {
        Interlocked.Increment(ref _values);
        inner.Project(pose, re, im, scratch);
    }

    public void ProjectWithPoseDerivatives(in Pose pose, PoseJacobian<float> result, IProjectorScratch scratch)
    {
        Interlocked.Increment(ref _derivatives);
        inner.ProjectWithPoseDerivatives(pose, result, scratch);
    }

    public void VectorJacobianProduct(
        in Pose pose, ReadOnlySpan<float> gradientRe, ReadOnlySpan<float> gradientIm, ModelGradient<float>? modelGradient, Span<float> poseGradient,
        IProjectorScratch scratch) =>
        inner.VectorJacobianProduct(pose, gradientRe, gradientIm, modelGradient, poseGradient, scratch);
}
