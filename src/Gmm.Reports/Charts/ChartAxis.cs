namespace Gmm.Reports;

/// <summary>An axis of a chart.</summary>
/// <param name="Title">What it shows, with the unit: "Pose error (°)".</param>
public sealed record ChartAxis(string Title)
{
    /// <summary>Where the axis starts; chosen from the data if not given.</summary>
    public double? Minimum { get; init; }

    /// <summary>Where the axis ends; chosen from the data if not given.</summary>
    public double? Maximum { get; init; }

    /// <summary>Whether only whole numbers get a tick, as for iterations.</summary>
    public bool WholeNumbers { get; init; }

    /// <summary>Ticks with their labels in place of the automatic ones.</summary>
    public IReadOnlyList<(double Position, string Label)>? Ticks { get; init; }

    /// <summary>An axis of spatial frequency in 1/angstrom, from 0, whose ticks are labelled as resolution in angstrom ("10", "5", "3.5").</summary>
    /// <param name="maximumFrequency">Where it ends, 1/angstrom.</param>
    /// <returns>The axis.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The end is not a positive number.</exception>
    public static ChartAxis Resolution(double maximumFrequency)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumFrequency);
        if (!double.IsFinite(maximumFrequency))
        {
            throw new ArgumentOutOfRangeException(nameof(maximumFrequency), "The highest frequency must be finite.");
        }

        return new ChartAxis("Resolution (Å)") { Minimum = 0, Maximum = maximumFrequency, Ticks = RoundNumbers.Resolutions(maximumFrequency, 7) };
    }
}
