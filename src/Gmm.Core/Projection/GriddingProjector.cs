using System.Numerics.Tensors;

namespace Gmm.Core;

/// <summary>
/// The fast projection, exact to a chosen accuracy: every Gaussian, widened or narrowed by a known common variance, is deposited on a
/// grid somewhat finer than the disc needs, the grid is Fourier transformed, and the common variance divided out. A type-1
/// non-uniform FFT whose spreading kernel is the Gaussian itself, so each keeps its own width and nothing is interpolated.
/// </summary>
/// <remarks>
/// With R Fourier pixels, a grid of M = 2 beta R cells and error e, deposited variances of at least
/// ln(2/e) / (2 pi^2 ((2 beta - 1)^2 - 1)) (M/R)^2 square cells keep what folds back from beyond the grid's band under e (docs/projection.md).
/// The common variance may be negative: where the model's Gaussians are wider than that, they are all narrowed, which makes their
/// support on the grid smaller and costs nothing in accuracy.
/// </remarks>
public sealed partial class GriddingProjector : IProjector<float>
{
    /// <summary>The default accuracy: error relative to each ring's rms.</summary>
    public const double DefaultAccuracy = 1e-4;

    // Grids tried, in cells per Fourier pixel of the disc's radius (M/R of docs/projection.md).
    private const double FinestGrid = 5.2;
    private const double CoarsestGrid = 3.1;

    // A Gaussian this many boxes wide has a transform of zero but at k = 0, and so has any wider one, whose square would drown the common variance.
    private const double WidestBoxes = 100;

    // Measured: nanoseconds per cell of a transform, per row of a block of lanes deposited, and per Gaussian placed.
    private const double TransformCost = 0.8;
    private const double DepositCost = 1.6;
    private const double PlaceCost = 12;

    private readonly RealFft2D<float> _fft;
    private readonly int[] _index;
    private readonly float[] _correction;
    private readonly int[] _order;
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly float[] _z;
    private readonly float[] _amplitude;
    private readonly float[] _inverseTwoVariance;
    private readonly float[] _norm;
    private readonly GriddingKernels.Run[] _runs;
    private readonly double _cellsPerAngstrom;
    private readonly double _commonVariance;

    /// <summary>Makes a projector.</summary>
    /// <param name="model">The model.</param>
    /// <param name="disc">The coefficients to compute.</param>
    /// <param name="accuracy">Error relative to each ring's rms, 1e-6 to 1e-2.</param>
    /// <exception cref="ArgumentOutOfRangeException">An accuracy outside that range: float32 cannot do better than 1e-6.</exception>
    public GriddingProjector(GaussianModel model, FourierDisc disc, double accuracy = DefaultAccuracy)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(disc);
        ArgumentOutOfRangeException.ThrowIfLessThan(accuracy, 1e-6);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(accuracy, 1e-2);
        Model = model;
        Disc = disc;
        Accuracy = accuracy;
        GridSize = ChooseGrid(model.Widths, disc, accuracy).Size;
        _fft = new RealFft2D<float>(GridSize, GridSize);
        _cellsPerAngstrom = GridSize / disc.BoxLength;

        _commonVariance = CommonVariance(Width(TensorPrimitives.Min(model.Widths), disc), disc, accuracy, GridSize);
        (_index, _correction) = MakeCorrection(disc, _fft, _commonVariance);
        var variance = new double[model.Count];
        var footprint = new GriddingKernels.Footprint[model.Count];
        for (var j = 0; j < model.Count; j++)
        {
            var width = Width(model.Widths[j], disc);
            variance[j] = ((width * width) + _commonVariance) * _cellsPerAngstrom * _cellsPerAngstrom;
            // A Gaussian as wide as the grid is cut there: past that its transform in the band is zero but for k = 0.
            footprint[j] = GriddingKernels.Footprint.Of((float)Math.Min(Support(variance[j], accuracy), (GridSize / 2) - 1), GridSize);
        }

