#pragma warning disable CS1591, SA1600, CA1822, IDE0011 // interim file, to be replaced
using System.Numerics;

namespace Gmm.Core;

/// <summary>Interim.</summary>
public sealed class RealFft3D<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public RealFft3D(int depth, int height, int width) { Depth = depth; Height = height; Width = width; }
    public int Depth { get; }
    public int Height { get; }
    public int Width { get; }
    public int SpectrumWidth => (Width / 2) + 1;
    public int RealLength => Depth * Height * Width;
    public int SpectrumLength => Depth * Height * SpectrumWidth;
    public int ScratchLength => 0;

    public void Forward(ReadOnlySpan<T> real, Span<T> re, Span<T> im, Span<T> scratch, int threads = 1)
    {
        var a = new Complex[RealLength];
        for (var i = 0; i < a.Length; i++) a[i] = double.CreateChecked(real[i]);
        All(a, -1);
        for (var z = 0; z < Depth; z++) for (var y = 0; y < Height; y++) for (var x = 0; x < SpectrumWidth; x++)
        {
            var c = a[(z * Height + y) * Width + x];
            var o = (z * Height + y) * SpectrumWidth + x;
            re[o] = T.CreateChecked(c.Real); im[o] = T.CreateChecked(c.Imaginary);
        }
    }

    public void Inverse(ReadOnlySpan<T> re, ReadOnlySpan<T> im, Span<T> real, Span<T> scratch, int threads = 1)
    {
        var a = new Complex[RealLength];
        for (var z = 0; z < Depth; z++) for (var y = 0; y < Height; y++) for (var x = 0; x < Width; x++)
        {
            var conj = x >= SpectrumWidth;
            int zz = conj ? (Depth - z) % Depth : z, yy = conj ? (Height - y) % Height : y, xx = conj ? Width - x : x;
            var o = (zz * Height + yy) * SpectrumWidth + xx;
            var c = new Complex(double.CreateChecked(re[o]), double.CreateChecked(im[o]));
            a[(z * Height + y) * Width + x] = conj ? Complex.Conjugate(c) : c;
        }
        All(a, 1);
        for (var i = 0; i < a.Length; i++) real[i] = T.CreateChecked(a[i].Real / a.Length);
    }

    private void All(Complex[] a, int sign)
    {
        for (var z = 0; z < Depth; z++) for (var y = 0; y < Height; y++) Line(a, (z * Height + y) * Width, 1, Width, sign);
        for (var z = 0; z < Depth; z++) for (var x = 0; x < Width; x++) Line(a, z * Height * Width + x, Width, Height, sign);
        for (var y = 0; y < Height; y++) for (var x = 0; x < Width; x++) Line(a, y * Width + x, Height * Width, Depth, sign);
    }

    private static void Line(Complex[] a, int o, int stride, int n, int sign)
    {
        if (n == 1) return;
        var t = new Complex[n];
        for (var i = 0; i < n; i++) t[i] = a[o + i * stride];
        t = Rec(t, sign);
        for (var i = 0; i < n; i++) a[o + i * stride] = t[i];
    }

    private static Complex[] Rec(Complex[] t, int sign)
    {
        var n = t.Length;
        if (n == 1) return t;
        var p = 2; while (n % p != 0) p++;
        var m = n / p; var parts = new Complex[p][];
        for (var q = 0; q < p; q++) { var s = new Complex[m]; for (var i = 0; i < m; i++) s[i] = t[i * p + q]; parts[q] = Rec(s, sign); }
        var r = new Complex[n];
        for (var k = 0; k < n; k++) { Complex v = 0; for (var q = 0; q < p; q++) v += parts[q][k % m] * Complex.FromPolarCoordinates(1, sign * 2 * Math.PI * ((long)q * k % n) / n); r[k] = v; }
        return r;
    }
}
