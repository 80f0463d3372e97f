namespace Gmm.Reports;

/// <summary>A line of a <see cref="LineChart"/>. Points whose x or y is not finite are left out and break the line.</summary>
public sealed record ChartSeries
{
    /// <summary>Makes a series on given values, which are kept, not copied.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="x">Horizontal positions, in the unit of the axis.</param>
    /// <param name="y">Vertical positions, as many.</param>
    /// <exception cref="ArgumentException">Different numbers of x and y.</exception>
    public ChartSeries(string name, double[] x, double[] y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Length != y.Length)
        {
            throw new ArgumentException($"Series \"{name}\" has {x.Length} values of x and {y.Length} of y.");
        }

        (Name, X, Y) = (name, x, y);
    }

    /// <summary>Its name in the legend.</summary>
    public string Name { get; }

    /// <summary>Horizontal positions.</summary>
    public double[] X { get; }

    /// <summary>Vertical positions.</summary>
    public double[] Y { get; }

    /// <summary>Standard errors of <see cref="Y"/>, drawn as bars of one error up and down; null for none.</summary>
    /// <exception cref="ArgumentException">Another number of them.</exception>
    public double[]? Errors
    {
        get;
        init => field = value is null || value.Length == Y.Length
            ? value
            : throw new ArgumentException($"Series \"{Name}\" has {Y.Length} values of y and {value.Length} errors.", nameof(value));
    }

    /// <summary>Whether the line is dashed whatever its place in the row.</summary>
    public bool Dashed { get; init; }

    /// <summary>Whether each point is marked.</summary>
    public bool Markers { get; init; }

    /// <summary>Whether the line is thin and grey, as noisy values are beneath their running average.</summary>
    internal bool Pale { get; init; }
}
