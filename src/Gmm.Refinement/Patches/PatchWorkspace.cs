using System.Numerics.Tensors;
using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>One thread's images for a <see cref="PatchReference"/>: the whitened particle, what stays still in it, and the projections of every moving part.</summary>
internal sealed class PatchWorkspace
{
    private const int N = Pose.ParameterCount;

    private readonly PoseJacobian<float>[] _parts;
    private readonly IProjectorScratch[] _scratch;
    private readonly IProjectorScratch? _stillScratch;
    private readonly float[] _wholeRe, _wholeIm, _restRe, _restIm, _sumRe, _sumIm, _ownRe, _ownIm;
    private double _imagePower;

    public PatchWorkspace(PatchReference reference)
    {
        Reference = reference;
        var n = reference.Disc.Count;
        _parts = [.. reference.Moving.Select(_ => new PoseJacobian<float>(reference.Disc))];
        _scratch = [.. reference.Moving.Select(m => m.CreateScratch())];
        _stillScratch = reference.Still?.CreateScratch();
        (Re, Im, Transfer) = (new float[n], new float[n], new float[n]);
        (_wholeRe, _wholeIm, _restRe, _restIm) = (new float[n], new float[n], new float[n], new float[n]);
        (_sumRe, _sumIm, _ownRe, _ownIm) = (new float[n], new float[n], new float[n], new float[n]);
    }

    public PatchReference Reference { get; }

    /// <summary>The particle's coefficients; to be filled before <see cref="Prepare"/>, which whitens them.</summary>
    public float[] Re { get; }

    public float[] Im { get; }

    /// <summary>The particle's transfer; <see cref="Prepare"/> multiplies it by the reference's weights.</summary>
    public float[] Transfer { get; }

    /// <summary>Whitens the image and projects, once for all patches, what the reference holds besides the moving parts.</summary>
    public void Prepare(in Pose consensus)
    {
        var disc = Reference.Disc;
        for (var q = 0; q <= disc.Radius; q++)
        {
            int start = disc.RingStart(q), length = disc.RingStart(q + 1) - start;
            Span<float> re = Re.AsSpan(start, length), im = Im.AsSpan(start, length), transfer = Transfer.AsSpan(start, length);
            TensorPrimitives.Multiply(re, Reference.DataWeight[q], re);
            TensorPrimitives.Multiply(im, Reference.DataWeight[q], im);
            TensorPrimitives.Multiply(transfer, Reference.ReferenceWeight[q], transfer);
        }

        _imagePower = Dot(Re, Im, Re, Im);
        if (Reference.Still is { } still)
        {
            still.Project(consensus, _wholeRe, _wholeIm, _stillScratch!);
            TensorPrimitives.Multiply(_wholeRe, Transfer, _wholeRe);
            TensorPrimitives.Multiply(_wholeIm, Transfer, _wholeIm);
        }

        _wholeRe.CopyTo(_restRe, 0);
        _wholeIm.CopyTo(_restIm, 0);
    }

    /// <summary>Makes the rest of a patch: the whole without the patch's own part at the consensus pose (in the patch's frame).</summary>
    public void TakeOut(int patch, in Pose consensus)
    {
        Reference.Moving[patch].Project(consensus, _ownRe, _ownIm, _scratch[patch]);
        TensorPrimitives.Multiply(_ownRe, Transfer, _ownRe);
        TensorPrimitives.Multiply(_ownIm, Transfer, _ownIm);
        TensorPrimitives.Subtract(_wholeRe, _ownRe, _restRe);
        TensorPrimitives.Subtract(_wholeIm, _ownIm, _restIm);
    }

