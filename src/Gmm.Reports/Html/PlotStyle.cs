namespace Gmm.Reports;

/// <summary>What a chart of a page draws.</summary>
internal enum PlotStyle
{
    /// <summary>Curves.</summary>
    Lines,

    /// <summary>Bars that touch, one for each bin.</summary>
    Histogram,

    /// <summary>Bars beside each other, one for each name.</summary>
    Bars,

    /// <summary>Bars on top of each other.</summary>
    Stack,

    /// <summary>Points with error bars, one for each name.</summary>
    Points,
}
