using System.Text.Json;
using Gmm.Refinement;

namespace Gmm.Cli.Tests;

public class JobProgressTests
{
    private static readonly RefinementProgress s_poses = new(1, 3, RefinementStage.RefiningPoses, 0, 600);

    [Fact]
    public void A_redirected_run_says_each_stage_and_a_line_every_half_minute_with_the_date()
    {
        using StringWriter output = new(), error = new();
        var clock = new Clock();
        using (var progress = new JobProgress(new CliConsole(output, error), clock))
        {
            progress.Report(s_poses);
            clock.Pass(20);
            progress.Report(s_poses with { Done = 200 });
            clock.Pass(20);
            progress.Done(7.25);
            progress.Report(s_poses with { Iteration = 2 });
            clock.Pass(40);
            progress.Report(s_poses with { Iteration = 2, Done = 300 });
            clock.Pass(1);
        }

        var lines = error.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.All(lines, l => Assert.Matches("^2026-01-01T00:0[0-9]:[0-9]{2}Z ", l));
        Assert.Equal(4, lines.Length);
        Assert.EndsWith(" iteration 1 of 3: refining poses", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("refining poses 33 %, 7 particles/s", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("iteration 2 of 3: refining poses, 7.25 A so far, at most 1 min 20 s left", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("refining poses 0 %, 7.25 A so far, at most 50 s left", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_has_one_line_that_moves_without_a_report_and_keeps_to_its_width()
    {
        using StringWriter output = new(), error = new();
        var clock = new Clock();
        using (var progress = new JobProgress(new CliConsole(output, error, ErrorIsTerminal: true) { Width = 30 }, clock))
        {
            progress.Report(s_poses with { Done = 300 });
            clock.Pass(2);
        }

        Assert.DoesNotContain('\n', error.ToString());
        var lines = error.ToString().Split('\r');
        Assert.True(lines.Length > 3);
        Assert.All(lines, l => Assert.True(l.Length < 30, l));
    }

    [Fact]
    public void Events_are_one_object_a_line_and_quiet_says_nothing()
    {
        using StringWriter output = new(), error = new();
        var clock = new Clock();
        foreach (var style in new[] { ErrorStyle.Quiet, ErrorStyle.Events })
        {
            Assert.Empty(error.ToString());
            using var progress = new JobProgress(new CliConsole(output, error) { Style = style }, clock);
            progress.Report(s_poses);
            clock.Pass(4);
            progress.Report(s_poses with { Done = 300 });
            clock.Pass(2);
        }

        var events = error.ToString().TrimEnd().Split(Environment.NewLine).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        Assert.Equal(["stage", "progress"], events.Select(e => e.GetProperty("event").GetString()!));
        Assert.Equal((0.5, 60.0), (events[1].GetProperty("share").GetDouble(), events[1].GetProperty("particles_per_second").GetDouble()));
        Assert.False(events[1].TryGetProperty("left_s", out _));
    }

    /// <summary>A clock that is set by hand, and whose timers fire as it passes.</summary>
    private sealed class Clock : TimeProvider
    {
        private readonly List<(TimerCallback Call, TimeSpan Period)> _timers = [];
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override DateTimeOffset GetUtcNow() => new(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(_ticks));

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add((callback, period));
            return new Stopped(() => _timers.Clear());
        }

        public void Pass(double seconds)
        {
            for (var end = _ticks + TimeSpan.FromSeconds(seconds).Ticks; _ticks < end;)
            {
                _ticks += TimeSpan.FromSeconds(0.5).Ticks;
                _timers.ForEach(t => t.Call(null));
            }
        }

        private sealed class Stopped(Action stop) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => stop();

            public ValueTask DisposeAsync()
            {
                stop();
                return ValueTask.CompletedTask;
            }
        }
    }
}
