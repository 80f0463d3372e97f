using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Gmm.Core;

/// <summary>Moves square blocks between rows that are contiguous and vectors whose lanes are the rows.</summary>
internal static unsafe class LaneTranspose<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MaxLanes = 64;

    private static bool IsFloat8 => typeof(T) == typeof(float) && Vector<T>.Count == 8 && Avx.IsSupported;

    private static bool IsDouble4 => typeof(T) == typeof(double) && Vector<T>.Count == 4 && Avx.IsSupported;

    /// <summary>Rows to vectors: lane l of vector j is rows[l][j].</summary>
    /// <param name="rows">One pointer for each lane.</param>
    /// <param name="count">Values of each row.</param>
    /// <param name="vectors">Where vector 0 goes.</param>
    /// <param name="step">From a vector to the next.</param>
    public static void Gather(T** rows, int count, T* vectors, nint step)
    {
        var lanes = Vector<T>.Count;
        if ((IsFloat8 || IsDouble4) && count >= lanes)
        {
            var to = stackalloc T*[MaxLanes];
            Lines(vectors, step, to);
            for (var j = 0; j < count; j += lanes)
            {
                // The last block overlaps the one before it: the same values are written again.
                j = Math.Min(j, count - lanes);
                Block(rows, j, to, j * step);
            }

            return;
        }

        for (var l = 0; l < lanes; l++)
        {
            for (var j = 0; j < count; j++)
            {
                vectors[(j * step) + l] = rows[l][j];
            }
        }
    }

    /// <summary>Vectors to rows: rows[l][j] is lane l of vector j.</summary>
    /// <param name="vectors">Vector 0.</param>
    /// <param name="step">From a vector to the next.</param>
    /// <param name="rows">One pointer for each lane.</param>
    /// <param name="count">Values of each row.</param>
    public static void Scatter(T* vectors, nint step, T** rows, int count)
    {
        var lanes = Vector<T>.Count;
        if ((IsFloat8 || IsDouble4) && count >= lanes)
        {
            var from = stackalloc T*[MaxLanes];
            Lines(vectors, step, from);
            for (var j = 0; j < count; j += lanes)
            {
                j = Math.Min(j, count - lanes);
                Block(from, j * step, rows, j);
            }

            return;
        }

        for (var l = 0; l < lanes; l++)
        {
            for (var j = 0; j < count; j++)
            {
                rows[l][j] = vectors[(j * step) + l];
            }
        }
    }

    private static void Lines(T* first, nint step, T** lines)
    {
        for (var l = 0; l < Vector<T>.Count; l++)
        {
            lines[l] = first + (l * step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(T** from, nint fromOffset, T** to, nint toOffset)
    {
        if (typeof(T) == typeof(float))
        {
            // Lines l and l + 4 share a register, so that the rest is 4 by 4 transposes within 128-bit halves.
            Half((float**)from, fromOffset, (float**)to, toOffset);
            Half((float**)from, fromOffset + 4, (float**)to + 4, toOffset);
        }
        else
        {
            Block4((double**)from, fromOffset, (double**)to, toOffset);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block4(double** from, nint i, double** to, nint o)
    {
        Vector256<double> a = Vector256.Load(from[0] + i), b = Vector256.Load(from[1] + i);
        Vector256<double> c = Vector256.Load(from[2] + i), d = Vector256.Load(from[3] + i);
        Vector256<double> ab0 = Avx.UnpackLow(a, b), ab1 = Avx.UnpackHigh(a, b), cd0 = Avx.UnpackLow(c, d), cd1 = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(ab0, cd0, 0x20).Store(to[0] + o);
        Avx.Permute2x128(ab1, cd1, 0x20).Store(to[1] + o);
        Avx.Permute2x128(ab0, cd0, 0x31).Store(to[2] + o);
        Avx.Permute2x128(ab1, cd1, 0x31).Store(to[3] + o);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Half(float** from, nint i, float** to, nint o)
    {
        Vector256<float> a = Pair(from[0] + i, from[4] + i), b = Pair(from[1] + i, from[5] + i);
        Vector256<float> c = Pair(from[2] + i, from[6] + i), d = Pair(from[3] + i, from[7] + i);
        Vector256<float> ab0 = Avx.UnpackLow(a, b), ab1 = Avx.UnpackHigh(a, b), cd0 = Avx.UnpackLow(c, d), cd1 = Avx.UnpackHigh(c, d);
        Avx.Shuffle(ab0, cd0, 0x44).Store(to[0] + o);
        Avx.Shuffle(ab0, cd0, 0xEE).Store(to[1] + o);
        Avx.Shuffle(ab1, cd1, 0x44).Store(to[2] + o);
        Avx.Shuffle(ab1, cd1, 0xEE).Store(to[3] + o);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pair(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));
}
