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

    /// <summary>Whether the line is dashed.</summary>
    public bool Dashed { get; init; }

    /// <summary>Whether each point is marked.</summary>
    public bool Markers { get; init; }
}
