using System.Runtime.InteropServices;

namespace Gmm.Core.Tests.Kernels;

/// <summary>
/// Memory between two pages that cannot be touched, at the end or at the start of its room: code that works on pointers and reads or writes one value
/// too far ends the process at once. For Linux, which the continuous integration runs on.
/// </summary>
internal sealed unsafe partial class GuardedPages : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;
    private readonly nint _start;
    private readonly nuint _length;
    private readonly float* _values;
    private readonly int _count;

    public GuardedPages(int count, bool atEnd)
    {
        nuint page = (nuint)Environment.SystemPageSize, room = ((((nuint)count * sizeof(float)) + page - 1) / page * page) + page;
        _length = room + (2 * page);
        _start = Map(0, _length, 0, PrivateAnonymous, -1, 0);
        if (_start == -1 || Protect(_start + (nint)page, room, ReadWrite) != 0)
        {
            throw new InvalidOperationException("No memory.");
        }

        _count = count;
        _values = (float*)(_start + (nint)(atEnd ? page + room - ((nuint)count * sizeof(float)) : page));
    }

    public Span<float> Values => new(_values, _count);

    public void Dispose() => _ = Unmap(_start, _length);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
