using System.Diagnostics;

namespace Gmm.EndToEnd;

/// <summary>Minimum and median of repeated calls, milliseconds.</summary>
internal readonly record struct Timing(double Minimum, double Median)
{
    /// <summary>
    /// Times several actions in turn, so that a slow moment of the machine meets all of them: a warm-up of each, then rounds of one call of each.
    /// </summary>
    /// <param name="rounds">Rounds.</param>
    /// <param name="actions">What to time, with how many calls make one measurement.</param>
    /// <returns>Milliseconds of one call of each.</returns>
    public static Timing[] Interleaved(int rounds, params (int Calls, Action Body)[] actions)
    {
        var times = new double[actions.Length][];
        for (var a = 0; a < actions.Length; a++)
        {
            times[a] = new double[rounds];
            // Long enough for the tiered compiler to have replaced its first code.
            var warm = Stopwatch.StartNew();
            for (var n = 0; n < 40 || warm.ElapsedMilliseconds < 700; n++)
            {
                actions[a].Body();
                if (warm.ElapsedMilliseconds > 3000)
                {
                    break;
                }
            }
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var a = 0; a < actions.Length; a++)
            {
                var clock = Stopwatch.GetTimestamp();
                for (var n = 0; n < actions[a].Calls; n++)
                {
                    actions[a].Body();
                }

                times[a][round] = Stopwatch.GetElapsedTime(clock).TotalMilliseconds / actions[a].Calls;
            }
        }

        return [.. times.Select(t => new Timing(t.Min(), t.Order().ElementAt(rounds / 2)))];
    }

    public override string ToString() => $"{Minimum:F3} / {Median:F3}";
}
