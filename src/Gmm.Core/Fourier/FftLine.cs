using System.Numerics;

namespace Gmm.Core;

/// <summary>
/// The complex transform exp(-2 pi i j k / n) of lines of one length, Vector&lt;T&gt;.Count of them side by side; unnormalised. The inverse
/// is had by exchanging real and imaginary pointers. Immutable.
/// </summary>
internal sealed unsafe class FftLine<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Longest line: the numbers of the values of two work buffers, and of all of a pass, then fit 32 bits whatever the vectors' length.</summary>
    private const int LongestLine = 1 << 22;

    private readonly int[] _radices;
    private readonly int[] _twiddleStart;
    private readonly T[] _twiddles;
    private readonly int[] _rootStart;
    private readonly T[] _roots;

    public FftLine(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, LongestLine);
        Length = length;
        _radices = Passes(length);
        _twiddleStart = new int[_radices.Length];
        _rootStart = new int[_radices.Length];
        List<T> twiddles = [], roots = [];
        for (int i = 0, n = length; i < _radices.Length; n /= _radices[i], i++)
        {
            var r = _radices[i];
            _twiddleStart[i] = twiddles.Count;
            for (var p = 0; p < n / r; p++)
            {
                for (var k = 1; k < r; k++)
                {
                    Add(twiddles, (long)p * k, n, -1);
                }
            }

            _rootStart[i] = roots.Count;
            for (var k = 0; k < r && r > 5; k++)
            {
                Add(roots, k, r, 1);
            }
        }

        _twiddles = [.. twiddles, default];
        _roots = [.. roots, default];
    }

    /// <summary>Length of the lines.</summary>
    public int Length { get; }

    /// <summary>Values in one work buffer of a line of this length.</summary>
    public int BufferLength => ((2 * Length) + 4) * Vector<T>.Count;

    /// <summary>Which buffer a transform from buffer a to a buffer ends in.</summary>
    public T* Final(T* a, T* b) => _radices.Length % 2 == 1 ? b : a;

    /// <summary>Transforms lines.</summary>
    /// <param name="sr">First real element; may be in buffer a, but not in b. Pass the imaginary one for the inverse.</param>
    /// <param name="si">First imaginary element.</param>
    /// <param name="ss">Step from an element to the next.</param>
    /// <param name="dr">Where the first real element goes: the source, elsewhere, or <see cref="Final"/>.</param>
    /// <param name="di">Where the first imaginary element goes.</param>
    /// <param name="ds">Step from an element to the next.</param>
    /// <param name="a">Work buffer.</param>
    /// <param name="b">Work buffer.</param>
    public void Transform(T* sr, T* si, nint ss, T* dr, T* di, nint ds, T* a, T* b)
    {
        int lanes = Vector<T>.Count, m = Length, s = 1;
        fixed (T* twiddles = _twiddles, roots = _roots)
        {
            FftPass<T> pass = default;
            pass.Xr = sr;
            pass.Xi = si;
            pass.Xs = ss;
            for (var i = 0; i < _radices.Length; i++)
            {
                var r = _radices[i];
                m /= r;
                var work = i % 2 == 0 ? b : a;
                var last = i == _radices.Length - 1;
                pass.Yr = last ? dr : work;
                pass.Yi = last ? di : work + lanes;
                pass.Ys = last ? ds : 2 * lanes;
                pass.M = m;
                pass.S = s;
                pass.Twiddles = twiddles + _twiddleStart[i];
                pass.Roots = roots + _rootStart[i];
                pass.Run(r);
                pass.Xr = pass.Yr;
                pass.Xi = pass.Yi;
                pass.Xs = pass.Ys;
                s *= r;
            }
        }
    }

    private static void Add(List<T> list, long turn, int n, int sign)
    {
        var (sin, cos) = Math.SinCos(2 * Math.PI * (turn % n) / n);
        list.Add(T.CreateChecked(cos));
        list.Add(T.CreateChecked(sign * sin));
    }

    /// <summary>A lone general radix cannot work in place, and a copy after it makes it safe.</summary>
    private static int[] Passes(int n)
    {
        var radices = FftSizes.Radices(n);
        return radices.Length == 0 || (radices.Length == 1 && radices[0] > 5) ? [.. radices, 1] : radices;
    }
}
