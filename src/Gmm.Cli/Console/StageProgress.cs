using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace Gmm.Cli;

/// <summary>
/// Where a job stands, by the clock: what is being done, particles a second, the resolution so far, and the time left of the whole job. On a
/// terminal one line that is rewritten; elsewhere dated lines, one for each stage and then one every half minute; with --json events.
/// </summary>
/// <remarks>
/// The time left is that of the steps (iterations, epochs, points) still allowed, each as long as those that were done on average, so it is an upper
/// bound where a job stops by itself when nothing changes any more, and is not said before one step is done.
/// </remarks>
internal sealed class StageProgress : IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EventInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly CliConsole _console;
    private readonly TimeProvider _time;
    private readonly ITimer? _timer;
    private readonly List<TimeSpan> _steps = [];
    private WorkStage? _now;
    private long _stageBegan;
    private long _stepBegan;
    private long _lastLine;
    private long _cleared;
    private double? _resolution;
    private TaskProgress? _tasks;
    private int _written;

    public StageProgress(CliConsole console, TimeProvider? time = null)
    {
        (_console, _time) = (console, time ?? TimeProvider.System);
        _cleared = _lastLine = _stageBegan = _stepBegan = _time.GetTimestamp();
        if (console.Style != ErrorStyle.Quiet)
        {
            _timer = _time.CreateTimer(_ => Tick(), null, TerminalInterval, TerminalInterval);
        }
    }

    private bool IsTerminal => _console is { ErrorIsTerminal: true, Style: ErrorStyle.Text };

    /// <summary>Says what is being done.</summary>
    /// <param name="value">The stage, and how much of it is done.</param>
    /// <returns>Whether it is another stage than before.</returns>
    public bool Report(WorkStage value)
    {
        lock (_lock)
        {
            var isNew = _now is not { } last || last.Label != value.Label;
            if (isNew)
            {
                if (_now?.Step != value.Step)
                {
                    if (_now is { Step: > 0 })
                    {
                        _steps.Add(_time.GetElapsedTime(_stepBegan));
                    }

                    _stepBegan = _time.GetTimestamp();
                }

                _stageBegan = _time.GetTimestamp();
                _tasks = null;
            }

            _now = value;
            if (isNew && _console.Style != ErrorStyle.Quiet)
            {
                Write(isStage: true);
            }

            return isNew;
        }
    }

    /// <summary>Notes what a step gave.</summary>
    /// <param name="resolution">Its resolution, angstrom; null for none.</param>
    public void Done(double? resolution)
    {
        lock (_lock)
        {
            _resolution = resolution;
        }
    }

    /// <summary>Notes where the tasks stand that a stage shares among processes.</summary>
    /// <param name="tasks">Where they stand; null where nothing is shared.</param>
    public void Share(TaskProgress? tasks)
    {
        lock (_lock)
        {
            _tasks = tasks;
        }
    }

    /// <summary>Takes the line off the terminal, for another to be written.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_written > 0)
            {
                _console.Error.Write("\r" + new string(' ', _written) + "\r");
                _written = 0;
            }

            _cleared = _time.GetTimestamp();
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        Clear();
    }

    private void Tick()
    {
        lock (_lock)
        {
            var interval = _console.Style == ErrorStyle.Events ? EventInterval : IsTerminal ? TimeSpan.Zero : PlainInterval;

            // What was cleared is about to be written over by a message.
            if (_now is not null && _time.GetElapsedTime(_lastLine) >= interval && _time.GetElapsedTime(_cleared) >= TerminalInterval / 2)
            {
                Write(isStage: false);
            }
        }
    }

    private void Write(bool isStage)
    {
        var now = _now!.Value;
        _lastLine = _time.GetTimestamp();
        var elapsed = _time.GetElapsedTime(_stageBegan).TotalSeconds;
        double? share = now.Total > 0 ? Math.Clamp((double)now.Done / now.Total, 0, 1) : null;
        double? rate = now.Counts && now.Done > 0 && elapsed > 1 ? now.Done / elapsed : null;
        var left = Left(now);
        if (_console.Style == ErrorStyle.Events)
        {
            _console.Emit(new ToolEvent(isStage ? "stage" : "progress")
            {
                Stage = now.Label,
                Iteration = now.Iteration,
                Iterations = now.Iterations,
                Share = isStage ? null : Rounded(share, 3),
                ParticlesPerSecond = Rounded(rate, 1),
                Left = Rounded(left?.TotalSeconds, 0),
                Resolution = Rounded(_resolution, 3),
                HeldOutGain = Rounded(now.HeldOutGain, 4),
                Tasks = _tasks?.Total,
                TasksDone = _tasks?.Done,
                Workers = _tasks?.Workers,
            });
            return;
        }

        var text = new StringBuilder(now.Label);
        if (share is { } done && !(isStage && !IsTerminal))
        {
            text.Append(CultureInfo.InvariantCulture, $" {Math.Floor(100 * done):F0} %");
        }

        text.Append(_tasks is { } t ? $", {t}" : string.Empty)
            .Append(rate is { } r ? Invariant($", {r:F0} particles/s") : string.Empty)
            .Append(_resolution is { } a ? Invariant($", {a:F2} A so far") : string.Empty)
            .Append(left is { } l ? $", at most {ProgressLine.Text(l)} left" : string.Empty);
        if (IsTerminal)
        {
            var line = text.Length < _console.Width ? text.ToString() : text.ToString(0, _console.Width - 1);
            _console.Error.Write("\r" + line.PadRight(_written));
            _written = line.Length;
        }
        else
        {
            _console.Error.WriteLine(Invariant($"{_time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {text}"));
        }
    }

    /// <summary>The time left, at most; null before a step was done from its beginning.</summary>
    private TimeSpan? Left(WorkStage now)
    {
        if (_steps.Count == 0 || now.Iteration == 0)
        {
            return null;
        }

        var mean = _steps.Aggregate(TimeSpan.Zero, (a, b) => a + b) / _steps.Count;
        var here = mean - _time.GetElapsedTime(_stepBegan);
        return (mean * Math.Max(0, now.Steps - now.Step)) + (here > TimeSpan.Zero ? here : TimeSpan.Zero);
    }

    private static double? Rounded(double? value, int digits) => value is { } v ? Math.Round(v, digits) : null;
}
