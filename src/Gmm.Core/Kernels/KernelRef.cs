using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gmm.Core;

/// <summary>
/// A place in an array from which a kernel reads and writes without a check of bounds: the only way by which the kernels of spreading and gathering
/// touch memory (docs/trust.md). Built with CHECKED_KERNELS, <c>-p:CheckedKernels=true</c>, every access is checked against the span it was made of.
/// </summary>
/// <remarks>
/// A kernel proves once, before its loop, that all it will touch lies inside the span; then the loop need not. In the normal build this is a bare
/// reference.
/// </remarks>
/// <typeparam name="T">float, double or int.</typeparam>
internal readonly ref struct KernelRef<T>
    where T : unmanaged
{
#if CHECKED_KERNELS
    private readonly Span<T> _all;
    private readonly nint _at;

    /// <summary>The start of a span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KernelRef(Span<T> span)
        : this(span, 0)
    {
    }

    private KernelRef(Span<T> all, nint at)
    {
        _all = all;
        _at = at;
    }

    /// <summary>The value some places on.</summary>
    public ref T this[nint offset] => ref _all[checked((int)(_at + offset))];

    /// <summary>The place some places on; it may lie outside, as long as nothing is touched there.</summary>
    public static KernelRef<T> operator +(KernelRef<T> start, nint offset) => new(start._all, checked(start._at + offset));

    /// <summary>Reads four doubles or eight floats.</summary>
    public Vector256<T> Load(nint offset = 0) => Vector256.Create<T>(_all.Slice(checked((int)(_at + offset)), Vector256<T>.Count));

    /// <summary>Reads two doubles or four floats.</summary>
    public Vector128<T> LoadHalf(nint offset = 0) => Vector128.Create<T>(_all.Slice(checked((int)(_at + offset)), Vector128<T>.Count));

    /// <summary>Writes four doubles or eight floats.</summary>
    public void Store(Vector256<T> value, nint offset = 0) => value.CopyTo(_all.Slice(checked((int)(_at + offset)), Vector256<T>.Count));
#else
    private readonly ref T _first;

    /// <summary>The start of a span.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KernelRef(Span<T> span) => _first = ref MemoryMarshal.GetReference(span);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private KernelRef(ref T first) => _first = ref first;

    /// <summary>The value some places on.</summary>
    public ref T this[nint offset]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Unsafe.Add(ref _first, offset);
    }

    /// <summary>The place some places on; it may lie outside, as long as nothing is touched there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KernelRef<T> operator +(KernelRef<T> start, nint offset) => new(ref Unsafe.Add(ref start._first, offset));

    /// <summary>Reads four doubles or eight floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<T> Load(nint offset = 0) => Vector256.LoadUnsafe(ref Unsafe.Add(ref _first, offset));

    /// <summary>Reads two doubles or four floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<T> LoadHalf(nint offset = 0) => Vector128.LoadUnsafe(ref Unsafe.Add(ref _first, offset));

    /// <summary>Writes four doubles or eight floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(Vector256<T> value, nint offset = 0) => value.StoreUnsafe(ref Unsafe.Add(ref _first, offset));
#endif

    /// <summary>The start of a span that is only read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KernelRef<T> Reading(ReadOnlySpan<T> span) => new(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(span), span.Length));
}
