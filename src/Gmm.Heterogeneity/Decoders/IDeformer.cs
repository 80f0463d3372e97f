using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>From a few control numbers, of which a network makes each latent point's, to the deformation of every Gaussian. Controls of 0 are the neutral model.</summary>
internal interface IDeformer
{
    /// <summary>Number of controls; all are of the order of an angstrom.</summary>
    int ControlCount { get; }

    /// <summary>The deformation.</summary>
    void Apply(ReadOnlySpan<float> controls, ModelDeformation result);

    /// <summary>The derivatives with respect to the controls, given those with respect to the deformation.</summary>
    void PullBack(ReadOnlySpan<float> controls, ModelGradient<float> gradient, Span<float> result);

    /// <summary>The rate of change of the deformation when the controls change at given rates.</summary>
    void Velocity(ReadOnlySpan<float> controls, ReadOnlySpan<float> rates, ModelDeformation result);

    /// <summary>Controls whose deformation is, for small ones, like a given one.</summary>
    void Fit(ModelDeformation target, Span<float> controls);
}
