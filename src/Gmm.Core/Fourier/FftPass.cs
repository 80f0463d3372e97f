using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gmm.Core;

/// <summary>
/// One pass of a self-sorting (Stockham, decimation in frequency) transform of Vector&lt;T&gt;.Count lines side by side. Element j of the
/// lines is a vector at j times a stride.
/// </summary>
/// <remarks>
/// A pass of radix r over sub-transforms of length r m, s of them interleaved, reads x[q + s (p + m k)] and writes
/// y[q + s (r p + k)] times exp(-2 pi i p k / (r m)), for p below m, q below s and k below r.
/// </remarks>
internal unsafe struct FftPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* Xr;
    public T* Xi;
    public nint Xs;
    public T* Yr;
    public T* Yi;
    public nint Ys;
    public int M;
    public int S;

    /// <summary>2 (r - 1) numbers for each p: the factors of k = 1 to r - 1.</summary>
    public T* Twiddles;

    /// <summary>For radices with no code of their own: cos and sin of 2 pi k / r, interleaved.</summary>
    public T* Roots;

    /// <summary>Runs a pass.</summary>
    public readonly void Run(int radix)
    {
        var w = Twiddles;
        for (var p = 0; p < M; p++, w += 2 * (radix - 1))
        {
            // The factors of p = 0 are 1; the whole last pass is of this kind.
            switch (radix)
            {
                case 1: Copy(); break;
                case 2 when p == 0: Radix2<Plain>(p, w); break;
                case 2: Radix2<Turned>(p, w); break;
                case 3 when p == 0: Radix3<Plain>(p, w); break;
                case 3: Radix3<Turned>(p, w); break;
                case 4 when p == 0: Radix4<Plain>(p, w); break;
                case 4: Radix4<Turned>(p, w); break;
                case 5 when p == 0: Radix5<Plain>(p, w); break;
                case 5: Radix5<Turned>(p, w); break;
                default: RadixAny(radix, p, w); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LaneComplex<T> Factor<TMode>(T* w, int k)
        where TMode : struct => typeof(TMode) == typeof(Turned) ? LaneComplex<T>.Broadcast(w + (2 * (k - 1))) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static LaneComplex<T> Turn<TMode>(LaneComplex<T> a, LaneComplex<T> w)
        where TMode : struct => typeof(TMode) == typeof(Turned) ? a * w : a;

    private readonly void Copy()
    {
        for (var q = 0; q < S; q++)
        {
            LaneComplex<T>.Load(Xr, Xi, q * Xs).Store(Yr, Yi, q * Ys);
        }
    }

    private readonly void Radix2<TMode>(int p, T* w)
        where TMode : struct
    {
        T* xr = Xr, xi = Xi, yr = Yr, yi = Yi;
        nint xs = Xs, ys = Ys, xk = M * S * xs, yk = S * ys, x = p * S * xs, y = 2 * p * yk;
        var w1 = Factor<TMode>(w, 1);
        for (var q = 0; q < S; q++, x += xs, y += ys)
        {
            var a = LaneComplex<T>.Load(xr, xi, x);
            var b = LaneComplex<T>.Load(xr, xi, x + xk);
            (a + b).Store(yr, yi, y);
            Turn<TMode>(a - b, w1).Store(yr, yi, y + yk);
        }
    }

    private readonly void Radix3<TMode>(int p, T* w)
        where TMode : struct
    {
        T* xr = Xr, xi = Xi, yr = Yr, yi = Yi;
        nint xs = Xs, ys = Ys, xk = M * S * xs, yk = S * ys, x = p * S * xs, y = 3 * p * yk;
        LaneComplex<T> w1 = Factor<TMode>(w, 1), w2 = Factor<TMode>(w, 2);
        Vector<T> half = new(T.CreateChecked(-0.5)), sin = new(T.CreateChecked(0.86602540378443864676));
        for (var q = 0; q < S; q++, x += xs, y += ys)
        {
            var a = LaneComplex<T>.Load(xr, xi, x);
            var b = LaneComplex<T>.Load(xr, xi, x + xk);
            var c = LaneComplex<T>.Load(xr, xi, x + (2 * xk));
            LaneComplex<T> sum = b + c, even = LaneComplex<T>.MulAdd(sum, half, a), odd = (b - c) * sin;
            (a + sum).Store(yr, yi, y);
            Turn<TMode>(LaneComplex<T>.MinusI(even, odd), w1).Store(yr, yi, y + yk);
            Turn<TMode>(LaneComplex<T>.PlusI(even, odd), w2).Store(yr, yi, y + (2 * yk));
        }
    }

    private readonly void Radix4<TMode>(int p, T* w)
        where TMode : struct
    {
        T* xr = Xr, xi = Xi, yr = Yr, yi = Yi;
        nint xs = Xs, ys = Ys, xk = M * S * xs, yk = S * ys, x = p * S * xs, y = 4 * p * yk;
        LaneComplex<T> w1 = Factor<TMode>(w, 1), w2 = Factor<TMode>(w, 2), w3 = Factor<TMode>(w, 3);
        for (var q = 0; q < S; q++, x += xs, y += ys)
        {
            var a = LaneComplex<T>.Load(xr, xi, x);
            var b = LaneComplex<T>.Load(xr, xi, x + xk);
            var c = LaneComplex<T>.Load(xr, xi, x + (2 * xk));
            var d = LaneComplex<T>.Load(xr, xi, x + (3 * xk));
            LaneComplex<T> ac = a + c, bd = b + d, amc = a - c, bmd = b - d;
            (ac + bd).Store(yr, yi, y);
            Turn<TMode>(LaneComplex<T>.MinusI(amc, bmd), w1).Store(yr, yi, y + yk);
            Turn<TMode>(ac - bd, w2).Store(yr, yi, y + (2 * yk));
            Turn<TMode>(LaneComplex<T>.PlusI(amc, bmd), w3).Store(yr, yi, y + (3 * yk));
        }
    }

    private readonly void Radix5<TMode>(int p, T* w)
        where TMode : struct
    {
        T* xr = Xr, xi = Xi, yr = Yr, yi = Yi;
        nint xs = Xs, ys = Ys, xk = M * S * xs, yk = S * ys, x = p * S * xs, y = 5 * p * yk;
        LaneComplex<T> w1 = Factor<TMode>(w, 1), w2 = Factor<TMode>(w, 2), w3 = Factor<TMode>(w, 3), w4 = Factor<TMode>(w, 4);
        Vector<T> c1 = new(T.CreateChecked(0.30901699437494742410)), c2 = new(T.CreateChecked(-0.80901699437494742410));
        Vector<T> s1 = new(T.CreateChecked(0.95105651629515357212)), s2 = new(T.CreateChecked(0.58778525229247312917));
        for (var q = 0; q < S; q++, x += xs, y += ys)
        {
            var a = LaneComplex<T>.Load(xr, xi, x);
            var b = LaneComplex<T>.Load(xr, xi, x + xk);
            var c = LaneComplex<T>.Load(xr, xi, x + (2 * xk));
            var d = LaneComplex<T>.Load(xr, xi, x + (3 * xk));
            var e = LaneComplex<T>.Load(xr, xi, x + (4 * xk));
            LaneComplex<T> be = b + e, cd = c + d, bme = b - e, cmd = c - d;
            (a + be + cd).Store(yr, yi, y);
            var even1 = LaneComplex<T>.MulAdd(cd, c2, LaneComplex<T>.MulAdd(be, c1, a));
            var even2 = LaneComplex<T>.MulAdd(cd, c1, LaneComplex<T>.MulAdd(be, c2, a));
            var odd1 = LaneComplex<T>.MulAdd(cmd, s2, bme * s1);
            var odd2 = LaneComplex<T>.MulAdd(cmd, -s1, bme * s2);
            Turn<TMode>(LaneComplex<T>.MinusI(even1, odd1), w1).Store(yr, yi, y + yk);
            Turn<TMode>(LaneComplex<T>.MinusI(even2, odd2), w2).Store(yr, yi, y + (2 * yk));
            Turn<TMode>(LaneComplex<T>.PlusI(even2, odd2), w3).Store(yr, yi, y + (3 * yk));
            Turn<TMode>(LaneComplex<T>.PlusI(even1, odd1), w4).Store(yr, yi, y + (4 * yk));
        }
    }

    /// <summary>An odd prime radix by its definition, r^2/4 products; reads its input while it writes, so never in place.</summary>
    private readonly void RadixAny(int radix, int p, T* w)
    {
        nint xs = Xs, ys = Ys, xk = M * S * xs, yk = S * ys, x = p * S * xs, y = radix * p * yk;
        for (var q = 0; q < S; q++, x += xs, y += ys)
        {
            var first = LaneComplex<T>.Load(Xr, Xi, x);
            var sum = first;
            for (var j = 1; j < radix; j++)
            {
                sum += LaneComplex<T>.Load(Xr, Xi, x + (j * xk));
            }

            sum.Store(Yr, Yi, y);
            for (var k = 1; k <= radix / 2; k++)
            {
                LaneComplex<T> even = first, odd = default;
                for (int j = 1, turn = k; j <= radix / 2; j++)
                {
                    var a = LaneComplex<T>.Load(Xr, Xi, x + (j * xk));
                    var b = LaneComplex<T>.Load(Xr, Xi, x + ((radix - j) * xk));
                    even = LaneComplex<T>.MulAdd(a + b, new Vector<T>(Roots[2 * turn]), even);
                    odd = LaneComplex<T>.MulAdd(a - b, new Vector<T>(Roots[(2 * turn) + 1]), odd);
                    turn += k;
                    turn -= turn >= radix ? radix : 0;
                }

                Turn<Turned>(LaneComplex<T>.MinusI(even, odd), Factor<Turned>(w, k)).Store(Yr, Yi, y + (k * yk));
                Turn<Turned>(LaneComplex<T>.PlusI(even, odd), Factor<Turned>(w, radix - k)).Store(Yr, Yi, y + ((radix - k) * yk));
            }
        }
    }

    private readonly struct Plain;

    private readonly struct Turned;
}
