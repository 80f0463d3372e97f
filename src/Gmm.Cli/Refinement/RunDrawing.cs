namespace Gmm.Cli;

/// <summary>Draws the pictures of a run: where that fails, the results are there all the same.</summary>
internal static class RunDrawing
{
    /// <summary>Draws, or warns that it could not be done.</summary>
    /// <param name="call">Where to say so.</param>
    /// <param name="draw">What draws.</param>
    public static void Try(VerbCall call, Action draw)
    {
        try
        {
            draw();
        }
#pragma warning disable CA1031 // Whatever a picture fails on, native code and fonts too, no result may be lost by it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            call.Warn([$"the results are written, but not all pictures of them: {e.Message}"]);
        }
    }
}