        (_order, _runs) = DepositOrder.Of(model, footprint);
        (_x, _y, _z, _amplitude) = (Ordered(model.X), Ordered(model.Y), Ordered(model.Z), Ordered(model.Amplitudes));
        _inverseTwoVariance = Array.ConvertAll(_order, j => (float)(0.5 / variance[j]));
        _norm = Array.ConvertAll(_order, j => (float)(0.5 / (Math.PI * variance[j])));
    }

    /// <inheritdoc/>
    public GaussianModel Model { get; }

    /// <inheritdoc/>
    public FourierDisc Disc { get; }

    /// <summary>The accuracy asked for.</summary>
    public double Accuracy { get; }

    /// <summary>Side of the grid, cells.</summary>
    public int GridSize { get; }

    /// <summary>What it deposits and how; its arrays are the projector's own, not to be written.</summary>
    internal GriddingPlan Plan => new(GridSize, _cellsPerAngstrom, _x, _y, _z, _amplitude, _inverseTwoVariance, _norm, _runs, _correction);

    /// <inheritdoc/>
    public IProjectorScratch CreateScratch() => new Scratch(_fft, Model.Count, Disc.Count);

    /// <inheritdoc/>
    public void Project(in Pose pose, Span<float> re, Span<float> im, IProjectorScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        var s = (Scratch)scratch;
        Place(pose, s);
        Array.Clear(s.Grid0);
        GriddingKernels.Deposit(s.Splats(this), _amplitude, GridSize, s.Grid0);
        Transform(s.Grid0, re, im, s);
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
        ArgumentNullException.ThrowIfNull(scratch);
        var s = (Scratch)scratch;
        Place(pose, s);
        PullBack(pose, gradientRe, gradientIm, _amplitude, modelGradient, poseGradient, s);
    }

    /// <summary>
    /// Smallest variance deposited, square cells, for which what folds back from beyond the grid's band stays under the accuracy
    /// (docs/projection.md): for a gridding of your own, on a device for example.
    /// </summary>
    /// <param name="accuracy">Error relative to each ring's rms.</param>
    /// <param name="radius">Radius of the disc, Fourier pixels.</param>
    /// <param name="gridSize">Side of the grid, cells.</param>
    /// <returns>The variance, square cells.</returns>
    public static double MinimumVariance(double accuracy, int radius, int gridSize)
    {
        var twoBeta = (double)gridSize / radius;
        return Math.Log(2 / accuracy) / (2 * Math.PI * Math.PI * (((twoBeta - 1) * (twoBeta - 1)) - 1)) * twoBeta * twoBeta;
    }

    /// <summary>What is added to every Gaussian's variance, square angstrom, so that the narrowest has just the variance the grid needs.</summary>
    private static double CommonVariance(double narrowest, FourierDisc disc, double accuracy, int gridSize)
    {
        var cell = disc.BoxLength / gridSize;
        return (MinimumVariance(accuracy, disc.Radius, gridSize) * cell * cell) - (narrowest * narrowest);
    }

    /// <summary>The standard deviation that stands for a Gaussian's, angstrom: its own, unless it is beyond all measure.</summary>
    private static double Width(float width, FourierDisc disc) => Math.Min(width, WidestBoxes * disc.BoxLength);

    /// <summary>Where a Gaussian is cut, cells: its tail there, and its slope there, which the derivatives deposit, are under the accuracy.</summary>
    private static double Support(double variance, double accuracy) => Math.Sqrt(2 * Math.Log(3 / accuracy) * variance);

    /// <summary>
    /// Finer grids mean smaller supports but longer transforms; the best depends on how much the widths differ. With it the cost of a
    /// projection, nanoseconds as measured on one machine: good to compare choices.
    /// </summary>
    internal static (int Size, double Cost) ChooseGrid(ReadOnlySpan<float> widths, FourierDisc disc, double accuracy)
    {
        var best = 0;
        var bestCost = double.MaxValue;
        var narrowest = Width(TensorPrimitives.Min(widths), disc);
        var last = FftSizes.NextFastEven(Math.Max(32, (int)Math.Ceiling(FinestGrid * disc.Radius)));
        var first = FftSizes.NextFastEven(Math.Max(16, (int)Math.Ceiling(CoarsestGrid * disc.Radius)));
        for (var size = first; size <= last; size = FftSizes.NextFastEven(size + 2))
        {
            var common = CommonVariance(narrowest, disc, accuracy, size);
            var cells = size / disc.BoxLength;
            // A thousand Gaussians tell the mean.
            var stride = Math.Max(1, widths.Length / 1000);
            double cost = 0;
            for (var j = 0; j < widths.Length; j += stride)
            {
                var own = Width(widths[j], disc);
                var width = 2 * Support(((own * own) + common) * cells * cells, accuracy);
                cost += stride * (PlaceCost + (DepositCost * width * Math.Ceiling(width / GriddingKernels.Lanes)));
            }

            cost += TransformCost * size * size;
            if (cost < bestCost)
            {
                (best, bestCost) = (size, cost);
            }
        }

        return (best, bestCost);
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
        var (ox, oy) = Axis(pose);
        Combine(xx, xy, xz, s.ArmX);
        Combine(yx, yy, yz, s.ArmY);
        Combine(zx, zy, zz, s.Depth);
        TensorPrimitives.Add(s.ArmX, ox, s.CellX);
        TensorPrimitives.Add(s.ArmY, oy, s.CellY);
    }

    /// <summary>Where the structure's origin is seen on the grid, cells.</summary>
    private (float X, float Y) Axis(in Pose pose) =>
        ((float)((pose.ShiftX * _cellsPerAngstrom) + (GridSize / 2)), (float)((pose.ShiftY * _cellsPerAngstrom) + (GridSize / 2)));

    /// <summary>The vector-Jacobian product at Gaussians that are placed.</summary>
    private void PullBack(
        in Pose pose,
        ReadOnlySpan<float> gradientRe,
        ReadOnlySpan<float> gradientIm,
        ReadOnlySpan<float> amplitudes,
        ModelGradient<float>? modelGradient,
        Span<float> poseGradient,
        Scratch s)
    {
        TransformAdjoint(gradientRe, gradientIm, s.Grid0, s);
        Span<double> poseSum = stackalloc double[Pose.ParameterCount];
        var cells = _cellsPerAngstrom;
        var splats = s.Splats(this);
        for (int run = 0, j = 0; j < Model.Count; j++)
        {
            run += j == _runs[run].End ? 1 : 0;
            var moments = GriddingKernels.Gather(splats, j, _runs[run].Footprint, GridSize, s.Grid0);
            double norm = _norm[j], inverseVariance = 2 * _inverseTwoVariance[j], amplitude = amplitudes[j];
            double gx = amplitude * norm * inverseVariance * moments.X * cells, gy = amplitude * norm * inverseVariance * moments.Y * cells;
            ProjectionChainRule.AddPose(poseSum, s.ArmX[j] / cells, s.ArmY[j] / cells, s.Depth[j], gx, gy);
            if (modelGradient is not null)
            {
                // d/dv of exp(-d^2 / 2v) / (2 pi v) = (d^2 / 2v^2 - 1/v) times itself, and dv/ds = 2 s in cells.
                var variance = amplitude * norm * ((0.5 * inverseVariance * inverseVariance * moments.Square) - (inverseVariance * moments.Value));
                var width = variance * 2 * Model.Widths[_order[j]] * cells * cells;
                ProjectionChainRule.AddGaussian(modelGradient, _order[j], pose.Rotation, gx, gy, norm * moments.Value, width);
            }
        }

        for (var p = 0; p < Pose.ParameterCount; p++)
        {
            poseGradient[p] += (float)poseSum[p];
        }
    }

    private float[] Ordered(ReadOnlySpan<float> column)
    {
        var result = new float[column.Length];
        for (var j = 0; j < result.Length; j++)
        {
            result[j] = column[_order[j]];
        }

        return result;
    }

    private void Combine(float x, float y, float z, Span<float> result)
    {
        TensorPrimitives.Multiply(_x, x, result);
        TensorPrimitives.MultiplyAdd(_y, y, result, result);
        TensorPrimitives.MultiplyAdd(_z, z, result, result);
    }

    private void Transform(ReadOnlySpan<float> grid, Span<float> re, Span<float> im, Scratch s)
    {
        _fft.Forward(grid, s.SpectrumRe, s.SpectrumIm, s.Fft, Disc.Radius + 1);
        float[] spectrumRe = s.SpectrumRe, spectrumIm = s.SpectrumIm;
        ReadOnlySpan<int> index = _index;
        ReadOnlySpan<float> correction = _correction.AsSpan(0, index.Length);
        re = re[..index.Length];
        im = im[..index.Length];
        for (var i = 0; i < index.Length; i++)
        {
            var o = index[i];
            re[i] = spectrumRe[o] * correction[i];
            im[i] = spectrumIm[o] * correction[i];
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

        /// <summary>A row of the grid.</summary>
        public float[] Row { get; } = new float[fft.Width];

        public float[] DepthRe { get; private set; } = [];

        public float[] DepthIm { get; private set; } = [];

        /// <summary>A deformed model's amplitudes, then a velocity along x and y, all in the deposit's order.</summary>
        public float[] Deformed { get; private set; } = [];

        /// <summary>For projections on the Ewald sphere; null until there is one.</summary>
        public CurvedScratch? Curved { get; set; }

        public long Bytes => (Curved?.Bytes ?? 0) + (sizeof(float) * ((5L * ArmX.Length) + Grid0.Length + Grid1.Length + Grid2.Length
            + (2L * SpectrumRe.Length) + Fft.Length + (2L * DepthRe.Length) + Deformed.Length));

        /// <summary>The derivative grids exist only once they are asked for.</summary>
        public void AllocateDerivatives()
        {
            if (Grid1.Length == 0)
            {
                (Grid1, Grid2) = (new float[fft.RealLength], new float[fft.RealLength]);
                (DepthRe, DepthIm) = (new float[coefficients], new float[coefficients]);
            }
        }

        /// <summary>Room for deformed models exists only once one is projected.</summary>
        public void AllocateDeformed()
        {
            if (Deformed.Length == 0)
            {
                Deformed = new float[4 * ArmX.Length];
            }
        }

        public GriddingKernels.Splats Splats(GriddingProjector p) =>
            new(CellX, CellY, p._inverseTwoVariance, p._norm, p._runs);
    }
}
