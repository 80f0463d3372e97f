using System.Globalization;
using Gmm.Core;
using static System.FormattableString;

namespace Gmm.IO;

/// <summary>
/// Makes of particles whose images are stacks of tilts (RELION 5's 2-D stacks, WarpTools') a file of single tilts, a row for each, with the pose and CTF
/// that RELION gives it: rotation P_f S A, of the projection of frame f, the subtomogram's angles and the particle's; origin (P_f S o)_xy of the
/// particle's offset o; defocus of the frame plus hand x slope x depth (docs/tilt-series.md).
/// </summary>
internal sealed class TiltExpansion
{
    /// <summary>Farthest place in a tomogram, angstrom or pixels: a millimetre.</summary>
    private const double MostLength = 1e7;

    private static readonly string[] s_ofTilt =
    [
        Labels.DefocusU, Labels.DefocusV, Labels.DefocusAngle, Labels.PhaseShift, Labels.BFactor, Labels.Scale, Labels.PreExposure,
    ];

    private readonly string _path;
    private readonly StarTable _particles;
    private readonly StarTable _optics;
    private readonly TomogramSet _tomograms;
    private readonly ImageRoots _roots;
    private readonly bool _isCentred;
    private readonly Dictionary<int, int> _opticsRow = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _labels;
    private double _binning;

    private TiltExpansion(string path, StarFile file, TomogramSet tomograms, string? root)
    {
        (_path, _tomograms, _roots) = (path, tomograms, new ImageRoots(path, root, file.Comments));
        _particles = StarParticles.FindParticles(file, path, posesAreEnough: false).Table!;
        _optics = file.Find("optics")?.AsTable() ?? throw new InvalidInputException("there is no table data_optics", path, null, Labels.Group);
        foreach (var label in ((string[])[TomographyLabels.TomoName, Labels.Group, .. TomographyLabels.Angles]).Where(l => !_particles.Contains(l)))
        {
            throw new InvalidInputException("the column is missing", path, null, label);
        }

        if (_particles.RowCount == 0)
        {
            throw new InvalidInputException("the table has no particles", path);
        }

        for (var row = 0; row < _optics.RowCount; row++)
        {
            _opticsRow.TryAdd(_optics.GetInteger(row, Labels.Group), row);
        }

        _isCentred = _particles.Contains(TomographyLabels.Centred[0]);
        _labels =
        [
            Labels.ImageName, Labels.Micrograph, TomographyLabels.TomoName, TomographyLabels.ParticleName, .. TomographyLabels.Angles,
            PoseText.OriginXAngstrom, PoseText.OriginYAngstrom, .. s_ofTilt, Labels.Half, Labels.Group, TomographyLabels.Particle, TomographyLabels.Frame,
        ];
    }

    /// <summary>Particles read.</summary>
    public int Particles => _particles.RowCount;

    /// <summary>Images written.</summary>
    public int Images { get; private set; }

    /// <summary>What was assumed, a sentence each.</summary>
    public IReadOnlyList<string> Warnings => [.. _warnings, .. _roots.Warnings.Select(w => $"{_path}: {w}")];

    /// <summary>Reads particles and tomograms, and writes the single tilts.</summary>
    /// <param name="particles">The particles.</param>
    /// <param name="tomograms">The tomograms.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="root">Folder that names are relative to; null for the usual places.</param>
    /// <param name="overwrite">Whether a file of that name may be replaced.</param>
    /// <exception cref="InvalidInputException">Anything that cannot be used; file, row and field are named.</exception>
    public static TiltExpansion Write(string particles, string tomograms, string output, string? root, bool overwrite)
    {
        var expansion = new TiltExpansion(particles, StarFile.Read(particles), TomogramSet.Read(tomograms, root), root);
        var block = new StarBlock("particles", expansion.Expand());
        ImageRoots.Remember(block.Comments, output, expansion._roots.Used);
        new StarFile(new StarBlock("optics", expansion.Optics()), block).Write(output, overwrite);
        return expansion;
    }

