namespace Gmm.Cli.Tests;

public class ProgressLineTests
{
    [Fact]
    public void A_terminal_gets_one_line_that_is_taken_off_at_the_end()
    {
        using StringWriter output = new(), error = new();
        var clock = new Clock();
        using (var line = new ProgressLine(new CliConsole(output, error, ErrorIsTerminal: true), "working", clock))
        {
            line.Report(0.1);
            Assert.Equal(string.Empty, error.ToString());
            clock.Seconds = 30;
            line.Of(4).Report(1);
            Assert.Equal("\rworking: 25 %, 1 min 30 s left", error.ToString());
            line.Report(0.3);
            clock.Seconds = 119;
            line.Report(0.991);
            Assert.EndsWith("\rworking: 99 %, 2 s left", error.ToString().TrimEnd(), StringComparison.Ordinal);
        }

        Assert.EndsWith(" \r", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.ToString());
        Assert.Equal(string.Empty, output.ToString());
    }

    [Fact]
    public void A_log_gets_plain_lines_at_intervals()
    {
        using StringWriter output = new(), error = new();
        var clock = new Clock();
        using (var line = new ProgressLine(new CliConsole(output, error), "working", clock))
        {
            for (clock.Seconds = 0; clock.Seconds < 25; clock.Seconds++)
            {
                line.Report(clock.Seconds / 25.0);
            }
        }

        Assert.Equal(["working: 40 %, 15 s left", "working: 80 %, 5 s left"], error.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n'));
    }

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59, "59 s")]
    [InlineData(65, "1 min 05 s")]
    [InlineData(7620, "2 h 07 min")]
    public void Times_read_as_people_say_them(double seconds, string expected) => Assert.Equal(expected, ProgressLine.Text(TimeSpan.FromSeconds(seconds)));

    private sealed class Clock : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
