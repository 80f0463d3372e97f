using System.Buffers;
using System.Numerics;

namespace Gmm.Core;

/// <summary>The discrete Fourier transform of real maps. Immutable and safe on many threads; the caller owns the scratch.</summary>
/// <remarks>
/// As <see cref="RealFft2D{T}"/>, with a third, slowest axis z: element (z, y, x) lies at (z Height + y) Width + x of the map and at
/// (z Height + y) SpectrumWidth + kx of the spectrum. Results are the same to the bit for any number of threads. The inverse works inside the
/// real map, so no second spectrum is held; each thread also rents a few lines from the shared array pool.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal sealed class RealFft3D<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RealPlane<T> _plane;
    private readonly FftLine<T> _line;

    /// <summary>Plans the transform of maps of a size.</summary>
    /// <param name="depth">Sections of the map.</param>
    /// <param name="height">Rows of a section.</param>
    /// <param name="width">Columns of a section, contiguous in memory.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size that is not positive or over 2^22, or more than 2^31 - 1 voxels.</exception>
    public RealFft3D(int depth, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(depth);
        _plane = new RealPlane<T>(height, width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((Int128)depth * height * ((2 * (width / 2)) + 2), int.MaxValue, nameof(depth));
        _line = new FftLine<T>(depth);
    }

    private delegate void Work(int item, nint work);

    /// <summary>Sections of the map.</summary>
    public int Depth => _line.Length;

    /// <summary>Rows of a section.</summary>
    public int Height => _plane.Height;

    /// <summary>Columns of a section.</summary>
    public int Width => _plane.Width;

    /// <summary>Columns of the spectrum: Width / 2 + 1.</summary>
    public int SpectrumWidth => _plane.SpectrumWidth;

    /// <summary>Voxels of the map.</summary>
    public int RealLength => Depth * Height * Width;

    /// <summary>Complex values of the spectrum.</summary>
    public int SpectrumLength => Depth * Height * SpectrumWidth;

    /// <summary>Values of scratch that a call needs: 2 Depth Height.</summary>
    public int ScratchLength => 2 * Depth * Height;

    private int WorkLength => Math.Max(_plane.WorkLength, RealPlane<T>.WorkLengthOf(_line, _line));

    /// <summary>Map to spectrum.</summary>
    /// <param name="real"><see cref="RealLength"/> voxels.</param>
    /// <param name="re">Real parts, <see cref="SpectrumLength"/> values.</param>
    /// <param name="im">Imaginary parts, <see cref="SpectrumLength"/> values.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values, of any content.</param>
    /// <param name="threads">Threads to use at most.</param>
    /// <param name="cancellationToken">Stops it between sections.</param>
    /// <exception cref="ArgumentException">A span that is too short, or no threads.</exception>
    public unsafe void Forward(ReadOnlySpan<T> real, Span<T> re, Span<T> im, Span<T> scratch, int threads = 1, CancellationToken cancellationToken = default)
    {
        Check(real.Length, re.Length, im.Length, scratch.Length, threads);
        fixed (T* p0 = real, r0 = re, i0 = im)
        {
            T* p = p0, r = r0, i = i0;
            nint section = Height * SpectrumWidth;
            Run((threads, cancellationToken), Depth, (z, work) => _plane.Forward(
                p + ((nint)z * Height * Width), r + (z * section), i + (z * section), SpectrumWidth, (T*)work));
            if (Depth == 1)
            {
                return;
            }

            // Columns along z, in pieces of whole vectors: which lines share a vector does not depend on the threads.
            var piece = 16 * Vector<T>.Count;
            Run((threads, cancellationToken), (int)((section + piece - 1) / piece), (n, work) =>
            {
                nint x = (nint)n * piece;
                RealPlane<T>.Columns(_line, r + x, i + x, section, r + x, i + x, section, (int)Math.Min(piece, section - x), (T*)work);
            });
        }
    }

    /// <summary>Spectrum to map. The spectrum is taken for that of a real map.</summary>
    /// <param name="re">Real parts, <see cref="SpectrumLength"/> values.</param>
    /// <param name="im">Imaginary parts, <see cref="SpectrumLength"/> values.</param>
    /// <param name="real"><see cref="RealLength"/> voxels; must not overlap the spectrum.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> values, of any content.</param>
    /// <param name="threads">Threads to use at most.</param>
    /// <param name="cancellationToken">Stops it between sections.</param>
    /// <exception cref="ArgumentException">A span that is too short, or no threads.</exception>
    public unsafe void Inverse(
        ReadOnlySpan<T> re, ReadOnlySpan<T> im, Span<T> real, Span<T> scratch, int threads = 1, CancellationToken cancellationToken = default)
    {
        Check(real.Length, re.Length, im.Length, scratch.Length, threads);
        fixed (T* p0 = real, r0 = re, i0 = im, s0 = scratch)
        {
            T* p = p0, r = r0, i = i0, last = s0;
            int half = _plane.Half, height = Height, width = Width, spectrumWidth = SpectrumWidth;
            nint source = (nint)height * spectrumWidth, target = (nint)height * width;

            // Along z, from the spectrum into the packed form; real and imaginary change places, which makes it the inverse.
            // Column Half of section z goes to last: Height real, then Height imaginary parts.
            Run((threads, cancellationToken), height, (y, work) =>
            {
                nint from = (nint)y * spectrumWidth, to = (nint)y * width;
                RealPlane<T>.Columns(_line, i + from, r + from, source, p + to + half, p + to, target, half, (T*)work);
            });
            var piece = 8 * Vector<T>.Count;
            Run((threads, cancellationToken), (height + piece - 1) / piece, (n, work) =>
            {
                nint y = n * piece, from = (y * spectrumWidth) + half;
                RealPlane<T>.Columns(
                    _line, i + from, r + from, source, last + y + height, last + y, 2 * height, (int)Math.Min(piece, height - y), (T*)work, spectrumWidth);
            });
            var scale = T.One / T.CreateChecked(RealLength);
            Run((threads, cancellationToken), Depth, (z, work) =>
            {
                T* plane = p + (z * target), column = last + ((nint)z * 2 * height);
                _plane.Inverse(plane, plane + half, width, column, column + height, 1, plane, column, spectrumWidth, scale, (T*)work);
            });
        }
    }

    private unsafe void Run((int Threads, CancellationToken Token) how, int count, Work action)
    {
        var length = WorkLength;
        if (how.Threads == 1 || count == 1)
        {
            var rented = ArrayPool<T>.Shared.Rent(length);
            fixed (T* work = rented)
            {
                for (var item = 0; item < count; item++)
                {
                    how.Token.ThrowIfCancellationRequested();
                    action(item, (nint)work);
                }
            }

            ArrayPool<T>.Shared.Return(rented);
            return;
        }

        Guarded.For(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = how.Threads, CancellationToken = how.Token },
            () => ArrayPool<T>.Shared.Rent(length),
            (item, _, rented) =>
            {
                fixed (T* work = rented)
                {
                    action(item, (nint)work);
                }

                return rented;
            },
            rented => ArrayPool<T>.Shared.Return(rented));
    }

    private void Check(int real, int re, int im, int scratch, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(real, RealLength, nameof(real));
        ArgumentOutOfRangeException.ThrowIfLessThan(re, SpectrumLength, nameof(re));
        ArgumentOutOfRangeException.ThrowIfLessThan(im, SpectrumLength, nameof(im));
        ArgumentOutOfRangeException.ThrowIfLessThan(scratch, ScratchLength, nameof(scratch));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
    }
}
