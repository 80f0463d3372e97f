using System.Numerics.Tensors;
using Gmm.Core;
using Gmm.Maps;

namespace Gmm.Refinement;

/// <summary>
/// A particle's coefficients, and what makes an image of a projection: the transfer T, or on the Ewald sphere T times the even projection plus U times the
/// odd one, U the transfer's quadrature (docs/optics.md#the-ewald-sphere). Of one thread, used again for the next particle.
/// </summary>
internal sealed class ParticleImage
{
    private readonly Dictionary<FourierDisc, (PoseJacobian<float> Even, PoseJacobian<float> Odd)> _curved = [];
    private readonly int _ewaldSign;
    private readonly float[] _quadrature;
    private readonly float[] _ones;
    private double _signedWavelength;

    /// <summary>Makes the memory.</summary>
    /// <param name="disc">The finest coefficients.</param>
    /// <param name="ewaldSign">Sign of the Ewald sphere's curvature; 0 for the plane.</param>
    public ParticleImage(FourierDisc disc, int ewaldSign = 0)
    {
        _ewaldSign = ewaldSign;
        (Re, Im, Transfer) = (new float[disc.Count], new float[disc.Count], new float[disc.Count]);
        (_quadrature, _ones) = ewaldSign == 0 ? ([], []) : (new float[disc.Count], new float[disc.Count]);
        Array.Fill(_ones, 1f);
    }

    /// <summary>Real parts.</summary>
    public float[] Re { get; }

    /// <summary>Imaginary parts.</summary>
    public float[] Im { get; }

    /// <summary>T.</summary>
    public float[] Transfer { get; }

    /// <summary>What a scorer has to multiply what is projected here by: T, or 1 where that is in it already.</summary>
    public ReadOnlySpan<float> ScorerTransfer => _ewaldSign == 0 ? Transfer : _ones;

    /// <summary>Reads a particle.</summary>
    /// <param name="images">Reads the images.</param>
    /// <param name="index">The particle.</param>
    /// <returns>False where its image holds nothing.</returns>
    /// <exception cref="InvalidInputException">The image cannot be read.</exception>
    public bool Read(ParticleImages images, int index)
    {
        if (!images.Read(index, Re, Im, Transfer))
        {
            return false;
        }

        if (_ewaldSign != 0)
        {
            var ctf = images.Source.Particles[index].Ctf;
            _signedWavelength = _ewaldSign * ctf.WavelengthAngstrom;
            images.FillTransfer(index, ctf.Quadrature, _quadrature);
        }

        return true;
    }

    /// <summary>Takes a coefficient of another image of the same sign; one that is not kept becomes 0 in all, so that it counts in nothing.</summary>
    /// <param name="from">The other image; it may be this one.</param>
    /// <param name="j">The coefficient.</param>
    /// <param name="kept">Whether it is kept.</param>
    public void Take(ParticleImage from, int j, bool kept)
    {
        (Re[j], Im[j], Transfer[j]) = kept ? (from.Re[j], from.Im[j], from.Transfer[j]) : (0, 0, 0);
        if (_ewaldSign != 0)
        {
            _quadrature[j] = kept ? from._quadrature[j] : 0;
            _signedWavelength = from._signedWavelength;
        }
    }

    /// <summary>A model as this particle shows it, but for <see cref="ScorerTransfer"/>.</summary>
    /// <param name="projector">Projects it, on a disc that is the first part of the finest.</param>
    /// <param name="pose">Where it is seen.</param>
    /// <param name="re">Receives the real parts.</param>
    /// <param name="im">Receives the imaginary parts.</param>
    /// <param name="scratch">The projector's scratch.</param>
    public void Project(IProjector<float> projector, in Pose pose, Span<float> re, Span<float> im, IProjectorScratch scratch)
    {
        if (_ewaldSign == 0)
        {
            projector.Project(pose, re, im, scratch);
            return;
        }

        var (even, odd) = Curved(projector.Disc);
        ((ICurvedProjector)projector).ProjectCurved(pose, _signedWavelength, even, odd, scratch);
        Combine(even.Re, odd.Re, re);
        Combine(even.Im, odd.Im, im);
    }

    /// <summary>The same with its derivatives by a pose step.</summary>
    /// <param name="projector">Projects it.</param>
    /// <param name="pose">Where it is seen.</param>
    /// <param name="result">Receives the six images.</param>
    /// <param name="scratch">The projector's scratch.</param>
    public void ProjectWithPoseDerivatives(IProjector<float> projector, in Pose pose, PoseJacobian<float> result, IProjectorScratch scratch)
    {
        if (_ewaldSign == 0)
        {
            projector.ProjectWithPoseDerivatives(pose, result, scratch);
            return;
        }

        var (even, odd) = Curved(projector.Disc);
        ((ICurvedProjector)projector).ProjectCurvedWithPoseDerivatives(pose, _signedWavelength, even, odd, scratch);
        Combine(even.Re, odd.Re, result.Re);
        Combine(even.Im, odd.Im, result.Im);
        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            Combine(even.DerivativeRe(p), odd.DerivativeRe(p), result.DerivativeRe(p));
            Combine(even.DerivativeIm(p), odd.DerivativeIm(p), result.DerivativeIm(p));
        }
    }

    private (PoseJacobian<float> Even, PoseJacobian<float> Odd) Curved(FourierDisc disc)
    {
        if (!_curved.TryGetValue(disc, out var pair))
        {
            _curved.Add(disc, pair = (new(disc), new(disc)));
        }

        return pair;
    }

    /// <summary>T E + U O.</summary>
    private void Combine(ReadOnlySpan<float> even, ReadOnlySpan<float> odd, Span<float> sum)
    {
        TensorPrimitives.Multiply(even, Transfer.AsSpan(0, even.Length), sum);
        TensorPrimitives.MultiplyAdd(odd, _quadrature.AsSpan(0, odd.Length), sum, sum);
    }
}
