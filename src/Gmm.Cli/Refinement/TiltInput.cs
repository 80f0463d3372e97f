using System.CommandLine;
using Gmm.Core;
using Gmm.IO;
using Gmm.Refinement;

namespace Gmm.Cli;

/// <summary>The options of tilt series.</summary>
internal sealed class TiltInput
{
    private const string PositionSigma = "--tilt-position-sigma";
    private const string ShiftSigma = "--tilt-shift-sigma";

    private readonly Option<string?> _column = Declare.Text(
        "--tilt-series", "COLUMN", "The images are tilt series: those with the same text in this column (rlnGroupName, rlnTomoParticleName, ...) show one "
            + "particle and share one pose. Their tilts are those of the poses in the file.");
    private readonly Option<double> _rotation = Sigma(
        "--tilt-rotation-sigma", "DEG", "how far the particles' rotations are off, the three axes together, degrees. Rotations to refine from are then sought "
            + "up to twice as far; 0 says nothing and refines from the start alone.");
    private readonly Option<double> _position = Sigma(
        PositionSigma, "A", "how far the particles' places are off, along each of three axes, angstrom; 0 says nothing.");
    private readonly Option<double> _shift = Sigma(
        ShiftSigma, "A", "how far each image is off beside its particle, along each axis, angstrom; 0 keeps the series rigid.");

    /// <summary>Images of a particle at most: series have 20 to 120.</summary>
    private const int MostImages = 500;

    /// <summary>Columns that name what particles have in common.</summary>
    private static readonly string[] s_notParticles =
        [Labels.Half, Labels.Group, Labels.Micrograph, Labels.Tube, "rlnClassNumber", "rlnTomoName", "rlnBeamTiltClass"];

    /// <summary>The options, to be added to a verb.</summary>
    public IEnumerable<Option> Options => [_column, _rotation, _position, _shift];

    /// <summary>The column; null if images are particles of their own.</summary>
    public string? Column(VerbCall call) => call.Get(_column);

    /// <summary>What is known of the poses.</summary>
    public TiltSeriesPrior Prior(VerbCall call)
    {
        call.RequireWith(call.Get(_column) is not null, _column.Name, _rotation, _position, _shift);
        var prior = new TiltSeriesPrior
        {
            RotationSigmaDegrees = call.Get(_rotation),
            PositionSigmaAngstrom = call.Get(_position),
            ShiftSigmaAngstrom = call.Get(_shift),
        };
        RequireRange(_rotation.Name, prior.RotationSigmaDegrees, TiltSeriesPrior.MostDegrees);
        RequireRange(PositionSigma, prior.PositionSigmaAngstrom, TiltSeriesPrior.MostAngstrom);
        RequireRange(ShiftSigma, prior.ShiftSigmaAngstrom, TiltSeriesPrior.MostAngstrom);
        return prior;
    }

    /// <summary>The series of a file.</summary>
    /// <exception cref="InvalidInputException">The column names no particles, or a prior allows for places outside the box.</exception>
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

        var room = Math.Floor(particles.OpticsGroups.Min(g => g.BoxLength) / 2);
        RequireRange(PositionSigma, prior.PositionSigmaAngstrom, room, ", half of the box");
        RequireRange(ShiftSigma, prior.ShiftSigmaAngstrom, room, ", half of the box");
        var series = new TiltSeries(particles.Table.GetColumn(label), prior);
        return WhyNot(series, particles, label) is { } problem ? throw new InvalidInputException(problem, particles.Path, null, label) : series;
    }

    /// <summary>Says that a file's images are tilts of fewer particles, where each is to be refined by itself.</summary>
    public static IEnumerable<string> Warnings(StarParticles particles, RefineRequest request)
    {
        if (request.TiltColumn is null && !request.Options.KeepPoses && CountOf(particles.Table) is { } count)
        {
            yield return Texts.Line($"{particles.Path}: {particles.Particles.Count} tilt images of {count} particles ({TomographyLabels.Particle}): without ")
                + $"--tilt-series each is refined by itself, as if it were a particle of its own; --tilt-series {TomographyLabels.Particle} gives the images "
                + "of a particle one pose";
        }
    }

    /// <summary>The number of particles that a table's images are tilts of; null where it does not say so.</summary>
    public static int? CountOf(StarTable table) =>
        table.Contains(TomographyLabels.Particle) ? table.GetColumn(TomographyLabels.Particle).Distinct(StringComparer.Ordinal).Count() : null;

    /// <summary>Why groups of images cannot be tilt series; null if they can.</summary>
    private static string? WhyNot(TiltSeries series, StarParticles particles, string label)
    {
        if (series.Count == series.ImageCount)
        {
            return "it is different in every row, so that no two images show the same particle";
        }

        var most = Enumerable.Range(0, series.Count).MaxBy(s => series.Members(s).Count);
        var perHalf = Enumerable.Range(0, series.Count).CountBy(s => particles.Particles[series.Members(s)[0]].Half).Min(h => h.Value);
        return s_notParticles.Contains(label) ? "it names what many particles have in common, not the particle; rlnTomoParticleName or rlnGroupName may name it"
            : series.Members(most).Count > MostImages
                ? $"{series.Members(most).Count} images would show one particle, the first in row {particles.Table.LineOf(series.Members(most)[0])}; a tilt "
                    + $"series has {MostImages} at most: does the column name the particle?"
            : perHalf < 2 ? "all images of a half would show one particle; does the column name the particle?"
            : null;
    }

    private static void RequireRange(string option, double value, double most, string why = "")
    {
        if (!(value >= 0 && value <= most))
        {
            throw new InvalidInputException(Texts.Line($"must be from 0 to {most}{why}"), option);
        }
    }

    private static Option<double> Sigma(string name, string unit, string what) =>
        Declare.Number(name, unit, $"With --tilt-series: standard deviation of {what}", 0);
}
