namespace Gmm.Cli;

/// <summary>One line of progress for what is at work, a new one when that changes. Safe on several threads.</summary>
internal sealed class LabelledLine(CliConsole console) : IDisposable
{
    private readonly Lock _lock = new();
    private string? _label;
    private ProgressLine? _line;

    /// <summary>Shows how far what is at work has come.</summary>
    /// <param name="label">What it is.</param>
    /// <param name="share">0 to 1.</param>
    /// <param name="between">Called when it is something new.</param>
    public void Show(string label, double share, Action? between = null)
    {
        lock (_lock)
        {
            if (label != _label)
            {
                _line?.Dispose();
                between?.Invoke();
                (_line, _label) = (new ProgressLine(console, label), label);
            }

            _line!.Report(share);
        }
    }

    /// <summary>Ends the line; the next report begins another.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _line?.Dispose();
            (_line, _label) = (null, null);
        }
    }
}
