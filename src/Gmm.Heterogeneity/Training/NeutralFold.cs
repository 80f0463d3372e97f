using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>A neutral model and what comparing particles with it needs.</summary>
/// <param name="Model">The model.</param>
/// <param name="Mask">The focus mask at each of its Gaussians.</param>
/// <param name="Features">Pulls gradients back to the anchors.</param>
/// <param name="References">Projector, score and noise of each optics group.</param>
internal sealed record NeutralFold(GaussianModel Model, float[] Mask, AnchorDeformer Features, MotionReference?[] References)
{
    /// <summary>Makes it; the noise is measured on the particles that will be compared with it.</summary>
    public static NeutralFold Make(
        IParticleSource source, int[] members, GaussianModel model, AnchorSet anchors, HeterogeneityOptions options, CancellationToken cancellationToken)
    {
        var mask = FocusWeights.Of(model, options.Focus);
        return new NeutralFold(
            model, mask, new AnchorDeformer(model, anchors, mask, options.Decoder.ChangesAmplitudes),
            MotionReference.Make(source, members, model, options, cancellationToken));
    }
}
