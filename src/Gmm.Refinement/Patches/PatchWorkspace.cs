using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// One thread's images for a <see cref="PatchReference"/>: the whitened particle, what stays still in it, and the projections of the moving parts.
/// </summary>
internal sealed class PatchWorkspace
{
    private readonly WhitenedImage _whitened;
    private readonly PoseJacobian<float> _part;
    private readonly IProjectorScratch[] _scratch;
    private readonly IProjectorScratch? _stillScratch;
    private readonly float[] _wholeRe, _wholeIm, _restRe, _restIm, _sumRe, _sumIm;

    // The derivative images of all patches that are solved together; of one alone they stay where they were made.
    private readonly float[] _derivativeRe, _derivativeIm;

    public PatchWorkspace(PatchReference reference)
    {
        Reference = reference;
        var n = reference.Disc.Count;
        _whitened = reference.Scorer.CreateImage();
        _part = new PoseJacobian<float>(reference.Disc);
        _scratch = [.. reference.Moving.Select(m => m.CreateScratch())];
        _stillScratch = reference.Still?.CreateScratch();
        Image = new ParticleImage(reference.Disc, reference.EwaldSign);
        (_wholeRe, _wholeIm, _restRe, _restIm, _sumRe, _sumIm) = (new float[n], new float[n], new float[n], new float[n], new float[n], new float[n]);
        var images = reference.Bodies.Joint ? reference.Count * Pose.ParameterCount : 0;
        (_derivativeRe, _derivativeIm) = (new float[images * n], new float[images * n]);
    }

    public PatchReference Reference { get; }

    /// <summary>The particle; to be read before <see cref="Prepare"/>.</summary>
    public ParticleImage Image { get; }

    /// <summary>Takes the image and projects, once for all patches, what the reference holds besides the moving parts.</summary>
    public void Prepare(in Pose consensus)
    {
        _whitened.Prepare(Image.Re, Image.Im, Image.ScorerTransfer);
        if (Reference.Still is { } still)
        {
            Image.Project(still, consensus, _wholeRe, _wholeIm, _stillScratch!);
        }

        _wholeRe.CopyTo(_restRe, 0);
        _wholeIm.CopyTo(_restIm, 0);
    }

    /// <summary>Makes the rest of a patch: the whole without the patch's own part at the consensus pose (in the patch's frame).</summary>
    public void TakeOut(int patch, in Pose consensus)
    {
        Image.Project(Reference.Moving[patch], consensus, _part.Re, _part.Im, _scratch[patch]);
        TensorPrimitives.Subtract(_wholeRe, _part.Re, _restRe);
        TensorPrimitives.Subtract(_wholeIm, _part.Im, _restIm);
    }

    /// <summary>The score of patches first..first+count-1 at poses in their frames, with gradient (5 count) and Gauss-Newton matrix.</summary>
    public PoseScore Evaluate(int first, int count, ReadOnlySpan<Pose> poses, Span<double> gradient, Span<double> information)
    {
        _restRe.CopyTo(_sumRe, 0);
        _restIm.CopyTo(_sumIm, 0);
        Span<float> derivativeRe = count > 1 ? _derivativeRe : _part.DerivativesRe, derivativeIm = count > 1 ? _derivativeIm : _part.DerivativesIm;
        for (var k = 0; k < count; k++)
        {
            Image.ProjectWithPoseDerivatives(Reference.Moving[first + k], poses[k], _part, _scratch[first + k]);
            TensorPrimitives.Add(_sumRe, _part.Re, _sumRe);
            TensorPrimitives.Add(_sumIm, _part.Im, _sumIm);
            if (count > 1)
            {
                var length = _part.DerivativesRe.Length;
                _part.DerivativesRe.CopyTo(derivativeRe[(k * length)..]);
                _part.DerivativesIm.CopyTo(derivativeIm[(k * length)..]);
            }
        }

        return _whitened.Evaluate(_sumRe, _sumIm, derivativeRe, derivativeIm, gradient, information);
    }
}
