using System.Runtime.InteropServices;

namespace Gmm.Core;

/// <summary>
/// The fast projection, exact to a chosen accuracy: every Gaussian, widened or narrowed by a known common variance, is deposited on a
/// grid somewhat finer than the disc needs, the grid is Fourier transformed, and the common variance divided out. A type-1
/// non-uniform FFT whose spreading kernel is the Gaussian itself, so each keeps its own width and nothing is interpolated.
/// </summary>
/// <remarks>
/// With R Fourier pixels, a grid of M = 2 beta R cells and error e, deposited variances of at least
/// ln(1/e) / (2 pi^2 ((2 beta - 1)^2 - 1)) (M/R)^2 square cells keep what folds back from beyond the grid's band under e (design.md).
/// The common variance may be negative: where the model's Gaussians are wider than that, they are all narrowed, which makes their
/// support on the grid smaller and costs nothing in accuracy.
/// </remarks>
public sealed class GriddingProjector : IProjector<float>
{
    /// <summary>The default accuracy: error relative to each ring's rms.</summary>
    public const double DefaultAccuracy = 1e-4;

    // Finer grids mean smaller supports but longer transforms; measured best between 1.9 and 2.3 (docs/benchmarks.md).
    private const double Oversampling = 2.1;

    private readonly RealFft2D<float> _fft;
    private readonly int[] _index;
    private readonly float[] _correction;
    private readonly float[] _inverseTwoVariance;
    private readonly float[] _norm;
    private readonly float[] _support;
    private readonly double _cellsPerAngstrom;

    /// <summary>Makes a projector.</summary>
    /// <param name="model">The model.</param>
    /// <param name="disc">The coefficients to compute.</param>
    /// <param name="accuracy">Error relative to each ring's rms, 1e-6 to 1e-2.</param>
    /// <exception cref="ArgumentOutOfRangeException">An accuracy outside that range: float32 cannot do better than 1e-6.</exception>
    public GriddingProjector(GaussianModel model, FourierDisc disc, double accuracy = DefaultAccuracy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(accuracy, 1e-6);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(accuracy, 1e-2);
        Model = model;
        Disc = disc;
        Accuracy = accuracy;
        GridSize = FftSizes.NextFastEven(Math.Max(16, (int)Math.Ceiling(2 * Oversampling * disc.Radius)));
        _fft = new RealFft2D<float>(GridSize, GridSize);
        _cellsPerAngstrom = GridSize / disc.BoxLength;

        var minimum = double.MaxValue;
        foreach (var width in model.Widths)
        {
            minimum = Math.Min(minimum, (double)width * width);
        }

        var commonVariance = MinimumVariance(accuracy, disc.Radius, GridSize) / (_cellsPerAngstrom * _cellsPerAngstrom) - minimum;
        (_index, _correction) = MakeCorrection(disc, _fft, commonVariance);
        _inverseTwoVariance = new float[model.Count];
        _norm = new float[model.Count];
        _support = new float[model.Count];
        var tail = 2 * Math.Log(1 / accuracy);
        for (var j = 0; j < model.Count; j++)
        {
            var variance = (((double)model.Widths[j] * model.Widths[j]) + commonVariance) * _cellsPerAngstrom * _cellsPerAngstrom;
            _inverseTwoVariance[j] = (float)(0.5 / variance);
            _norm[j] = (float)(0.5 / (Math.PI * variance));
            // A Gaussian as wide as the grid is cut there: past that its transform in the band is zero but for k = 0.
            _support[j] = (float)Math.Min(Math.Sqrt(tail * variance), (GridSize / 2) - 1);
        }
    }

    /// <inheritdoc/>
    public GaussianModel Model { get; }

    /// <inheritdoc/>
    public FourierDisc Disc { get; }

    /// <summary>The accuracy asked for.</summary>
    public double Accuracy { get; }

    /// <summary>Side of the grid, cells.</summary>
    public int GridSize { get; }

    /// <inheritdoc/>
    public IProjectorScratch CreateScratch() => new Scratch(_fft, Model.Count, Disc.Count);

    /// <inheritdoc/>
    public void Project(in Pose pose, Span<float> re, Span<float> im, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        Place(pose, s);
        Array.Clear(s.Grid0);
        GriddingKernels.Deposit(s.Splats(this), Model.Amplitudes, GridSize, s.Grid0);
        Transform(s.Grid0, re, im, s);
    }

