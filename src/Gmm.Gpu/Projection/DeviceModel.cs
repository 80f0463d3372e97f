using Gmm.Core;

namespace Gmm.Gpu;

/// <summary>The Gaussians of a <see cref="GriddingProjector"/> on a card, as it deposits them.</summary>
internal sealed class DeviceModel : IDisposable
{
    /// <summary>
    /// Grids hold sums in 64-bit integers, in units so small that the sum of all Gaussians at their highest is below 2^61: additions are then exact, so that
    /// the bits of a sum do not depend on the order in which a card's threads come.
    /// </summary>
    private const double Most = 1L << 61;

    private readonly MemoryBuffer1D<float, Stride1D.Dense> _columns;
    private readonly MemoryBuffer1D<int, Stride1D.Dense> _footprints;
    private readonly int _count;

    /// <summary>Copies a projector's Gaussians.</summary>
    /// <param name="card">Where to.</param>
    /// <param name="plan">The projector's plan.</param>
    public DeviceModel(GpuCard card, GriddingPlan plan)
    {
        _count = plan.X.Length;
        var footprints = new int[3 * _count];
        foreach (var run in plan.Runs)
        {
            for (var j = run.First; j < run.End; j++)
            {
                (footprints[3 * j], footprints[(3 * j) + 1], footprints[(3 * j) + 2]) = (run.Footprint.Columns, run.Footprint.Rows, run.Footprint.NarrowRows);
            }
        }

        double sum = 0, deep = 0;
        for (var j = 0; j < _count; j++)
        {
            double x = plan.X[j], y = plan.Y[j], z = plan.Z[j], highest = Math.Abs((double)plan.Amplitude[j]) * plan.Norm[j];
            sum += highest;
            deep += highest * Math.Sqrt((x * x) + (y * y) + (z * z));
        }

        (DensityUnit, DepthUnit) = (Unit(sum), Unit(deep));
        _columns = card.Upload<float>([.. plan.X, .. plan.Y, .. plan.Z, .. plan.Amplitude, .. plan.InverseTwoVariance, .. plan.Norm]);
        _footprints = card.Upload<int>(footprints);
    }

    /// <summary>What a density of 1 is in the grid, a power of two.</summary>
    public float DensityUnit { get; }

    /// <summary>What a depth-weighted density of 1 is.</summary>
    public float DepthUnit { get; }

    /// <summary>What a kernel needs.</summary>
    public Views View => new()
    {
        Count = _count,
        X = _columns.View.SubView(0, _count),
        Y = _columns.View.SubView(_count, _count),
        Z = _columns.View.SubView(2 * _count, _count),
        Amplitude = _columns.View.SubView(3 * _count, _count),
        InverseTwoVariance = _columns.View.SubView(4 * _count, _count),
        Norm = _columns.View.SubView(5 * _count, _count),
        Footprints = _footprints.View,
        DensityUnit = DensityUnit,
        DepthUnit = DepthUnit,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _columns.Dispose();
        _footprints.Dispose();
    }

    private static float Unit(double highest) => (float)Math.Pow(2, highest > 0 ? Math.Clamp(Math.Floor(Math.Log2(Most / highest)), -100, 100) : 0);

    /// <summary>Columns of the model, in the deposit's order.</summary>
    internal struct Views
    {
        /// <summary>Number of Gaussians.</summary>
        public int Count;

        /// <summary>X of the centres, angstrom.</summary>
        public ArrayView<float> X;

        /// <summary>Y of the centres.</summary>
        public ArrayView<float> Y;

        /// <summary>Z of the centres.</summary>
        public ArrayView<float> Z;

        /// <summary>Integrals.</summary>
        public ArrayView<float> Amplitude;

        /// <summary>1 / 2v.</summary>
        public ArrayView<float> InverseTwoVariance;

        /// <summary>1 / (2 pi v).</summary>
        public ArrayView<float> Norm;

        /// <summary>Columns, rows and narrow rows of each.</summary>
        public ArrayView<int> Footprints;

        /// <summary>What a density of 1 is in the grid.</summary>
        public float DensityUnit;

        /// <summary>What a depth-weighted density of 1 is in the grid.</summary>
        public float DepthUnit;
    }
}
