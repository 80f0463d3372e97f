using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>
/// A particle's predicted image F = T exp(i odd) P and its derivatives by all that is estimated: five of the pose, up to four of the defocus, then the
/// terms of the group; T is the transfer with the scorer's weights. Of one thread.
/// </summary>
/// <remarks>
/// With S = dT/dphase: the pose's derivatives are T dP; a defocus' S phase P; an even term's -S phase P, as it is subtracted; an odd term's i T phase P; an
/// amplitude's a share of F. A
/// symmetric strain E moves every frequency q by E q: T (dP/dq)'E q + S (dphase/dq)'E q P, where
/// dP/dq = -2 pi i sum_j a_j u_j e_j - 4 pi^2 q sum_j a_j s_j^2 e_j.
/// What a strain does to the aberrations themselves is a hundredth of them and left out.
/// </remarks>
internal sealed class OpticsJacobian
{
    private readonly OpticsReference _reference;
    private readonly PoseJacobian<float> _projection;
    private readonly IProjectorScratch _scratch;
    private readonly IProjectorScratch[] _momentScratch;
    private readonly float[][] _moments;
    private readonly float[] _u;

    /// <summary>Makes the working memory.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="hasPose">Whether the pose is a parameter.</param>
    /// <param name="defocusParameters">0: none; 1: the mean defocus; 3: astigmatism too; 4: the phase shift too.</param>
    public OpticsJacobian(OpticsReference reference, bool hasPose, int defocusParameters)
    {
        (_reference, HasPose, DefocusParameters) = (reference, hasPose, defocusParameters);
        Count = reference.Basis.Disc.Count;
        _projection = new PoseJacobian<float>(reference.Basis.Disc);
        _scratch = reference.Projector.CreateScratch();
        _momentScratch = [.. reference.Moments.Select(m => m.CreateScratch())];
        _moments = [.. Enumerable.Range(0, 2 * reference.Moments.Count).Select(_ => new float[Count])];
        _u = new float[4 * Count];
        Locals = (hasPose ? Pose.ParameterCount : 0) + defocusParameters;
        Parameters = Locals + reference.Basis.Terms.Count;
        (Re, Im) = (new float[Count], new float[Count]);
        (DerivativesRe, DerivativesIm) = (new float[Count * Parameters], new float[Count * Parameters]);
    }

    /// <summary>Coefficients.</summary>
    public int Count { get; }

    /// <summary>Whether the pose is a parameter.</summary>
    public bool HasPose { get; }

    /// <summary>Parameters of the defocus.</summary>
    public int DefocusParameters { get; }

    /// <summary>Parameters of the particle itself, which come first.</summary>
    public int Locals { get; }

    /// <summary>All parameters.</summary>
    public int Parameters { get; }

    /// <summary>Real parts of F.</summary>
    public float[] Re { get; }

    /// <summary>Imaginary parts.</summary>
    public float[] Im { get; }

    /// <summary>Real parts of the derivatives, one image after the other.</summary>
    public float[] DerivativesRe { get; }

    /// <summary>Imaginary parts.</summary>
    public float[] DerivativesIm { get; }

    /// <summary>The projection P, after <see cref="Project"/>.</summary>
    public PoseJacobian<float> Projection => _projection;

    /// <summary>Projects the model at a pose, with what the derivatives need.</summary>
    public void Project(in Pose pose)
    {
        if (HasPose)
        {
            _reference.Projector.ProjectWithPoseDerivatives(pose, _projection, _scratch);
        }

        if (_reference.Gradient is { } gradient)
        {
            gradient.ProjectWithGradient(pose, _projection, _u, _scratch);
        }
        else if (!HasPose)
        {
            _reference.Projector.Project(pose, _projection.Re, _projection.Im, _scratch);
        }

        for (var m = 0; m < _momentScratch.Length; m++)
        {
            _reference.Moments[m].Project(pose, _moments[2 * m], _moments[(2 * m) + 1], _momentScratch[m]);
        }

        if (_momentScratch.Length > 0)
        {
            Gradient(pose);
        }
    }

    /// <summary>F alone.</summary>
    /// <param name="transfer">T.</param>
    public void Predict(ReadOnlySpan<float> transfer)
    {
        TensorPrimitives.Multiply(_projection.Re, transfer, Re);
        TensorPrimitives.Multiply(_projection.Im, transfer, Im);
    }

    /// <summary>F and its derivatives by the defocus alone, in the first places.</summary>
    /// <param name="transfer">T.</param>
    /// <param name="slope">S.</param>
    public void PredictWithDefocus(ReadOnlySpan<float> transfer, ReadOnlySpan<float> slope)
    {
        Predict(transfer);
        FillDefocus(slope, 0);
    }