    /// <inheritdoc/>
    public void ProjectWithPoseDerivatives(in Pose pose, PoseJacobian<float> result, IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        Place(pose, s);
        s.AllocateDerivatives();
        Array.Clear(s.Grid0);
        Array.Clear(s.Grid1);
        Array.Clear(s.Grid2);
        GriddingKernels.DepositWithDerivatives(s.Splats(this), Model.Amplitudes, s.ArmX, s.ArmY, s.Depth, GridSize, s.Grid0, s.Grid1, s.Grid2);
        Transform(s.Grid0, result.Re, result.Im, s);
        Transform(s.Grid1, s.DepthRe, s.DepthIm, s);
        Transform(s.Grid2, result.DerivativeRe(2), result.DerivativeIm(2), s);
        result.FillFromDepth(s.DepthRe, s.DepthIm);
    }

    /// <inheritdoc/>
    public void VectorJacobianProduct(
        in Pose pose,
        ReadOnlySpan<float> gradientRe,
        ReadOnlySpan<float> gradientIm,
        ModelGradient<float>? modelGradient,
        Span<float> poseGradient,
        IProjectorScratch scratch)
    {
        var s = (Scratch)scratch;
        Place(pose, s);
        TransformAdjoint(gradientRe, gradientIm, s.Grid0, s);
        Span<double> poseSum = stackalloc double[Pose.ParameterCount];
        var cells = _cellsPerAngstrom;
        var splats = s.Splats(this);
        for (var j = 0; j < Model.Count; j++)
        {
            var moments = GriddingKernels.Gather(splats, j, GridSize, s.Grid0);
            double norm = _norm[j], inverseVariance = 2 * _inverseTwoVariance[j], amplitude = Model.Amplitudes[j];
            double gx = amplitude * norm * inverseVariance * moments.X * cells, gy = amplitude * norm * inverseVariance * moments.Y * cells;
            ProjectionChainRule.AddPose(poseSum, s.ArmX[j] / cells, s.ArmY[j] / cells, s.Depth[j], gx, gy);
            if (modelGradient is not null)
            {
                // d/dv of exp(-d^2 / 2v) / (2 pi v) = (d^2 / 2v^2 - 1/v) times itself, and dv/ds = 2 s in cells.
                var variance = amplitude * norm * ((0.5 * inverseVariance * inverseVariance * moments.Square) - (inverseVariance * moments.Value));
                var width = variance * 2 * Model.Widths[j] * cells * cells;
                ProjectionChainRule.AddGaussian(modelGradient, j, pose.Rotation, gx, gy, norm * moments.Value, width);
            }
        }

        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            poseGradient[p] += (float)poseSum[p];
        }
    }

    /// <summary>Smallest deposited variance, square cells, for which folding back stays under the accuracy.</summary>
    internal static double MinimumVariance(double accuracy, int radius, int gridSize)
    {
        var twoBeta = (double)gridSize / radius;
        return Math.Log(1 / accuracy) / (2 * Math.PI * Math.PI * (((twoBeta - 1) * (twoBeta - 1)) - 1)) * twoBeta * twoBeta;
    }

    private static (int[] Index, float[] Correction) MakeCorrection(FourierDisc disc, RealFft2D<float> fft, double commonVariance)
    {
        var index = new int[disc.Count];
        var correction = new float[disc.Count];
        var exponent = 2 * Math.PI * Math.PI * commonVariance / (disc.BoxLength * disc.BoxLength);
        for (var i = 0; i < index.Length; i++)
        {
            int kx = disc.Kx[i], ky = disc.Ky[i];
            index[i] = ((ky < 0 ? ky + fft.Height : ky) * fft.SpectrumWidth) + kx;
            // The box centre lies at cell M/2, M even: a sign.
            var sign = ((kx + ky) & 1) == 0 ? 1 : -1;
            correction[i] = (float)(sign * Math.Exp(exponent * ((kx * kx) + (ky * ky))));
        }

        return (index, correction);
    }

    /// <summary>Places every Gaussian on the grid for a pose.</summary>
    private void Place(in Pose pose, Scratch s)
    {
        var a = pose.Rotation;
        float cells = (float)_cellsPerAngstrom;
        float xx = (float)(a.M00 * cells), xy = (float)(a.M01 * cells), xz = (float)(a.M02 * cells);
        float yx = (float)(a.M10 * cells), yy = (float)(a.M11 * cells), yz = (float)(a.M12 * cells);
        float zx = (float)a.M20, zy = (float)a.M21, zz = (float)a.M22;
        float ox = (float)((pose.ShiftX * cells) + (GridSize / 2)), oy = (float)((pose.ShiftY * cells) + (GridSize / 2));
        ReadOnlySpan<float> x = Model.X, y = Model.Y, z = Model.Z;
        Span<float> armX = s.ArmX, armY = s.ArmY, depth = s.Depth, cellX = s.CellX, cellY = s.CellY;
        for (var j = 0; j < x.Length; j++)
        {
            float u = (xx * x[j]) + (xy * y[j]) + (xz * z[j]), v = (yx * x[j]) + (yy * y[j]) + (yz * z[j]);
            armX[j] = u;
            armY[j] = v;
            depth[j] = (zx * x[j]) + (zy * y[j]) + (zz * z[j]);
            cellX[j] = u + ox;
            cellY[j] = v + oy;
        }
    }

    private void Transform(ReadOnlySpan<float> grid, Span<float> re, Span<float> im, Scratch s)
    {
        _fft.Forward(grid, s.SpectrumRe, s.SpectrumIm, s.Fft, Disc.Radius + 1);
        for (var i = 0; i < _index.Length; i++)
        {
            re[i] = s.SpectrumRe[_index[i]] * _correction[i];
            im[i] = s.SpectrumIm[_index[i]] * _correction[i];
        }
    }

    /// <summary>The transpose of <see cref="Transform"/>: sum_i correction_i Re((g_re + i g_im) exp(i theta_i(x))) on the grid.</summary>
    private void TransformAdjoint(ReadOnlySpan<float> gradientRe, ReadOnlySpan<float> gradientIm, Span<float> grid, Scratch s)
    {
        Array.Clear(s.SpectrumRe);
        Array.Clear(s.SpectrumIm);
        // The inverse transform divides by M^2 and adds the conjugate half.
        var half = 0.5f * GridSize * GridSize;
        for (var i = 0; i < _index.Length; i++)
        {
            float re = half * _correction[i] * gradientRe[i], im = half * _correction[i] * gradientIm[i];
            s.SpectrumRe[_index[i]] = re;
            s.SpectrumIm[_index[i]] = im;
            if (Disc.Kx[i] == 0)
            {
                var o = (GridSize - Disc.Ky[i]) % GridSize * _fft.SpectrumWidth;
                s.SpectrumRe[o] = Disc.Ky[i] == 0 ? 2 * re : re;
                s.SpectrumIm[o] = Disc.Ky[i] == 0 ? 0 : -im;
            }
        }

        _fft.Inverse(s.SpectrumRe, s.SpectrumIm, grid, s.Fft, Disc.Radius + 1);
    }

    private sealed class Scratch(RealFft2D<float> fft, int gaussians, int coefficients) : IProjectorScratch
    {
        public readonly float[] ArmX = new float[gaussians];
        public readonly float[] ArmY = new float[gaussians];
        public readonly float[] Depth = new float[gaussians];
        public readonly float[] CellX = new float[gaussians];
        public readonly float[] CellY = new float[gaussians];
        public readonly float[] Grid0 = new float[fft.RealLength];
        public readonly float[] SpectrumRe = new float[fft.SpectrumLength];
        public readonly float[] SpectrumIm = new float[fft.SpectrumLength];
        public readonly float[] Fft = new float[fft.ScratchLength];

        public float[] Grid1 { get; private set; } = [];

        public float[] Grid2 { get; private set; } = [];

        public float[] DepthRe { get; private set; } = [];

        public float[] DepthIm { get; private set; } = [];

        public long Bytes => sizeof(float) * ((5L * ArmX.Length) + Grid0.Length + Grid1.Length + Grid2.Length
            + (2L * SpectrumRe.Length) + Fft.Length + (2L * DepthRe.Length));

        /// <summary>The derivative grids exist only once they are asked for.</summary>
        public void AllocateDerivatives()
        {
            if (Grid1.Length == 0)
            {
                (Grid1, Grid2) = (new float[fft.RealLength], new float[fft.RealLength]);
                (DepthRe, DepthIm) = (new float[coefficients], new float[coefficients]);
            }
        }

        public GriddingKernels.Splats Splats(GriddingProjector p) =>
            new(CellX, CellY, p._inverseTwoVariance, p._norm, p._support);
    }
}
