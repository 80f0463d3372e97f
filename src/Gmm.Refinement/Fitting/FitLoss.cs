using Gmm.Core;

namespace Gmm.Refinement;

/// <summary>The comparison by Gmm's own transform.</summary>
internal sealed class FitLoss : IFitLoss
{
    // Sums keep their order on any number of threads.
    private const int Chunks = 16;

    private readonly FitTarget _target;
    private readonly GaussianVolumeTransform _transform;
    private readonly ParallelOptions _parallel;
    private readonly float[] _factors;
    private readonly float[] _re;
    private readonly float[] _im;
    private GaussianGradient _gradient = new(0);

    /// <summary>Makes it.</summary>
    /// <param name="target">What Gaussians are compared with.</param>
    /// <param name="tolerance">Relative error of the transforms.</param>
    /// <param name="options">Threads; the results do not depend on them.</param>
    public FitLoss(FitTarget target, double tolerance, ComputeOptions options)
    {
        (_target, _parallel) = (target, options.Parallelism);
        _transform = new GaussianVolumeTransform(target.Ball, tolerance, options);
        _factors = [.. target.Factors.Select(f => (float)f)];
        (_re, _im) = (new float[target.Count], new float[target.Count]);
    }

    /// <inheritdoc/>
    public void Compare(ReadOnlySpan<float> gaussians, Span<double> shells, Span<float> gradient)
    {
        var n = gaussians.Length / 5;
        var columns = new GaussianColumns(
            gaussians[..n], gaussians.Slice(n, n), gaussians.Slice(2 * n, n), gaussians.Slice(3 * n, n), gaussians.Slice(4 * n, n));
        _transform.Forward(columns, _re, _im);
        SumShells(shells);
        _gradient = _gradient.X.Length == n ? _gradient : new GaussianGradient(n);
        _transform.Adjoint(columns, _re, _im, _gradient);
        _gradient.X.CopyTo(gradient);
        _gradient.Y.CopyTo(gradient[n..]);
        _gradient.Z.CopyTo(gradient[(2 * n)..]);
        _gradient.Amplitudes.CopyTo(gradient[(3 * n)..]);
        _gradient.Widths.CopyTo(gradient[(4 * n)..]);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<float> AmplitudeGradient(double width, out int side)
    {
        side = _transform.GridSize;
        return _transform.AmplitudeGradientMap(_re, _im, width);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>The sums; the coefficients become the loss's derivatives.</summary>
    private void SumShells(Span<double> shells)
    {
        var (n, own) = (_re.Length, new double[Chunks][]);
        var length = shells.Length;
        Guarded.For(0, Chunks, _parallel, c =>
        {
            var sums = own[c] = new double[length];
            ReadOnlySpan<short> shell = _target.Shells;
            ReadOnlySpan<float> targetRe = _target.Re, targetIm = _target.Im;
            int first = (int)((long)n * c / Chunks), end = (int)((long)n * (c + 1) / Chunks);
            for (var i = first; i < end; i++)
            {
                int q = shell[i];
                double fr = _re[i], fi = _im[i], tr = targetRe[i], ti = targetIm[i];
                sums[3 * q] += (fr * tr) + (fi * ti);
                sums[(3 * q) + 1] += (fr * fr) + (fi * fi);
                double dr = fr - tr, di = fi - ti;
                sums[(3 * q) + 2] += (dr * dr) + (di * di);
                _re[i] = (float)(_factors[q] * dr);
                _im[i] = (float)(_factors[q] * di);
            }
        });
        shells.Clear();
        foreach (var sums in own)
        {
            System.Numerics.Tensors.TensorPrimitives.Add<double>(shells, sums, shells);
        }
    }
}