    /// <summary>F and all derivatives.</summary>
    /// <param name="defocus">The particle's defocus.</param>
    /// <param name="transfer">T.</param>
    /// <param name="slope">S.</param>
    public void PredictWithAll(Defocus defocus, ReadOnlySpan<float> transfer, ReadOnlySpan<float> slope)
    {
        Predict(transfer);
        for (var p = 0; HasPose && p < Pose.ParameterCount; p++)
        {
            TensorPrimitives.Multiply(_projection.DerivativeRe(p), transfer, DerivativesRe.AsSpan(p * Count, Count));
            TensorPrimitives.Multiply(_projection.DerivativeIm(p), transfer, DerivativesIm.AsSpan(p * Count, Count));
        }

        FillDefocus(slope, Locals - DefocusParameters);
        var basis = _reference.Basis;
        for (var j = 0; j < basis.Terms.Count; j++)
        {
            Span<float> re = DerivativesRe.AsSpan((Locals + j) * Count, Count), im = DerivativesIm.AsSpan((Locals + j) * Count, Count);
            if (basis.Terms[j].Kind == OpticsTermKind.Odd)
            {
                TensorPrimitives.Multiply(Re, basis.Phases[j], im);
                TensorPrimitives.Multiply(Im, basis.Phases[j], re);
                TensorPrimitives.Negate(re, re);
            }
            else if (basis.Terms[j].Kind == OpticsTermKind.Even)
            {
                FillPhase(slope, basis.Phases[j], re, im);
                TensorPrimitives.Negate(re, re);
                TensorPrimitives.Negate(im, im);
            }
            else if (basis.Terms[j].Kind == OpticsTermKind.Amplitude)
            {
                TensorPrimitives.Multiply(Re, basis.Phases[j], re);
                TensorPrimitives.Multiply(Im, basis.Phases[j], im);
            }
        }

        var first = basis.Terms.ToList().FindIndex(t => t.Kind == OpticsTermKind.Magnification);
        if (first >= 0)
        {
            FillStrain(defocus, transfer, slope, first);
        }
    }

    private void FillDefocus(ReadOnlySpan<float> slope, int first)
    {
        for (var p = 0; p < DefocusParameters; p++)
        {
            FillPhase(slope, _reference.Basis.Defocus[p], DerivativesRe.AsSpan((first + p) * Count, Count), DerivativesIm.AsSpan((first + p) * Count, Count));
        }
    }

    /// <summary>S phase P.</summary>
    private void FillPhase(ReadOnlySpan<float> slope, ReadOnlySpan<float> phase, Span<float> re, Span<float> im)
    {
        TensorPrimitives.Multiply(slope, phase, re);
        TensorPrimitives.Multiply(re, _projection.Im, im);
        TensorPrimitives.Multiply(re, _projection.Re, re);
    }

    private void FillStrain(Defocus defocus, ReadOnlySpan<float> transfer, ReadOnlySpan<float> slope, int first)
    {
        var basis = _reference.Basis;
        float unit = (float)basis.Units[first], spherical = (float)basis.Spherical, c = (float)basis.Defocussing;
        float xx = c * (float)(defocus.Mean + defocus.Cos), yy = c * (float)(defocus.Mean - defocus.Cos), xy = c * (float)defocus.Sin;
        ReadOnlySpan<float> kx = basis.Kx, ky = basis.Ky, re = _projection.Re, im = _projection.Im;
        ReadOnlySpan<float> gxr = _u.AsSpan(0, Count), gxi = _u.AsSpan(Count, Count), gyr = _u.AsSpan(2 * Count, Count), gyi = _u.AsSpan(3 * Count, Count);
        var place = (Locals + first) * Count;
        for (var i = 0; i < Count; i++)
        {
            float x = unit * kx[i], y = unit * ky[i], k2 = spherical * ((kx[i] * kx[i]) + (ky[i] * ky[i]));
            float t = transfer[i], s = slope[i];
            float px = s * ((xx * kx[i]) + (xy * ky[i]) + (k2 * kx[i])), py = s * ((xy * kx[i]) + (yy * ky[i]) + (k2 * ky[i]));
            float fxr = (t * gxr[i]) + (px * re[i]), fxi = (t * gxi[i]) + (px * im[i]);
            float fyr = (t * gyr[i]) + (py * re[i]), fyi = (t * gyi[i]) + (py * im[i]);
            (DerivativesRe[place + i], DerivativesIm[place + i]) = (x * fxr, x * fxi);
            (DerivativesRe[place + Count + i], DerivativesIm[place + Count + i]) = ((y * fxr) + (x * fyr), (y * fxi) + (x * fyi));
            (DerivativesRe[place + (2 * Count) + i], DerivativesIm[place + (2 * Count) + i]) = (y * fyr, y * fyi);
        }
    }

    /// <summary>dP/dq along x and y, from the moments, where the projector does not give it.</summary>
    private void Gradient(in Pose pose)
    {
        var r = pose.Rotation;
        for (var axis = 0; axis < 2; axis++)
        {
            var (a, b, c) = axis == 0 ? (r.M00, r.M01, r.M02) : (r.M10, r.M11, r.M12);
            float fa = (float)(2 * Math.PI * a), fb = (float)(2 * Math.PI * b), fc = (float)(2 * Math.PI * c);
            var ft = (float)(2 * Math.PI * (axis == 0 ? pose.ShiftX : pose.ShiftY));
            ReadOnlySpan<float> k = axis == 0 ? _reference.Basis.Kx : _reference.Basis.Ky, pr = _projection.Re, pi = _projection.Im;
            Span<float> re = _u.AsSpan(2 * axis * Count, Count), im = _u.AsSpan(((2 * axis) + 1) * Count, Count);
            const float width = (float)(4 * Math.PI * Math.PI);
            for (var i = 0; i < Count; i++)
            {
                float ur = (fa * _moments[0][i]) + (fb * _moments[2][i]) + (fc * _moments[4][i]) + (ft * pr[i]);
                float ui = (fa * _moments[1][i]) + (fb * _moments[3][i]) + (fc * _moments[5][i]) + (ft * pi[i]);
                // -i (ur + i ui) = ui - i ur
                re[i] = ui - (width * k[i] * _moments[6][i]);
                im[i] = -ur - (width * k[i] * _moments[7][i]);
            }
        }
    }
}
