using System.Globalization;
using System.Text;
using Gmm.Refinement;
using static System.FormattableString;

namespace Gmm.Cli;

/// <summary>
/// Where a refinement stands, by the clock: what is being done, particles a second, the resolution so far, and the time left of the whole job. On a
/// terminal one line that is rewritten; elsewhere dated lines, one for each stage and then one every half minute; with --json events.
/// </summary>
/// <remarks>
/// The time left is that of the iterations still allowed, each as long as those that were done on average, so it is an upper bound (a job stops by itself
/// when nothing changes any more), and is not said before one iteration is done.
/// Between stages it returns what the last one has left: a few arrays of a hundred megabytes each, which the collector would otherwise keep beside
/// the next stage's, because they are too few to make it run (1,474 MB at the most in place of 1,309 at box 256; <c>Gmm.EndToEnd -- memory 300</c>).
/// A few milliseconds, some times an iteration. It is the tool's process, so the tool may; the libraries leave a program's collector alone.
/// </remarks>
internal sealed class JobProgress : IProgress<RefinementProgress>, IDisposable
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EventInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly CliConsole _console;
    private readonly TimeProvider _time;
    private readonly ITimer? _timer;
    private readonly List<TimeSpan> _iterations = [];
    private RefinementProgress? _now;
    private long _stageBegan;
    private long _iterationBegan;
    private long _lastLine;
    private long _cleared;
    private double? _resolution;
    private int _written;

    public JobProgress(CliConsole console, TimeProvider? time = null)
    {
        (_console, _time) = (console, time ?? TimeProvider.System);
        _cleared = _lastLine = _stageBegan = _iterationBegan = _time.GetTimestamp();
        if (console.Style != ErrorStyle.Quiet)
        {
            _timer = _time.CreateTimer(_ => Tick(), null, TerminalInterval, TerminalInterval);
        }
    }

    private bool IsTerminal => _console is { ErrorIsTerminal: true, Style: ErrorStyle.Text };

    public void Report(RefinementProgress value)
    {
        var isNew = false;
        lock (_lock)
        {
            isNew = _now is not { } last || Label(last) != Label(value);
            if (isNew)
            {
                if (_now?.Iteration != value.Iteration)
                {
                    if (_now is { Iteration: > 0 })
                    {
                        _iterations.Add(_time.GetElapsedTime(_iterationBegan));
                    }

                    _iterationBegan = _time.GetTimestamp();
                }

                _stageBegan = _time.GetTimestamp();
            }

            _now = value;
            if (isNew && _console.Style != ErrorStyle.Quiet)
            {
                Write(isStage: true);
            }
        }

        if (isNew)
        {
            GC.Collect();
        }
    }

    /// <summary>Notes what an iteration gave.</summary>
    /// <param name="resolution">Its resolution, angstrom; null for none.</param>
    public void Done(double? resolution)
    {
        lock (_lock)
        {
            _resolution = resolution;
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

    private static string Label(RefinementProgress value)
    {
        var what = value.Stage switch
        {
            RefinementStage.FittingModels => "fitting Gaussians",
            RefinementStage.MeasuringNoise => "measuring noise",
            RefinementStage.RefiningPoses => "refining poses",
            RefinementStage.Reconstructing => value.Patch is null ? "reconstructing" : $"reconstructing {value.Patch}",
            RefinementStage.MeasuringImages => "looking at images",
            _ => "comparing half maps",
        };
        return value.Iteration == 0 ? $"start: {what}" : Invariant($"iteration {value.Iteration} of {value.Iterations}: {what}");
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
        var counts = now.Stage is RefinementStage.RefiningPoses or RefinementStage.Reconstructing or RefinementStage.MeasuringImages;
        double? rate = counts && now.Done > 0 && elapsed > 1 ? now.Done / elapsed : null;
        var left = Left(now);
        if (_console.Style == ErrorStyle.Events)
        {
            _console.Emit(new ToolEvent(isStage ? "stage" : "progress")
            {
                Stage = Label(now),
                Iteration = now.Iteration,
                Iterations = now.Iterations,
                Share = isStage ? null : Rounded(share, 3),
                ParticlesPerSecond = Rounded(rate, 1),
                Left = Rounded(left?.TotalSeconds, 0),
                Resolution = Rounded(_resolution, 3),
            });
            return;
        }

        var text = new StringBuilder(Label(now));
        if (share is { } done && !(isStage && !IsTerminal))
        {
            text.Append(CultureInfo.InvariantCulture, $" {Math.Floor(100 * done):F0} %");
        }

        text.Append(rate is { } r ? Invariant($", {r:F0} particles/s") : string.Empty)
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

    /// <summary>The time left, at most; null before an iteration was done from its beginning.</summary>
    private TimeSpan? Left(RefinementProgress now)
    {
        if (_iterations.Count == 0 || now.Iteration == 0)
        {
            return null;
        }

        var mean = _iterations.Aggregate(TimeSpan.Zero, (a, b) => a + b) / _iterations.Count;
        var here = mean - _time.GetElapsedTime(_iterationBegan);
        return (mean * Math.Max(0, now.Iterations - now.Iteration)) + (here > TimeSpan.Zero ? here : TimeSpan.Zero);
    }

    private static double? Rounded(double? value, int digits) => value is { } v ? Math.Round(v, digits) : null;
}
