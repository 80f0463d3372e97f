namespace Gmm.Reports;

/// <summary>The range and the ticks of an axis, settled.</summary>
internal sealed record AxisScale(string Title, double Minimum, double Maximum, IReadOnlyList<(double Position, string Label)> Ticks)
{
    private const int TargetTicks = 6;

    /// <summary>Settles an axis: limits not given are moved outwards from the data to the next tick.</summary>
    public static AxisScale Create(ChartAxis axis, double dataMinimum, double dataMaximum)
    {
        var (low, high) = (axis.Minimum ?? dataMinimum, axis.Maximum ?? dataMaximum);
        if (!(high > low))
        {
            // One value only: give it room on the side that is free.
            var room = Math.Max(Math.Abs(low) * 0.1, 1e-3);
            (low, high) = (axis.Minimum ?? (Math.Min(low, high) - room), axis.Maximum ?? (Math.Max(low, high) + room));
            high = high > low ? high : low + room;
        }

        var step = NiceTicks.Step(high - low, TargetTicks);
        if (axis.WholeNumbers)
        {
            step = Math.Max(1, Math.Round(step));
        }

        low = axis.Minimum ?? (step * Math.Floor((low / step) + 1e-6));
        high = axis.Maximum ?? (step * Math.Ceiling((high / step) - 1e-6));
        var ticks = axis.Ticks?.Where(t => t.Position >= low - (step * 1e-6) && t.Position <= high + (step * 1e-6)).ToArray();
        return new AxisScale(axis.Title, low, high, ticks ?? NiceTicks.Between(low, high, step));
    }
}