    /// <summary>The score of patches first..first+count-1 at poses in their frames, with gradient (5 count) and Gauss-Newton matrix.</summary>
    public PoseScore Evaluate(int first, int count, ReadOnlySpan<Pose> poses, Span<double> gradient, Span<double> information)
    {
        _restRe.CopyTo(_sumRe, 0);
        _restIm.CopyTo(_sumIm, 0);
        for (var k = 0; k < count; k++)
        {
            var part = _parts[first + k];
            Reference.Moving[first + k].ProjectWithPoseDerivatives(poses[k], part, _scratch[first + k]);
            TensorPrimitives.MultiplyAdd(part.Re, Transfer, _sumRe, _sumRe);
            TensorPrimitives.MultiplyAdd(part.Im, Transfer, _sumIm, _sumIm);
            for (var p = 0; p < N; p++)
            {
                TensorPrimitives.Multiply(part.DerivativeRe(p), Transfer, part.DerivativeRe(p));
                TensorPrimitives.Multiply(part.DerivativeIm(p), Transfer, part.DerivativeIm(p));
            }
        }

        double product = Dot(Re, Im, _sumRe, _sumIm), power = Dot(_sumRe, _sumIm, _sumRe, _sumIm);
        if (!(power > 0) || !(_imagePower > 0))
        {
            gradient.Clear();
            information.Clear();
            return new PoseScore(0, 0, 0);
        }

        // As in WhitenedCorrelationScorer: rho |rho| / 2, the amplitude fitted, the information without what a change of amplitude would explain.
        var scale = product / power;
        FillDerivatives(first, count, scale, power, gradient, information);
        return new PoseScore(0.5 * product * Math.Abs(product) / power, product / Math.Sqrt(power * _imagePower), scale);
    }

    private void FillDerivatives(int first, int count, double scale, double power, Span<double> gradient, Span<double> information)
    {
        var n = N * count;
        Span<double> withSum = stackalloc double[n];
        for (var i = 0; i < n; i++)
        {
            var (re, im) = Row(first, i);
            withSum[i] = Dot(_sumRe, _sumIm, re, im);
            gradient[i] = Math.Abs(scale) * (Dot(Re, Im, re, im) - (scale * withSum[i]));
        }

        Gram(first, n, information);
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                information[(i * n) + j] = information[(j * n) + i] =
                    scale * scale * (information[(i * n) + j] - (withSum[i] * withSum[j] / power));
            }
        }
    }

    /// <summary>Lower triangle of the Gram matrix of all derivative images, in blocks of coefficients that stay in cache.</summary>
    private void Gram(int first, int n, Span<double> gram)
    {
        const int Block = 512;
        gram.Clear();
        var total = Reference.Disc.Count;
        for (var start = 0; start < total; start += Block)
        {
            var length = Math.Min(Block, total - start);
            for (var i = 0; i < n; i++)
            {
                var (re, im) = Row(first, i);
                ReadOnlySpan<float> a = re.Slice(start, length), b = im.Slice(start, length);
                for (var j = 0; j <= i; j++)
                {
                    var (re2, im2) = Row(first, j);
                    gram[(i * n) + j] += (double)TensorPrimitives.Dot(a, re2.Slice(start, length)) + TensorPrimitives.Dot(b, im2.Slice(start, length));
                }
            }
        }
    }

    private RowPair Row(int first, int i)
    {
        var part = _parts[first + (i / N)];
        return new RowPair(part.DerivativeRe(i % N), part.DerivativeIm(i % N));
    }

    private static double Dot(ReadOnlySpan<float> aRe, ReadOnlySpan<float> aIm, ReadOnlySpan<float> bRe, ReadOnlySpan<float> bIm) =>
        (double)TensorPrimitives.Dot(aRe, bRe) + TensorPrimitives.Dot(aIm, bIm);

    private readonly ref struct RowPair(ReadOnlySpan<float> re, ReadOnlySpan<float> im)
    {
        private readonly ReadOnlySpan<float> _re = re, _im = im;

        public void Deconstruct(out ReadOnlySpan<float> re, out ReadOnlySpan<float> im)
        {
            re = _re;
            im = _im;
        }
    }
}
