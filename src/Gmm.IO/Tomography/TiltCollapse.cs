using System.Globalization;
using Gmm.Core;
using static System.FormattableString;

namespace Gmm.IO;

/// <summary>
/// Puts the poses of single tilts back into the file of particles that they were made of (<see cref="TiltExpansion"/>): A = S^T P_f^T R_f, the mean over the
/// frames, and the offset o that fits (P_f S o)_xy to their origins best.
/// </summary>
internal sealed class TiltCollapse
{
    /// <summary>Images of one particle that are farther from each other than this, degrees, are not of one pose.</summary>
    private const double MostDegrees = 1;

    private readonly StarTable _tilts;
    private readonly StarTable _particles;
    private readonly TomogramSet _tomograms;
    private double _farthest;

    private TiltCollapse(StarTable tilts, StarTable particles, TomogramSet tomograms) => (_tilts, _particles, _tomograms) = (tilts, particles, tomograms);

    /// <summary>Images read.</summary>
    public int Images => _tilts.RowCount;

    /// <summary>Particles written.</summary>
    public int Particles { get; private set; }

    /// <summary>Farthest that an image's rotation was from its particle's, degrees: 0 where series are rigid.</summary>
    public double FarthestDegrees => _farthest;

    /// <summary>Reads tilts, particles and tomograms, and writes the particles with the tilts' poses; those without a tilt are left out.</summary>
    /// <param name="tilts">The single tilts.</param>
    /// <param name="like">The particles that they were made of.</param>
    /// <param name="tomograms">The tomograms.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="root">Folder that names are relative to; null for the usual places.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="InvalidInputException">Tilts that are not of these particles, or anything else that cannot be used.</exception>
    public static TiltCollapse Write(string tilts, string like, string tomograms, string output, string? root, bool overwrite)
    {
        var from = StarParticles.FindParticles(StarFile.Read(tilts), tilts, posesAreEnough: true).Table!;
        foreach (var label in new[] { TomographyLabels.Particle, TomographyLabels.Frame, PoseText.OriginXAngstrom }.Where(l => !from.Contains(l)))
        {
            throw new InvalidInputException("the column is missing: these are no single tilts that gmm convert --tomograms made", tilts, null, label);
        }

        var file = StarFile.Read(like);
        var block = StarParticles.FindParticles(file, like, posesAreEnough: true);
        var collapse = new TiltCollapse(from, block.Table!, TomogramSet.Read(tomograms, root));
        var written = new StarBlock(block.Name, collapse.Collapse()) { HasHeader = block.HasHeader };
        foreach (var comment in block.Comments)
        {
            written.Comments.Add(comment);
        }

        file.With(block, written).Write(output, overwrite);
        return collapse;
    }

    private StarTable Collapse()
    {
        var rows = Enumerable.Range(0, _tilts.RowCount).GroupBy(ParticleOf).OrderBy(g => g.Key).ToArray();
        Particles = rows.Length;
        var table = _particles.Select([.. rows.Select(g => g.Key)]);
        string[] labels = [.. TomographyLabels.Angles, .. TomographyLabels.Origins];
        string[][] columns = [.. labels.Select(_ => new string[rows.Length])];
        for (var p = 0; p < rows.Length; p++)
        {
            var (angles, origin) = PoseOf(rows[p].Key, [.. rows[p]]);
            double[] values = [angles.RotDegrees, angles.TiltDegrees, angles.PsiDegrees, .. origin];
            for (var c = 0; c < values.Length; c++)
            {
                columns[c][p] = PoseText.Text(values[c]);
            }
        }

        for (var c = 0; c < labels.Length; c++)
        {
            table.SetColumn(labels[c], columns[c]);
        }

        if (_tilts.Contains(Labels.Half))
        {
            table.SetColumn(Labels.Half, [.. rows.Select(g => _tilts.GetText(g.First(), Labels.Half))]);
        }

        return table;
    }

    /// <summary>The particle's row of an image, which must be of the same tomogram.</summary>
    private int ParticleOf(int image)
    {
        var row = _tilts.GetInteger(image, TomographyLabels.Particle) - 1;
        if (row < 0 || row >= _particles.RowCount)
        {
            throw _tilts.Error(
                Invariant($"{row + 1} is no row of the {_particles.RowCount} particles of {_particles.Source}"), image, TomographyLabels.Particle);
        }

        return _tilts.GetText(image, TomographyLabels.TomoName) == _particles.GetText(row, TomographyLabels.TomoName)
            ? row
            : throw _tilts.Error(
                $"is of another tomogram than particle {row + 1} of {_particles.Source}: the tilts are of other particles", image, TomographyLabels.TomoName);
    }

    private (EulerAngles Angles, double[] Origin) PoseOf(int row, int[] images)
    {
        var tomogram = _tomograms.Of(_particles, row);
        var subtomogram = Tomogram.Angles(_particles, row, TomographyLabels.Subtomogram);
        var found = new Rotation[images.Length];
        Span<double> normal = stackalloc double[9], right = stackalloc double[3], origin = stackalloc double[3], sum = stackalloc double[9];
        normal.Clear();
        right.Clear();
        sum.Clear();
        for (var k = 0; k < images.Length; k++)
        {
            var turn = tomogram.Projections[FrameOf(tomogram, images[k])] * subtomogram;
            var a = found[k] = (turn.Transpose() * Tomogram.Angles(_tilts, images[k], TomographyLabels.Angles)).Orthonormalized();
            ReadOnlySpan<double> elements = [a.M00, a.M01, a.M02, a.M10, a.M11, a.M12, a.M20, a.M21, a.M22];
            ReadOnlySpan<double> seen = [turn.M00, turn.M01, turn.M02, turn.M10, turn.M11, turn.M12];
            double x = _tilts.GetDouble(images[k], PoseText.OriginXAngstrom), y = _tilts.GetDouble(images[k], PoseText.OriginYAngstrom);
            for (var p = 0; p < 9; p++)
            {
                sum[p] += elements[p] / images.Length;
                normal[p] += (seen[p / 3] * seen[p % 3]) + (seen[3 + (p / 3)] * seen[3 + (p % 3)]);
            }

            for (var p = 0; p < 3; p++)
            {
                right[p] += (seen[p] * x) + (seen[3 + p] * y);
            }
        }

        var mean = new Rotation(sum[0], sum[1], sum[2], sum[3], sum[4], sum[5], sum[6], sum[7], sum[8]).Orthonormalized();
        var farthest = found.Max(r => mean.AngleTo(r)) * (180 / Math.PI);
        if (!(farthest <= MostDegrees))
        {
            throw _tilts.Error(
                Invariant($"the images of particle {row + 1} disagree by {farthest:F1} degrees: refined without --tilt-series, or of other tomograms"),
                images[0], PoseText.Rot);
        }

        _farthest = Math.Max(_farthest, farthest);

        // Images of one direction say nothing of the height: the least offset is taken.
        for (var p = 0; p < 3; p++)
        {
            normal[4 * p] += 1e-9 * images.Length;
        }

        Cholesky.TrySolve(normal, right, 0, origin);
        return (mean.ToEuler(), origin.ToArray());
    }

    private int FrameOf(Tomogram tomogram, int image)
    {
        var frame = _tilts.GetInteger(image, TomographyLabels.Frame) - 1;
        return frame >= 0 && frame < tomogram.Projections.Count
            ? frame
            : throw _tilts.Error(
                string.Create(CultureInfo.InvariantCulture, $"{frame + 1} is no frame of {tomogram.Name}, which has {tomogram.Projections.Count}"), image,
                TomographyLabels.Frame);
    }
}
