using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Heterogeneity;

/// <summary>One thread's memory and the work on one particle: its features, the score of a deformed model and its derivatives.</summary>
internal sealed class MotionWorker
{
    private readonly MotionReference?[] _references;
    private readonly IProjectorScratch?[] _scratch;
    private readonly WhitenedImage?[] _image;
    private readonly WhitenedImage?[] _lowImage;
    private readonly float[] _projectionRe;
    private readonly float[] _projectionIm;
    private readonly float[] _re;
    private readonly float[] _im;
    private readonly float[] _transfer;
    private readonly ModelGradient<float> _gradient;
    private readonly GaussianModel _model;
    private readonly float[] _poseGradient = new float[Pose.ParameterCount];
    private float[] _derivativeRe = [];
    private float[] _derivativeIm = [];
    private ModelDeformation[] _velocities = [];
    private Pose _pose;
    private int _group;

    /// <summary>Makes the memory.</summary>
    /// <param name="references">The references of the half.</param>
    /// <param name="model">The neutral model.</param>
    public MotionWorker(MotionReference?[] references, GaussianModel model)
    {
        _references = references;
        _model = model;
        _scratch = new IProjectorScratch?[references.Length];
        _image = new WhitenedImage?[references.Length];
        _lowImage = new WhitenedImage?[references.Length];
        var count = references.Max(r => r?.Disc.Count ?? 0);
        (_re, _im, _transfer) = (new float[count], new float[count], new float[count]);
        (_projectionRe, _projectionIm) = (new float[count], new float[count]);
        _gradient = new ModelGradient<float>(model.Count);
        Deformation = new ModelDeformation(model.Count);
    }

    /// <summary>The deformation that is scored.</summary>
    public ModelDeformation Deformation { get; }

    /// <summary>Room for the particle's coefficients, real parts, to be filled before <see cref="Load"/> as the imaginary parts and the transfer are.</summary>
    public Span<float> Re(int group) => _re.AsSpan(0, _references[group]!.Disc.Count);

    /// <summary>Imaginary parts.</summary>
    public Span<float> Im(int group) => _im.AsSpan(0, _references[group]!.Disc.Count);

    /// <summary>Room for the particle's transfer.</summary>
    public Span<float> Transfer(int group) => _transfer.AsSpan(0, _references[group]!.Disc.Count);

    private MotionReference Reference => _references[_group]!;

    /// <summary>Makes the particle whose coefficients are in <see cref="Re"/> and <see cref="Im"/> and whose CTF is in <see cref="Transfer"/> ready.</summary>
    /// <param name="particle">Its pose.</param>
    public void Load(Particle particle)
    {
        (_group, _pose) = (particle.OpticsIndex, particle.Pose);
        var reference = Reference;
        _scratch[_group] ??= reference.Projector.CreateScratch();
        (_image[_group] ??= reference.Scorer.CreateImage()).Prepare(Re(_group), Im(_group), Transfer(_group));
    }

    /// <summary>The neutral model's score and, at the anchors, its gradient in the lower band and in the full one, then the view.</summary>
    /// <param name="anchors">Pulls gradients back to the anchors.</param>
    /// <param name="features">2 ControlCount + 3 values.</param>
    /// <returns>The objective of the neutral model.</returns>
    public double Features(AnchorDeformer anchors, Span<float> features)
    {
        var reference = Reference;
        var n = anchors.ControlCount;
        Span<float> re = _projectionRe.AsSpan(0, reference.Disc.Count), im = _projectionIm.AsSpan(0, reference.Disc.Count);
        reference.Projector.Project(_pose, re, im, _scratch[_group]!);

        var low = reference.LowScorer.Disc.Count;
        var lowImage = _lowImage[_group] ??= reference.LowScorer.CreateImage();
        lowImage.Prepare(_re.AsSpan(0, low), _im.AsSpan(0, low), _transfer.AsSpan(0, low));
        float[] lowRe = re.ToArray(), lowIm = im.ToArray();
        lowImage.Differentiate(lowRe, lowIm);
        lowRe.AsSpan(low).Clear();
        lowIm.AsSpan(low).Clear();
        PullBackNeutral(anchors, lowRe, lowIm, features[..n]);

        var score = _image[_group]!.Differentiate(re, im);
        PullBackNeutral(anchors, re, im, features.Slice(n, n));
        var a = _pose.Rotation;
        (features[2 * n], features[(2 * n) + 1], features[(2 * n) + 2]) = ((float)a.M20, (float)a.M21, (float)a.M22);
        return score.Objective;
    }

    /// <summary>The gradient at the anchors that an image with other noise would give, full band.</summary>
    /// <param name="anchors">Pulls gradients back to the anchors.</param>
    /// <param name="random">Draws the noise.</param>
    /// <param name="result">ControlCount values.</param>
    public void NoiseFeatures(AnchorDeformer anchors, ref SeededGenerator random, Span<float> result)
    {
        var reference = Reference;
        var count = reference.Disc.Count;
        Span<float> re = _projectionRe.AsSpan(0, count), im = _projectionIm.AsSpan(0, count);
        reference.Projector.Project(_pose, re, im, _scratch[_group]!);
        float[] noiseRe = new float[count], noiseIm = new float[count];
        for (var i = 0; i < count; i++)
        {
            (noiseRe[i], noiseIm[i]) = ((float)random.Normal(), (float)random.Normal());
        }

        _image[_group]!.DifferentiateNoise(re, im, noiseRe, noiseIm);
        PullBackNeutral(anchors, re, im, result);
    }

