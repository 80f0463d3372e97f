using System.Globalization;

namespace Gmm.Cli;

/// <summary>
/// Progress of one step: on a terminal one line, rewritten a few times a second; elsewhere a plain line every ten seconds, so that a log
/// stays short. Safe to report to from any thread.
/// </summary>
internal sealed class ProgressLine : IProgress<double>, IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private readonly CliConsole _console;
    private readonly string _label;
    private readonly TimeProvider _time;
    private readonly long _start;
    private long _last;
    private TaskProgress? _tasks;
    private int _written;

    public ProgressLine(CliConsole console, string label, TimeProvider? time = null)
    {
        (_console, _label, _time) = (console, label, time ?? TimeProvider.System);
        _start = _last = _time.GetTimestamp();
    }

    /// <summary>Says how much is done.</summary>
    /// <param name="value">0 to 1.</param>
    public void Report(double value)
    {
        lock (_lock)
        {
            var interval = _console is { ErrorIsTerminal: true, Style: ErrorStyle.Text } ? TerminalInterval : PlainInterval;
            if (_time.GetElapsedTime(_last) < interval)
            {
                return;
            }

            _last = _time.GetTimestamp();
            if (_console.Style == ErrorStyle.Text)
            {
                Write(value);
            }
            else
            {
                _console.Emit(new ToolEvent("progress")
                {
                    Stage = _label,
                    Share = Math.Round(Math.Clamp(value, 0, 1), 3),
                    Tasks = _tasks?.Total,
                    TasksDone = _tasks?.Done,
                    Workers = _tasks?.Workers,
                });
            }
        }
    }

    /// <summary>Notes where the tasks stand that processes share.</summary>
    public void Share(TaskProgress tasks)
    {
        lock (_lock)
        {
            _tasks = tasks;
        }
    }

    /// <summary>Reports items done of a total.</summary>
    public IProgress<int> Of(int total) => new Items(this, total);

    /// <summary>Takes the line off the terminal.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_written > 0 && _console.ErrorIsTerminal)
            {
                _console.Error.Write("\r" + new string(' ', _written) + "\r");
                _written = 0;
            }
        }
    }

    /// <summary>A length of time as people say it: 12 s, 3 min 05 s, 2 h 07 min.</summary>
    internal static string Text(TimeSpan time)
    {
        var c = CultureInfo.InvariantCulture;
        return time.TotalSeconds < 60 ? string.Create(c, $"{Math.Ceiling(time.TotalSeconds):F0} s")
            : time.TotalHours < 1 ? string.Create(c, $"{time.Minutes} min {time.Seconds:D2} s")
            : string.Create(c, $"{(int)time.TotalHours} h {time.Minutes:D2} min");
    }

    private void Write(double value)
    {
        var done = Math.Clamp(value, 0, 1);
        var elapsed = _time.GetElapsedTime(_start);
        var left = done > 0.001 ? $", {Text(elapsed * ((1 - done) / done))} left" : string.Empty;
        var line = string.Create(CultureInfo.InvariantCulture, $"{_label}: {Math.Floor(100 * done):F0} %{(_tasks is { } t ? $", {t}" : string.Empty)}{left}");
        if (_console.ErrorIsTerminal)
        {
            _console.Error.Write("\r" + line.PadRight(_written));
            _written = line.Length;
        }
        else
        {
            _console.Error.WriteLine(line);
        }
    }

    private sealed class Items(ProgressLine line, int total) : IProgress<int>
    {
        public void Report(int value) => line.Report((double)value / total);
    }
}
