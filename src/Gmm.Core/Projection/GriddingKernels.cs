using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gmm.Core;

/// <summary>
/// The inner loops of the gridding projector: Gaussians onto a periodic square grid, and back. Eight lanes along x; a Gaussian is one
/// or more blocks of eight cells wide, lanes past its support hold small tails that are correct values too.
/// </summary>
internal static class GriddingKernels
{
    private const int Lanes = 8;
    private const int MaxBlocks = 64;

    /// <summary>Where and how wide each Gaussian lies on the grid, in cells.</summary>
    public readonly ref struct Splats(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> inverseTwoVariance, ReadOnlySpan<float> norm, ReadOnlySpan<float> support)
    {
        public readonly ReadOnlySpan<float> X = x;
        public readonly ReadOnlySpan<float> Y = y;
        public readonly ReadOnlySpan<float> InverseTwoVariance = inverseTwoVariance;
        public readonly ReadOnlySpan<float> Norm = norm;
        public readonly ReadOnlySpan<float> Support = support;
    }

    /// <summary>Sums of a grid under one Gaussian: its value, its first moments and its second moment, in cells.</summary>
    public readonly record struct Moments(double Value, double X, double Y, double Square);

    /// <summary>Adds every Gaussian to a grid.</summary>
    public static void Deposit(in Splats splats, ReadOnlySpan<float> amplitudes, int size, Span<float> grid)
    {
        Span<float> wx = stackalloc float[MaxBlocks * Lanes];
        ref var g = ref MemoryMarshal.GetReference(grid);
        for (var j = 0; j < amplitudes.Length; j++)
        {
            var cut = new Window(splats, j, size);
            ref var w = ref MemoryMarshal.GetReference(wx);
            FillWeights(cut, ref w);
            var norm = amplitudes[j] * splats.Norm[j];
            for (var row = cut.FirstRow; row <= cut.LastRow; row++)
            {
                var dy = row - cut.Y;
                var wy = norm * MathF.Exp(-dy * dy * cut.InverseTwoVariance);
                ref var line = ref Unsafe.Add(ref g, cut.Inside ? row * size : Wrap(row, size) * size);
                if (cut.Inside)
                {
                    var vy = Vector256.Create(wy);
                    for (var b = 0; b < cut.Columns; b += Lanes)
                    {
                        ref var cell = ref Unsafe.Add(ref line, cut.FirstColumn + b);
                        Vector256.MultiplyAddEstimate(vy, Vector256.LoadUnsafe(ref w, (nuint)b), Vector256.LoadUnsafe(ref cell)).StoreUnsafe(ref cell);
                    }
                }
                else
                {
                    for (var b = 0; b < cut.Columns; b++)
                    {
                        Unsafe.Add(ref line, Wrap(cut.FirstColumn + b, size)) += wy * Unsafe.Add(ref w, b);
                    }
                }
            }
        }
    }

    /// <summary>
    /// Adds every Gaussian to three grids at once: density, depth-weighted density, and the derivative for an in-plane rotation,
    /// which moves a Gaussian at arm (x, y) by (-y, x) per radian.
    /// </summary>
    public static void DepositWithDerivatives(
        in Splats splats,
        ReadOnlySpan<float> amplitudes,
        ReadOnlySpan<float> armX,
        ReadOnlySpan<float> armY,
        ReadOnlySpan<float> depth,
        int size,
        Span<float> density,
        Span<float> depthWeighted,
        Span<float> inPlane)
    {
        Span<float> weights = stackalloc float[2 * MaxBlocks * Lanes];
        ref var wx = ref MemoryMarshal.GetReference(weights);
        ref var wdx = ref Unsafe.Add(ref wx, MaxBlocks * Lanes);
        ref var g0 = ref MemoryMarshal.GetReference(density);
        ref var g1 = ref MemoryMarshal.GetReference(depthWeighted);
        ref var g2 = ref MemoryMarshal.GetReference(inPlane);
        for (var j = 0; j < amplitudes.Length; j++)
        {
            var cut = new Window(splats, j, size);
            FillWeights(cut, ref wx);
            var inverseVariance = 2 * cut.InverseTwoVariance;
            float alongX = -armY[j] * inverseVariance, alongY = armX[j] * inverseVariance;
            var offset = cut.FirstColumn - cut.X;
            for (var b = 0; b < cut.Columns; b += Lanes)
            {
                var d = Vector256.Create(alongX) * (Vector256.CreateSequence(offset + b, 1f));
                (d * Vector256.LoadUnsafe(ref wx, (nuint)b)).StoreUnsafe(ref wdx, (nuint)b);
            }

            var norm = amplitudes[j] * splats.Norm[j];
            for (var row = cut.FirstRow; row <= cut.LastRow; row++)
            {
                var dy = row - cut.Y;
                var wy = norm * MathF.Exp(-dy * dy * cut.InverseTwoVariance);
                if (cut.Inside)
                {
                    var o = (row * size) + cut.FirstColumn;
                    Vector256<float> v0 = Vector256.Create(wy), v1 = Vector256.Create(wy * depth[j]), v2 = Vector256.Create(wy * alongY * dy);
                    for (var b = 0; b < cut.Columns; b += Lanes, o += Lanes)
                    {
                        Vector256<float> w = Vector256.LoadUnsafe(ref wx, (nuint)b), wd = Vector256.LoadUnsafe(ref wdx, (nuint)b);
                        ref var c0 = ref Unsafe.Add(ref g0, o);
                        ref var c1 = ref Unsafe.Add(ref g1, o);
                        ref var c2 = ref Unsafe.Add(ref g2, o);
                        Vector256.MultiplyAddEstimate(v0, w, Vector256.LoadUnsafe(ref c0)).StoreUnsafe(ref c0);
                        Vector256.MultiplyAddEstimate(v1, w, Vector256.LoadUnsafe(ref c1)).StoreUnsafe(ref c1);
                        Vector256.MultiplyAddEstimate(v0, wd, Vector256.MultiplyAddEstimate(v2, w, Vector256.LoadUnsafe(ref c2))).StoreUnsafe(ref c2);
                    }
                }
                else
                {
                    var line = Wrap(row, size) * size;
                    for (var b = 0; b < cut.Columns; b++)
                    {
                        var o = line + Wrap(cut.FirstColumn + b, size);
                        float w = Unsafe.Add(ref wx, b), wd = Unsafe.Add(ref wdx, b);
                        Unsafe.Add(ref g0, o) += wy * w;
                        Unsafe.Add(ref g1, o) += wy * depth[j] * w;
                        Unsafe.Add(ref g2, o) += wy * ((alongY * dy * w) + wd);
                    }
                }
            }
        }
    }