    /// <summary>The score of the model deformed by controls.</summary>
    /// <param name="deformer">From controls to Gaussians.</param>
    /// <param name="controls">The controls.</param>
    /// <returns>The objective; NaN where a Gaussian would leave the box by more than its length, which is no motion but weights that have diverged.</returns>
    public double Score(IDeformer deformer, ReadOnlySpan<float> controls)
    {
        var reference = Reference;
        Span<float> re = _projectionRe.AsSpan(0, reference.Disc.Count), im = _projectionIm.AsSpan(0, reference.Disc.Count);
        deformer.Apply(controls, Deformation);
        if (!IsInReach(_model, Deformation))
        {
            return double.NaN;
        }

        reference.Projector.Project(_pose, Deformation, re, im, _scratch[_group]!);
        return _image[_group]!.Differentiate(re, im).Objective;
    }

    /// <summary>The score of the model deformed by controls and its derivatives with respect to them.</summary>
    /// <param name="deformer">From controls to Gaussians.</param>
    /// <param name="controls">The controls.</param>
    /// <param name="derivatives">Receives ControlCount values.</param>
    /// <returns>The objective.</returns>
    public double Score(IDeformer deformer, ReadOnlySpan<float> controls, Span<float> derivatives)
    {
        var objective = Score(deformer, controls);
        if (double.IsNaN(objective))
        {
            derivatives.Clear();
            return objective;
        }

        var reference = Reference;
        _gradient.Clear();
        reference.Projector.VectorJacobianProduct(
            _pose, Deformation, _projectionRe.AsSpan(0, reference.Disc.Count), _projectionIm.AsSpan(0, reference.Disc.Count), _gradient, _poseGradient,
            _scratch[_group]!);
        ToRelative();
        deformer.PullToControls(controls, _gradient, derivatives);
        return objective;
    }

    /// <summary>The score at a latent point, with gradient and Gauss-Newton matrix.</summary>
    /// <param name="decoder">The decoder.</param>
    /// <param name="latent">The point.</param>
    /// <param name="gradient">One value per latent coordinate.</param>
    /// <param name="information">d x d values.</param>
    /// <returns>The objective.</returns>
    public double Score(IDeformationDecoder decoder, ReadOnlySpan<float> latent, Span<double> gradient, Span<double> information)
    {
        var reference = Reference;
        int d = decoder.LatentDimension, count = reference.Disc.Count;
        Reserve(d, count);
        decoder.Decode(latent, Deformation);
        if (!IsInReach(_model, Deformation))
        {
            gradient.Clear();
            information.Clear();
            return double.NegativeInfinity;
        }

        decoder.Velocities(latent, _velocities);
        Span<float> re = _projectionRe.AsSpan(0, count), im = _projectionIm.AsSpan(0, count);
        reference.Projector.Project(_pose, Deformation, re, im, _scratch[_group]!);
        for (var k = 0; k < d; k++)
        {
            reference.Projector.ProjectVelocity(
                _pose, Deformation, _velocities[k], _derivativeRe.AsSpan(k * count, count), _derivativeIm.AsSpan(k * count, count), _scratch[_group]!);
        }

        return _image[_group]!.Evaluate(
            re, im, _derivativeRe.AsSpan(0, d * count), _derivativeIm.AsSpan(0, d * count), gradient, information).Objective;
    }

    /// <summary>Whether no Gaussian leaves the box by more than its length.</summary>
    public static bool IsInReach(GaussianModel model, ModelDeformation deformation)
    {
        var reach = (float)model.BoxLength;
        return TensorPrimitives.MaxMagnitude<float>(deformation.X) is var x && x >= -reach && x <= reach
            && TensorPrimitives.MaxMagnitude<float>(deformation.Y) is var y && y >= -reach && y <= reach
            && TensorPrimitives.MaxMagnitude<float>(deformation.Z) is var z && z >= -reach && z <= reach;
    }

    private void Reserve(int d, int count)
    {
        if (_velocities.Length < d)
        {
            _velocities = [.. Enumerable.Range(0, d).Select(_ => new ModelDeformation(_model.Count))];
        }

        if (_derivativeRe.Length < d * count)
        {
            (_derivativeRe, _derivativeIm) = (new float[d * count], new float[d * count]);
        }
    }

    private void PullBackNeutral(AnchorDeformer anchors, ReadOnlySpan<float> re, ReadOnlySpan<float> im, Span<float> result)
    {
        _gradient.Clear();
        Reference.Projector.VectorJacobianProduct(_pose, re, im, _gradient, _poseGradient, _scratch[_group]!);
        ToRelative();
        anchors.PullToControls([], _gradient, result);
    }

    /// <summary>Derivatives with respect to amplitudes become those with respect to their relative change.</summary>
    private void ToRelative() => TensorPrimitives.Multiply(_gradient.Amplitudes, _model.Amplitudes, _gradient.Amplitudes);
}