    private StarTable Expand()
    {
        if (!_isCentred)
        {
            FindBinning();
        }

        if (!_particles.Contains(Labels.Half))
        {
            _warnings.Add($"{_path}: there is no {Labels.Half}; odd particles are half 1, even ones half 2");
        }

        var table = new StarTable(_labels);
        for (var row = 0; row < _particles.RowCount; row++)
        {
            AddParticle(table, row);
        }

        Images = table.RowCount;
        return table;
    }

    /// <summary>The optics groups, as single images have them.</summary>
    private StarTable Optics()
    {
        var optics = _optics.Without([TomographyLabels.TiltSeriesPixel, TomographyLabels.Binning]);
        foreach (var label in new[] { Labels.Voltage, Labels.Aberration, Labels.AmplitudeContrast }.Where(l => !optics.Contains(l)))
        {
            // What the particles' file leaves to the tomograms: of each group that of its first particle's.
            optics.SetColumn(label, [.. Enumerable.Range(0, optics.RowCount).Select(g =>
            {
                var id = optics.GetInteger(g, Labels.Group);
                var first = Enumerable.Range(0, _particles.RowCount).FirstOrDefault(r => _particles.GetInteger(r, Labels.Group) == id);
                var tomogram = _tomograms.Of(_particles, first);
                return tomogram.Has(label) ? tomogram.Text(label)
                    : throw _optics.Error("the column is missing, and the tomograms do not have it either", g, label);
            })]);
        }

        return optics;
    }

    private void AddParticle(StarTable table, int row)
    {
        var tomogram = _tomograms.Of(_particles, row);
        if (!_opticsRow.ContainsKey(_particles.GetInteger(row, Labels.Group)))
        {
            throw _particles.Error("the optics group is not in the table data_optics", row, Labels.Group);
        }

        var frames = Frames(tomogram, row);
        var stack = _particles.GetText(row, Labels.ImageName);
        var images = ImagesOf(stack, row);
        if (images != frames.Length && images != tomogram.Projections.Count)
        {
            throw _particles.Error(
                $"the stack has {images} images, but {frames.Length} of {tomogram.Projections.Count} frames are visible", row, Labels.ImageName);
        }

        var subtomogram = Tomogram.Angles(_particles, row, TomographyLabels.Subtomogram);
        var pose = Tomogram.Angles(_particles, row, TomographyLabels.Angles);
        var offset = Vector(_particles, row, TomographyLabels.Origins);
        var (ox, oy, oz) = subtomogram.Apply(offset[0], offset[1], offset[2]);
        var place = Place(tomogram, row);
        double[] moved = [place[0] - ox, place[1] - oy, place[2] - oz];
        var name = _particles.Contains(TomographyLabels.ParticleName)
            ? _particles.GetText(row, TomographyLabels.ParticleName) : Invariant($"{tomogram.Name}/{row + 1}");
        var half = _particles.Contains(Labels.Half) ? _particles.GetText(row, Labels.Half) : (1 + (row % 2)).ToString(CultureInfo.InvariantCulture);
        for (var k = 0; k < frames.Length; k++)
        {
            var f = frames[k];
            var turn = tomogram.Projections[f] * subtomogram;
            var angles = (turn * pose).Orthonormalized().ToEuler();
            var (x, y, _) = turn.Apply(offset[0], offset[1], offset[2]);
            var (_, _, depth) = tomogram.Projections[f].Apply(moved[0], moved[1], moved[2]);
            table.AddRow([
                StarParticles.ImageName(images == frames.Length ? k : f, stack), Invariant($"{tomogram.Name}_{f + 1:D3}"), tomogram.Name, name,
                PoseText.Text(angles.RotDegrees), PoseText.Text(angles.TiltDegrees), PoseText.Text(angles.PsiDegrees), PoseText.Text(x), PoseText.Text(y),
                .. Ctf(tomogram, f, depth), half, _particles.GetText(row, Labels.Group), Invariant($"{row + 1}"), Invariant($"{f + 1}"),
            ]);
        }
    }

    private static IEnumerable<string> Ctf(Tomogram tomogram, int frame, double depth)
    {
        var more = depth == 0 ? 0 : tomogram.DefocusPerDepth * depth;
        foreach (var label in s_ofTilt)
        {
            var missing = label == Labels.Scale ? "1" : "0";
            yield return label is Labels.DefocusU or Labels.DefocusV ? PoseText.Text(tomogram.Tilts.GetDouble(frame, label) + more)
                : tomogram.Tilts.Contains(label) ? tomogram.Tilts.GetText(frame, label) : missing;
        }
    }

