namespace Gmm.Refinement;

/// <summary>Writes a report's files so that a reader never sees half of one.</summary>
internal static class ReportFile
{
    /// <summary>Writes to a temporary name in the same folder, then renames.</summary>
    public static void WriteWhole(string path, byte[] content)
    {
        var temporary = path + ".tmp";
        try
        {
            File.WriteAllBytes(temporary, content);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