    /// <summary>Sums a grid under Gaussian j: the transpose of <see cref="Deposit"/>, with moments for the derivatives.</summary>
    public static Moments Gather(in Splats splats, int j, int size, ReadOnlySpan<float> grid)
    {
        Span<float> wx = stackalloc float[MaxBlocks * Lanes];
        ref var w = ref MemoryMarshal.GetReference(wx);
        ref var g = ref MemoryMarshal.GetReference(grid);
        var cut = new Window(splats, j, size);
        FillWeights(cut, ref w);
        Vector256<float> value = default, firstX = default, firstY = default, square = default;
        Span<float> wrapped = stackalloc float[Lanes];
        for (var row = cut.FirstRow; row <= cut.LastRow; row++)
        {
            var dy = row - cut.Y;
            var wy = MathF.Exp(-dy * dy * cut.InverseTwoVariance);
            var line = cut.Inside ? row * size : Wrap(row, size) * size;
            for (var b = 0; b < cut.Columns; b += Lanes)
            {
                Vector256<float> cells;
                if (cut.Inside)
                {
                    cells = Vector256.LoadUnsafe(ref g, (nuint)(line + cut.FirstColumn + b));
                }
                else
                {
                    for (var lane = 0; lane < Lanes; lane++)
                    {
                        wrapped[lane] = Unsafe.Add(ref g, line + Wrap(cut.FirstColumn + b + lane, size));
                    }

                    cells = Vector256.Create(wrapped);
                }

                var dx = Vector256.CreateSequence(cut.FirstColumn - cut.X + b, 1f);
                var v = cells * Vector256.LoadUnsafe(ref w, (nuint)b) * wy;
                value += v;
                firstX += v * dx;
                firstY += v * dy;
                square += v * ((dx * dx) + Vector256.Create(dy * dy));
            }
        }

        return new Moments(Vector256.Sum(value), Vector256.Sum(firstX), Vector256.Sum(firstY), Vector256.Sum(square));
    }

    /// <summary>exp(-d^2 / 2v) of every column of a window.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FillWeights(in Window cut, ref float weights)
    {
        var scale = Vector256.Create(-cut.InverseTwoVariance);
        var offset = cut.FirstColumn - cut.X;
        for (var b = 0; b < cut.Columns; b += Lanes)
        {
            var d = Vector256.CreateSequence(offset + b, 1f);
            Vector256.Exp(d * d * scale).StoreUnsafe(ref weights, (nuint)b);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Wrap(int i, int size)
    {
        i %= size;
        return i < 0 ? i + size : i;
    }

    /// <summary>The cells one Gaussian covers; columns in whole blocks of lanes.</summary>
    private readonly ref struct Window
    {
        public readonly float X;
        public readonly float Y;
        public readonly float InverseTwoVariance;
        public readonly int FirstColumn;
        public readonly int Columns;
        public readonly int FirstRow;
        public readonly int LastRow;
        public readonly bool Inside;

        public Window(in Splats splats, int j, int size)
        {
            X = splats.X[j];
            Y = splats.Y[j];
            InverseTwoVariance = splats.InverseTwoVariance[j];
            var support = splats.Support[j];
            Columns = Math.Min((int)MathF.Ceiling(2 * support / Lanes), Math.Min(MaxBlocks, size / Lanes)) * Lanes;
            FirstColumn = (int)MathF.Ceiling(X - (0.5f * Columns));
            FirstRow = (int)MathF.Ceiling(Y - support);
            LastRow = (int)MathF.Floor(Y + support);
            Inside = FirstColumn >= 0 && FirstColumn + Columns <= size && FirstRow >= 0 && LastRow < size;
        }
    }
}
