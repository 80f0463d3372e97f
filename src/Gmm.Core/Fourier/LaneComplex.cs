using System.Numerics;
using System.Runtime.CompilerServices;

namespace Gmm.Core;

/// <summary>A vector of complex numbers: one number of each of several lines that are transformed side by side.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal readonly struct LaneComplex<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly Vector<T> Re;
    public readonly Vector<T> Im;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public LaneComplex(Vector<T> re, Vector<T> im)
    {
        Re = re;
        Im = im;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex<T> operator +(LaneComplex<T> a, LaneComplex<T> b) => new(a.Re + b.Re, a.Im + b.Im);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex<T> operator -(LaneComplex<T> a, LaneComplex<T> b) => new(a.Re - b.Re, a.Im - b.Im);

    /// <summary>Complex product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex<T> operator *(LaneComplex<T> a, LaneComplex<T> b) =>
        new(MulAdd(-a.Im, b.Im, a.Re * b.Re), MulAdd(a.Im, b.Re, a.Re * b.Im));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex<T> operator *(LaneComplex<T> a, Vector<T> f) => new(a.Re * f, a.Im * f);

    /// <summary>a + i b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex<T> PlusI(LaneComplex<T> a, LaneComplex<T> b) => new(a.Re - b.Im, a.Im + b.Re);

    /// <summary>a - i b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex<T> MinusI(LaneComplex<T> a, LaneComplex<T> b) => new(a.Re + b.Im, a.Im - b.Re);

    /// <summary>a f + c with a real factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LaneComplex<T> MulAdd(LaneComplex<T> a, Vector<T> f, LaneComplex<T> c) => new(MulAdd(a.Re, f, c.Re), MulAdd(a.Im, f, c.Im));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe LaneComplex<T> Load(T* re, T* im, nint offset) => new(Vector.Load(re + offset), Vector.Load(im + offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe LaneComplex<T> Broadcast(T* pair) => new(new Vector<T>(pair[0]), new Vector<T>(pair[1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Store(T* re, T* im, nint offset)
    {
        Re.Store(re + offset);
        Im.Store(im + offset);
    }

    // There is no generic fused multiply-add; the JIT removes the branches that are not T's.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> MulAdd(Vector<T> a, Vector<T> b, Vector<T> c)
    {
        if (typeof(T) == typeof(float))
        {
            return Vector.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>();
        }

        if (typeof(T) == typeof(double))
        {
            return Vector.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();
        }

        return (a * b) + c;
    }
}