    /// <summary>The frames that the particle is visible in, ascending.</summary>
    private int[] Frames(Tomogram tomogram, int row)
    {
        var count = tomogram.Projections.Count;
        if (!_particles.Contains(TomographyLabels.VisibleFrames))
        {
            return [.. Enumerable.Range(0, count)];
        }

        var visible = Tomogram.Numbers(_particles, row, TomographyLabels.VisibleFrames);
        if (visible.Length != count || visible.Any(v => v is not (0 or 1)))
        {
            throw _particles.Error(
                $"needs a 0 or 1 for each of the {count} frames of {tomogram.Name}, and has {visible.Length} numbers", row, TomographyLabels.VisibleFrames);
        }

        int[] frames = [.. Enumerable.Range(0, count).Where(f => visible[f] == 1)];
        return frames.Length > 0 ? frames : throw _particles.Error("no frame is visible", row, TomographyLabels.VisibleFrames);
    }

    private int ImagesOf(string stack, int row)
    {
        if (stack.Contains('@', StringComparison.Ordinal))
        {
            throw _particles.Error($"{stack} is a single image; a stack of tilts has no number before its name", row, Labels.ImageName);
        }

        var found = _roots.Find(stack)
            ?? throw _particles.Error($"the stack {stack} does not exist; looked in {_roots.Places}", row, Labels.ImageName);
        return MrcFile.ReadHeader(found).Sections;
    }

    /// <summary>Where the particle is in the tomogram, from its centre, angstrom.</summary>
    private double[] Place(Tomogram tomogram, int row)
    {
        if (_isCentred)
        {
            return Vector(_particles, row, TomographyLabels.Centred);
        }

        if (!TomographyLabels.Size.All(tomogram.Has) || !_particles.Contains(TomographyLabels.Cornered[0]))
        {
            return [0, 0, 0];
        }

        var corner = Vector(_particles, row, TomographyLabels.Cornered);
        return [.. corner.Select((c, axis) => ((c * _binning) - (tomogram.Size(axis) / 2)) * tomogram.PixelSize)];
    }

    /// <summary>
    /// RELION's coordinates are in pixels of the tilt series, WarpTools' in those of the binned tomogram. Binned they are if all of them, multiplied, still lie
    /// in their tomogram.
    /// </summary>
    private void FindBinning()
    {
        var known = _particles.Contains(TomographyLabels.Cornered[0])
            && Enumerable.Range(0, _particles.RowCount).All(r => TomographyLabels.Size.All(_tomograms.Of(_particles, r).Has));
        if (!known)
        {
            _warnings.Add(
                $"{_path}: the particles' places or the tomograms' sizes are not known ({TomographyLabels.Centred[0]}, or {TomographyLabels.Cornered[0]} and "
                    + $"{TomographyLabels.Size[0]}): defoci are those of the tomogram's centre");
            return;
        }

        double Binning(int row) => _optics.Contains(TomographyLabels.Binning) && _opticsRow.TryGetValue(_particles.GetInteger(row, Labels.Group), out var g)
            ? _optics.GetDouble(g, TomographyLabels.Binning) : 1;
        var binned = Enumerable.Range(0, _particles.RowCount).All(row => Vector(_particles, row, TomographyLabels.Cornered)
            .Select((c, axis) => c * Binning(row) <= _tomograms.Of(_particles, row).Size(axis)).All(inside => inside));
        _binning = binned ? Binning(0) : 1;
        if (_binning != 1)
        {
            _warnings.Add(Invariant(
                $"{_path}: {TomographyLabels.Cornered[0]} and its like are taken to be in pixels binned {_binning:G6} times, as WarpTools writes them"));
        }
    }

    private static double[] Vector(StarTable table, int row, string[] labels) =>
    [
        .. labels.Select(label => !table.Contains(label) ? 0
            : table.GetDouble(row, label) is var value && Math.Abs(value) <= MostLength ? value
            : throw table.Error(Invariant($"{value} is no place in a tomogram"), row, label)),
    ];
}
