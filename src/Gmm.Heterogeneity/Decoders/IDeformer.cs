using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>
/// From a few control numbers, which a decoder's weights make of each latent point, to the deformation of every Gaussian of one model. Controls of 0
/// are the neutral model. Safe on many threads: the methods run for many particles at once and may keep nothing.
/// </summary>
public interface IDeformer
{
    /// <summary>Number of controls; all should be of the order of an angstrom of motion.</summary>
    int ControlCount { get; }

    /// <summary>The deformation.</summary>
    /// <param name="controls">ControlCount values.</param>
    /// <param name="result">Receives it: displacements in angstrom, relative changes of amplitude. Every value is written.</param>
    void Apply(ReadOnlySpan<float> controls, ModelDeformation result);

    /// <summary>The derivatives of a scalar with respect to the controls, given those with respect to the deformation.</summary>
    /// <param name="controls">ControlCount values.</param>
    /// <param name="gradient">Derivatives with respect to displacements (X, Y, Z) and relative changes of amplitude (Amplitudes).</param>
    /// <param name="result">Receives ControlCount values.</param>
    void PullToControls(ReadOnlySpan<float> controls, ModelGradient<float> gradient, Span<float> result);

    /// <summary>The rate of change of the deformation when the controls change at given rates.</summary>
    /// <param name="controls">ControlCount values.</param>
    /// <param name="rates">ControlCount rates.</param>
    /// <param name="result">Receives the rates. Every value is written.</param>
    void Velocity(ReadOnlySpan<float> controls, ReadOnlySpan<float> rates, ModelDeformation result);

    /// <summary>
    /// Controls whose deformation is, for small ones, like a given one: by default least squares over the velocities at rest, which suits a handful
    /// of controls.
    /// </summary>
    /// <param name="target">The deformation.</param>
    /// <param name="controls">Receives ControlCount values; left as they are where the motions of the controls are not independent.</param>
    void Fit(ModelDeformation target, Span<float> controls)
    {
        ArgumentNullException.ThrowIfNull(target);
        DeformerFit.AtRest(this, target, controls);
    }
}
