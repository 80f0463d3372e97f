using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>Images that are scored together, of one optics group, each with its pose and its deformation of the neutral model.</summary>
public sealed class MotionBatch
{
    private readonly float[] _re;
    private readonly float[] _im;
    private readonly float[] _transfers;

    /// <summary>Makes a batch.</summary>
    /// <param name="poses">The pose of each image.</param>
    /// <param name="re">Real parts of the images' coefficients on the scorer's disc, image by image.</param>
    /// <param name="im">Imaginary parts.</param>
    /// <param name="transfers">What multiplies projections in the images.</param>
    /// <param name="deformations">How the model is deformed for each image.</param>
    /// <exception cref="ArgumentException">Numbers of images or coefficients that differ.</exception>
    public MotionBatch(IReadOnlyList<Pose> poses, float[] re, float[] im, float[] transfers, IReadOnlyList<ModelDeformation> deformations)
    {
        ArgumentNullException.ThrowIfNull(poses);
        ArgumentNullException.ThrowIfNull(re);
        ArgumentNullException.ThrowIfNull(im);
        ArgumentNullException.ThrowIfNull(transfers);
        ArgumentNullException.ThrowIfNull(deformations);
        if (deformations.Count != poses.Count || im.Length != re.Length || transfers.Length != re.Length)
        {
            throw new ArgumentException("The parts of a batch differ in length.", nameof(deformations));
        }

        (Poses, _re, _im, _transfers, Deformations) = (poses, re, im, transfers, deformations);
    }

    /// <summary>The pose of each image.</summary>
    public IReadOnlyList<Pose> Poses { get; }

    /// <summary>Real parts, image by image.</summary>
    public ReadOnlySpan<float> Re => _re;

    /// <summary>Imaginary parts.</summary>
    public ReadOnlySpan<float> Im => _im;

    /// <summary>What multiplies projections in the images.</summary>
    public ReadOnlySpan<float> Transfers => _transfers;

    /// <summary>How the model is deformed for each image.</summary>
    public IReadOnlyList<ModelDeformation> Deformations { get; }
}
