using System.Runtime.InteropServices;

namespace Gmm.IO;

/// <summary>Room for the content of a whole file.</summary>
internal static class LargeArray
{
    /// <summary>A large page of x64 and of most ARM64 systems.</summary>
    private const int PageBytes = 1 << 21;

    /// <summary>MADV_HUGEPAGE of Linux (madvise(2)).</summary>
    private const int HugePages = 14;

    /// <summary>
    /// Bytes that are not zeroed. On Linux the system is told that large pages are welcome: touching the memory of 400 MB the first time in pages of 4 kB costs
    /// more than reading the file does, most of all on a virtual machine. A system that has none, or no such call, gives small ones.
    /// </summary>
    /// <param name="length">Number of bytes.</param>
    public static byte[] Allocate(int length)
    {
        var array = GC.AllocateUninitializedArray<byte>(length);
        if (length < 4 * PageBytes || !OperatingSystem.IsLinux())
        {
            return array;
        }

        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        try
        {
            // Whole large pages inside the array alone, so that no memory but the array's is taken.
            var address = (long)pin.AddrOfPinnedObject();
            var first = (address + PageBytes - 1) / PageBytes * PageBytes;
            var last = (address + length) / PageBytes * PageBytes;

            // An advice: what it answers changes nothing.
            _ = Advise((nint)first, (nint)(last - first), HugePages);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return array;
        }
        finally
        {
            pin.Free();
        }

        return array;
    }

    [DllImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Advise(nint address, nint length, int advice);
}
