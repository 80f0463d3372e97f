namespace Gmm.Refinement;

/// <summary>Tells a disk that is full, or a quota that is used up, from other failures: no task is to blame for it, and trying again fails again.</summary>
internal static class DiskRoom
{
    /// <summary>ENOSPC and EDQUOT as .NET has them on Unix, ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL of Windows.</summary>
    private static readonly int[] s_full = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>Whether an exception, or what caused it, is that there is no room.</summary>
    public static bool IsUsedUp(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is IOException && s_full.Contains(error.HResult))
            {
                return true;
            }
        }

        return false;
    }
}
