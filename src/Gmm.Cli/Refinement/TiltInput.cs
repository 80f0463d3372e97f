using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>The options of tilt series.</summary>
internal sealed class TiltInput
{
    private readonly Option<string?> _column = new("--tilt-series")
    {
        HelpName = "COLUMN",
        Description = "The images are tilt series: those with the same text in this column (rlnGroupName, rlnTomoParticleName, ...) show one particle and "
            + "share one pose. Their tilts are those of the poses in the file.",
    };
    private readonly Option<double> _sigma = new("--tilt-shift-sigma")
    {
        HelpName = "A",
        Description = "With --tilt-series: standard deviation of each image's own shift along each axis, angstrom; 0 keeps the series rigid.",
        DefaultValueFactory = _ => 0,
    };

    /// <summary>The options, to be added to a verb.</summary>
    public IEnumerable<Option> Options => [_column, _sigma];

    /// <summary>The column; null if images are particles of their own.</summary>
    public string? Column(VerbCall call) => call.Get(_column);

    /// <summary>The standard deviation of shifts.</summary>
    public double ShiftSigma(VerbCall call)
    {
        var sigma = call.Get(_sigma);
        if (call.Get(_column) is null && call.Parsed.GetResult(_sigma) is { Implicit: false })
        {
            throw new InvalidInputException("only with --tilt-series", _sigma.Name);
        }

        return sigma is >= 0 and < double.PositiveInfinity ? sigma : throw new InvalidInputException("must be 0 or more", _sigma.Name);
    }

    /// <summary>The series of a file.</summary>
    public static TiltSeries? Read(StarParticles particles, string? column, double sigma)
    {
        if (column is null)
        {
            return null;
        }

        // With the underscore that a file has before it, or without.
        var label = column.TrimStart('_');
        if (!particles.Table.Contains(label))
        {
            throw new InvalidInputException("there is no such column", particles.Path, null, label);
        }

        var series = new TiltSeries(particles.Table.GetColumn(label), sigma);
        return series.Count < series.ImageCount
            ? series
            : throw new InvalidInputException("it is different in every row, so that no two images show the same particle", particles.Path, null, label);
    }
}
