using System.Text.Json;
using Gmm.Heterogeneity;
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

    [Fact]
    public void Training_tells_epochs_gain_rate_and_the_time_left_of_both_halves()
    {
        using StringWriter output = new(), error = new();
        var clock = new Clock();
        var options = new HeterogeneityOptions { LinearEpochs = 1, Epochs = 3 };
        using (var progress = new HeterogeneityLine(new CliConsole(output, error) { Style = ErrorStyle.Events }, options, clock))
        {
            progress.Report(new(1, HeterogeneityStage.Preparing, 0, 0, 300, double.NaN));
            clock.Pass(7);
            progress.Report(new(1, HeterogeneityStage.TrainingLinear, 1, 0, 300, double.NaN));
            clock.Pass(4);
            progress.Report(new(1, HeterogeneityStage.TrainingNetworks, 2, 100, 300, 0.25));
            clock.Pass(4);
            progress.Report(new(1, HeterogeneityStage.TrainingNetworks, 2, 200, 300, 0.25));
            clock.Pass(2);
        }

        var events = error.ToString().TrimEnd().Split(Environment.NewLine).Select(l => JsonDocument.Parse(l).RootElement).ToArray();
        var last = events[^1];
        Assert.Equal("progress", last.GetProperty("event").GetString());
        Assert.Equal((2, 4), (last.GetProperty("iteration").GetInt32(), last.GetProperty("iterations").GetInt32()));
        Assert.Equal(0.25, last.GetProperty("heldout_gain").GetDouble());
        Assert.Equal(0.667, last.GetProperty("share").GetDouble());
        Assert.Equal(40, last.GetProperty("particles_per_second").GetDouble());

        // Epochs of 4 s each: none left of this one's four after 5, and six of both halves.
        Assert.Equal(24, last.GetProperty("left_s").GetDouble());
        Assert.DoesNotContain(events.TakeWhile(e => e.GetProperty("stage").GetString() != "half 1, epoch 1, linear"), e => e.TryGetProperty("left_s", out _));
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
