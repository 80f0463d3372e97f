using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>The options of tilt series.</summary>
internal sealed class TiltInput
{
    private readonly Option<string?> _column = Declare.Text(
        "--tilt-series", "COLUMN", "The images are tilt series: those with the same text in this column (rlnGroupName, rlnTomoParticleName, ...) show one "
            + "particle and share one pose. Their tilts are those of the poses in the file.");
    private readonly Option<double> _rotation = Sigma(
        "--tilt-rotation-sigma", "DEG", "how far the particles' rotations are off, the three axes together, degrees. Rotations to refine from are then sought "
            + "up to twice as far; 0 says nothing and refines from the start alone.");
    private readonly Option<double> _position = Sigma(
        "--tilt-position-sigma", "A", "how far the particles' places are off, along each of three axes, angstrom; 0 says nothing.");
    private readonly Option<double> _shift = Sigma(
        "--tilt-shift-sigma", "A", "how far each image is off beside its particle, along each axis, angstrom; 0 keeps the series rigid.");

    /// <summary>The options, to be added to a verb.</summary>
    public IEnumerable<Option> Options => [_column, _rotation, _position, _shift];

    /// <summary>The column; null if images are particles of their own.</summary>
    public string? Column(VerbCall call) => call.Get(_column);

    /// <summary>What is known of the poses.</summary>
    public TiltSeriesPrior Prior(VerbCall call)
    {
        call.RequireWith(call.Get(_column) is not null, _column.Name, _rotation, _position, _shift);
        foreach (var option in new[] { _rotation, _position, _shift })
        {
            var most = option == _rotation ? 45 : double.MaxValue;
            if (!(call.Get(option) >= 0 && call.Get(option) <= most))
            {
                throw new InvalidInputException(option == _rotation ? "must be from 0 to 45" : "must be 0 or more", option.Name);
            }
        }

        return new TiltSeriesPrior
        {
            RotationSigmaDegrees = call.Get(_rotation),
            PositionSigmaAngstrom = call.Get(_position),
            ShiftSigmaAngstrom = call.Get(_shift),
        };
    }

    /// <summary>The series of a file.</summary>
    public static TiltSeries? Read(StarParticles particles, string? column, TiltSeriesPrior prior)
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

        var series = new TiltSeries(particles.Table.GetColumn(label), prior);
        return series.Count < series.ImageCount
            ? series
            : throw new InvalidInputException("it is different in every row, so that no two images show the same particle", particles.Path, null, label);
    }

    private static Option<double> Sigma(string name, string unit, string what) =>
        Declare.Number(name, unit, $"With --tilt-series: standard deviation of {what}", 0);
}
