using Gmm.IO;

namespace Gmm.Cli;

/// <summary>Draws the pictures of a run: where that fails, the results are there all the same.</summary>
internal static class RunDrawing
{
    /// <summary>Draws, or warns that it could not be done; pictures of an earlier result do not stay then.</summary>
    /// <param name="call">Where to say so.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="files">The pictures.</param>
    /// <param name="draw">What draws them.</param>
    public static void Try(VerbCall call, RunFolder folder, IReadOnlyList<string> files, Action draw)
    {
        var began = DateTime.UtcNow;
        try
        {
            draw();
        }
#pragma warning disable CA1031 // Whatever a picture fails on, native code and fonts too, no result may be lost by it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            call.WarnOnce($"not all pictures could be drawn, everything else is written: {e.Message}");
            folder.Remove(files.Where(f => !File.Exists(folder.In(f)) || File.GetLastWriteTimeUtc(folder.In(f)) < began));
        }
    }
}
