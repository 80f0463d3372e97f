using System.Runtime.CompilerServices;
using System.Text;
using Gmm.Core;
using Field = Gmm.IO.ParticleField;

namespace Gmm.IO;

/// <summary>Makes particles and optics groups of a particle table, and checks all of it.</summary>
internal sealed class StarParticlesReader
{
    private readonly string _path;
    private readonly StarTable _table;
    private readonly StarParticlesOptions _options;
    private readonly List<OpticsReader.Row>? _optics;
    private readonly Dictionary<int, OpticsReader.Row> _opticsOf;
    private readonly StackLocator _stacks;
    private readonly ImageRoots _roots;
    private readonly List<string> _warnings = [];
    private readonly List<OpticsGroup> _groups = [];
    private readonly Dictionary<GroupKey, int> _groupOf = [];
    private GroupKey? _lastKey;
    private int _lastGroup;
    private readonly NameNumbers _micrographs = new();
    private readonly ParticleColumns _columns;
    private readonly bool _hasCtf;
    private readonly bool _hasOwnTerms;
    private readonly bool _inPixels;
    private readonly HalfAssignment? _halves;
    private readonly (double Least, double Most)[] _angles = [.. Enumerable.Repeat((double.PositiveInfinity, double.NegativeInfinity), 3)];

    public StarParticlesReader(string path, StarTable table, StarTable? optics, StarParticlesOptions options, ImageRoots roots)
    {
        (_path, _table, _options) = (path, table, options);
        _roots = roots;
        _stacks = new StackLocator(path, roots);
        _columns = new ParticleColumns(table);
        if (table.RowCount == 0)
        {
            throw new InvalidInputException("the table has no particles", path, null, Labels.ImageName);
        }

        _optics = optics is null ? null : OpticsReader.Read(optics, options.PixelSize is not null, options.CtfState is not null);
        _opticsOf = _optics?.ToDictionary(o => o.Id) ?? [];
        _hasCtf = _columns.Has(Field.DefocusU);
        // RELION 3.0 has them with the particles; later ones read data_optics alone.
        _hasOwnTerms = optics is null && AberrationTerms.AreIn(table);
        _inPixels = !_columns.Has(Field.OriginXAngstrom) && (_columns.Has(Field.OriginX) || optics is null);
        _halves = _columns.Has(Field.Half) && !HalfAssignment.IsUnset(table) ? null : HalfAssignment.Make(table);
        CheckColumns();
    }

    public ParticleSet Read()
    {
        var particles = new Particle[_table.RowCount];
        var images = new (int Stack, int Index)[_options.RequireImages ? _table.RowCount : 0];
        var tokens = new TextRange[_table.RawColumnCount];
        for (var row = 0; row < particles.Length; row++)
        {
            var cells = _columns.Row(row, tokens);
            if (_options.RequireImages)
            {
                images[row] = _stacks.Find(StarText.Unquote(cells.Raw(Field.ImageName)), _table, row);
            }

            particles[row] = ReadParticle(cells, row, _options.RequireImages ? images[row].Stack : null);
        }

        if (_options.RequireImages)
        {
            MtfReader.Attach(_path, _groups, _opticsOf, _roots, _warnings);
        }

        CheckHalves(particles);
        CheckMeaning(particles, images);
        _warnings.AddRange(_roots.Warnings.Select(w => $"{_path}: {w}"));
        var shared = SharedImages.Find(images, particles);
        WarnOfShared(shared);
        return new ParticleSet([.. _groups], particles, _stacks.Paths, images, _inPixels, _halves is not null, shared, _roots, _warnings);
    }

    private void CheckColumns()
    {
        foreach (var field in new[] { Field.Rot, Field.Tilt, Field.Psi })
        {
            Require(_columns.Has(field), ParticleColumns.LabelOf(field), "the column is missing; poses are needed");
        }

        var (x, y) = _inPixels ? (Field.OriginX, Field.OriginY) : (Field.OriginXAngstrom, Field.OriginYAngstrom);
        Require(
            _columns.Has(x) == _columns.Has(y), ParticleColumns.LabelOf(_columns.Has(x) ? y : x),
            "the column is missing, though the other origin is there");
        Warn(!_columns.Has(x), $"there is no {ParticleColumns.LabelOf(x)}; shifts are taken as 0");
        Require(!_options.RequireImages || _columns.Has(Field.ImageName), Labels.ImageName, "the column is missing");
        if (_optics is { Count: 0 })
        {
            throw new InvalidInputException("the table data_optics is empty", _path, null, Labels.Group);
        }

        Require(_optics is null or { Count: 1 } || _columns.Has(Field.Group), Labels.Group, "the column is missing, and data_optics has several groups");
        Warn(_optics is not null && !_columns.Has(Field.Group), $"there is no {Labels.Group}; all particles are taken to be of the only group");
        Require(
            !_options.DoseWeighting || _columns.Has(Field.PreExposure), Labels.PreExposure, "the column is missing; dose weighting needs it");
        Require(_hasCtf || !_options.RequireCtf, Labels.DefocusU, "the column is missing; CTF parameters are needed");
        Warn(!_hasCtf, $"there is no {Labels.DefocusU}; images are taken to be free of CTF");
        Warn(_hasCtf && !_columns.Has(Field.DefocusV), $"there is no {Labels.DefocusV}; it is taken to be {Labels.DefocusU}");
        Warn(_halves is not null, $"{(_columns.Has(Field.Half) ? $"{Labels.Half} is 0 everywhere" : $"there is no {Labels.Half}")}; {_halves?.Text}");
        if (_optics is null && _options.PixelSize is null && !_columns.Has(Field.ImagePixelSize))
        {
            Warn(
                _columns.Has(Field.DetectorPixelSize) && !_columns.Has(Field.Magnification) && !_columns.Has(Field.PixelSize),
                $"there is no {Labels.Magnification}; {Labels.DetectorPixelSize} is taken as angstrom per pixel");
            Require(
                _columns.Has(Field.DetectorPixelSize) || _columns.Has(Field.PixelSize), Labels.DetectorPixelSize,
                "the column is missing; the pixel size is not known");
        }
    }

    private void Require(bool condition, string label, string problem)
    {
        if (!condition)
        {
            throw new InvalidInputException(problem, _path, null, label);
        }
    }

    private void Warn(bool condition, string text)
    {
        if (condition)
        {
            _warnings.Add($"{_path}: {text}");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Particle ReadParticle(in ParticleCells cells, int row, int? stack)
    {
        var optics = FindOptics(cells, row);
        var ctf = ReadCtf(cells, optics, row);
        var group = FindGroup(cells, optics, ctf, row, stack);
        RequirePossible(ctf, _groups[group].PixelSize, optics, row);
        var half = _halves is { } made ? made.Halves[row] : cells.Integer(Field.Half);
        if (half is not (1 or 2))
        {
            throw _table.Error($"{half} is not a half set; 1 and 2 are", row, Labels.Half);
        }

        var (x, y) = _inPixels ? (Field.OriginX, Field.OriginY) : (Field.OriginXAngstrom, Field.OriginYAngstrom);
        var angles = new EulerAngles(Angle(cells, Field.Rot, row), Angle(cells, Field.Tilt, row), Angle(cells, Field.Psi, row));
        Widen(angles);
        var pose = PoseText.ToPose(
            angles,
            Origin(cells, x, row, _groups[group]),
            Origin(cells, y, row, _groups[group]),
            OriginUnit.Of(_groups[group], _inPixels));
        return new Particle(pose, ctf, group, half) { Weight = Weight(cells, row), Micrograph = Micrograph(cells) };
    }

    private int Micrograph(in ParticleCells cells) =>
        _columns.Has(Field.MicrographName) ? _micrographs.Of(cells.Raw(Field.MicrographName)) : -1;

    private float Weight(in ParticleCells cells, int row)
    {
        var weight = cells.Number(Field.GmmWeight, 1);
        return weight is >= 0 and <= 1 ? (float)weight : throw _table.Error($"the weight {weight} is not from 0 to 1", row, StarParticles.WeightLabel);
    }

    private double Angle(in ParticleCells cells, Field field, int row)
    {
        var value = cells.Number(field);
        return Math.Abs(value) <= CtfLimits.MostDegrees
            ? value
            : throw _table.Error(FormattableString.Invariant($"an angle of {value} degrees cannot be"), row, ParticleColumns.LabelOf(field));
    }

    /// <summary>
    /// An origin, angstrom or pixels as in the file. One of many boxes is no place of a particle in its image: see <see cref="PhysicalLimits"/>.
    /// </summary>
    private double Origin(in ParticleCells cells, Field field, int row, OpticsGroup group)
    {
        var value = cells.Number(field, 0);
        var limit = PhysicalLimits.Farthest(_inPixels ? group.ImageSize : group.BoxLength);
        return Math.Abs(value) <= limit
            ? value
            : throw _table.Error(
                FormattableString.Invariant($"{value} is no place in an image: {PhysicalLimits.FarthestBoxes} boxes are {limit:G6} ")
                    + FormattableString.Invariant($"{(_inPixels ? "pixels" : "angstrom")}"),
                row, ParticleColumns.LabelOf(field));
    }

    private OpticsReader.Row? FindOptics(in ParticleCells cells, int row)
    {
        if (_optics is null)
        {
            return null;
        }

        if (!_columns.Has(Field.Group))
        {
            return _optics[0];
        }

        var id = cells.Integer(Field.Group);
        return _opticsOf.TryGetValue(id, out var group) ? group : throw _table.Error($"optics group {id} is not in the table data_optics", row, Labels.Group);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CtfParameters ReadCtf(in ParticleCells cells, OpticsReader.Row? optics, int row)
    {
        // What a refinement has found takes the place of the other, which it includes.
        var scale = cells.Number(Field.GmmScale, cells.Number(Field.Scale, 1));
        if (!_hasCtf)
        {
            return new CtfParameters
            {
                DefocusU = 0,
                DefocusV = 0,
                VoltageKilovolt = cells.Number(Field.Voltage, optics?.Voltage ?? 300),
                SphericalAberrationMillimetre = cells.Number(Field.Aberration, optics?.Aberration ?? 2.7),
                AmplitudeContrast = cells.Number(Field.AmplitudeContrast, optics?.AmplitudeContrast ?? 0.1),
                ScaleFactor = scale,
            };
        }

        var u = cells.Number(Field.DefocusU);
        return new CtfParameters
        {
            DefocusU = u,
            DefocusV = cells.Number(Field.DefocusV, u),
            DefocusAngleDegrees = cells.Number(Field.DefocusAngle, 0),
            VoltageKilovolt = _columns.Has(Field.Voltage) ? cells.Number(Field.Voltage) : optics?.Voltage ?? throw MissingCtf(Labels.Voltage),
            SphericalAberrationMillimetre = _columns.Has(Field.Aberration)
                ? cells.Number(Field.Aberration)
                : optics?.Aberration ?? throw MissingCtf(Labels.Aberration),
            AmplitudeContrast = _columns.Has(Field.AmplitudeContrast)
                ? cells.Number(Field.AmplitudeContrast)
                : optics?.AmplitudeContrast ?? throw MissingCtf(Labels.AmplitudeContrast),
            PhaseShiftDegrees = cells.Number(Field.PhaseShift, 0),
            BFactor = cells.Number(Field.BFactor, 0),
            ScaleFactor = scale,
            PreExposure = _options.DoseWeighting ? cells.Number(Field.PreExposure) : 0,
        };
    }

    private void RequirePossible(CtfParameters ctf, double pixelSize, OpticsReader.Row? optics, int row)
    {
        if (_hasCtf && CtfLimits.Problem(ctf, pixelSize) is { } wrong)
        {
            // The scale that a refinement found is in a column of its own.
            var label = wrong.Label == Labels.Scale && _columns.Has(Field.GmmScale) ? ParticleColumns.LabelOf(Field.GmmScale) : wrong.Label;
            throw new InvalidInputException(wrong.Problem, _path, _table.Contains(label) ? _table.LineOf(row) : optics!.Line, label);
        }
    }

    private InvalidInputException MissingCtf(string label) => new("the column is missing; CTF parameters are needed", _path, null, label);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindGroup(in ParticleCells cells, OpticsReader.Row? optics, CtfParameters ctf, int row, int? stack)
    {
        var box = stack is { } s ? _stacks.Shape(s).Width : 0;
        var wanted = optics?.ImageSize ?? (_columns.Has(Field.ImageSize) ? cells.Integer(Field.ImageSize) : null as int?);
        if (wanted is <= 0)
        {
            throw _table.Error($"the image size {wanted} is not positive", row, Labels.ImageSize);
        }

        if (box > 0 && wanted is { } size && size != box)
        {
            throw _table.Error(
                $"the images of {_stacks.Paths[stack!.Value]} are {box} x {box} pixels, but {Labels.ImageSize} of the optics group is {size}", row,
                Labels.ImageName);
        }

        var side = box > 0 ? box : wanted ?? _options.ImageSize
            ?? throw new InvalidInputException("the column is missing; the image size is not known", _path, null, Labels.ImageSize);
        var pixel = PixelSize(cells, optics, row);

        // Groups of data_optics stay as they are; a flat table's are made of what RELION would put there.
        var terms = optics?.Terms ?? AberrationTerms.None;
        if (_hasOwnTerms)
        {
            terms = AberrationTerms.Read(_table, row);
        }

        var key = optics is not null
            ? new GroupKey(optics.Id, 0, 0, 0, 0, terms)
            : new GroupKey(0, ctf.VoltageKilovolt, ctf.SphericalAberrationMillimetre, ctf.AmplitudeContrast, pixel, terms);
        // Rows of one group mostly follow each other.
        int index;
        if (key == _lastKey)
        {
            index = _lastGroup;
        }
        else if (!_groupOf.TryGetValue(key, out index))
        {
            index = _groups.Count;
            _groupOf.Add(key, index);
            _groups.Add(new OpticsGroup
            {
                Id = optics?.Id ?? index + 1,
                Name = optics?.Name ?? $"opticsGroup{index + 1}",
                PixelSize = pixel,
                ImageSize = side,
                OddOrigin = _options.OddOrigin ?? OddOrigin.Relion,
                Aberrations = terms.ToAberrations(ctf),
                CtfState = _options.CtfState ?? (_hasCtf ? optics?.CtfState ?? OpticsReader.State(_table, row) ?? CtfState.Unmodified : CtfState.None),
            });
        }

        (_lastKey, _lastGroup) = (key, index);
        if (_groups[index].ImageSize != side)
        {
            throw _table.Error(
                $"the image {(stack is { } t ? $"of {_stacks.Paths[t]} " : string.Empty)}has {side} x {side} pixels, others of its optics group "
                    + $"{_groups[index].ImageSize} x {_groups[index].ImageSize}", row,
                Labels.ImageName);
        }

        return index;
    }

    private double PixelSize(in ParticleCells cells, OpticsReader.Row? optics, int row)
    {
        if ((_options.PixelSize ?? optics?.PixelSize) is { } known)
        {
            return known;
        }

        // A detector's pixel size says nothing of the image's without the magnification, so rlnPixelSize goes first then.
        var field = _columns.Has(Field.ImagePixelSize) ? Field.ImagePixelSize
            : _columns.Has(Field.DetectorPixelSize) && (_columns.Has(Field.Magnification) || !_columns.Has(Field.PixelSize)) ? Field.DetectorPixelSize
            : Field.PixelSize;
        Require(_columns.Has(field), Labels.ImagePixelSize, "the column is missing; the pixel size is not known");
        var value = cells.Number(field);
        if (field == Field.DetectorPixelSize && _columns.Has(Field.Magnification))
        {
            // Micrometres on the detector over the magnification.
            var magnification = cells.Number(Field.Magnification);
            value = magnification > 0
                ? value * 1e4 / magnification
                : throw _table.Error($"the magnification {magnification} is not positive", row, Labels.Magnification);
        }

        return PhysicalLimits.PixelProblem(value) is not { } problem ? value : throw _table.Error(problem, row, ParticleColumns.LabelOf(field));
    }

    private void CheckHalves(Particle[] particles)
    {
        for (var half = 1; half <= 2 && _options.RequireBothHalves; half++)
        {
            if (!Array.Exists(particles, p => p.Half == half))
            {
                throw new InvalidInputException(
                    $"half set {half} has no particles: all are in half set {3 - half}, as in a file of one half. Two independent halves are needed: "
                        + "add the other half's particles, or take the column out and halves are made (gmm reconstruct --half makes the map of one half)",
                    _path,
                    null,
                    Labels.Half);
            }
        }
    }

    private void Widen(EulerAngles angles)
    {
        ReadOnlySpan<double> values = [angles.RotDegrees, angles.TiltDegrees, angles.PsiDegrees];
        for (var i = 0; i < values.Length; i++)
        {
            _angles[i] = (Math.Min(_angles[i].Least, values[i]), Math.Max(_angles[i].Most, values[i]));
        }
    }

    /// <summary>What the particles say together. Readers of poses alone, who need no images or CTFs, are not told about those.</summary>
    private void CheckMeaning(Particle[] particles, (int Stack, int Index)[] images)
    {
        var found = new List<string>();
        if (_hasCtf && _options.RequireCtf && _groups.TrueForAll(g => g.CtfState != CtfState.None))
        {
            found.AddRange(new MetadataChecks(_table, _groups, particles).Ctfs());
            found.AddRange(new MetadataChecks(_table, _groups, particles).Tilts(
                [.. _groupOf.OrderBy(g => g.Value).Select(g => (g.Key.Terms.TiltX, g.Key.Terms.TiltY))]));
        }

        if (_options.RequireImages)
        {
            if (_options.OddOrigin is null && _groups.Find(g => g.ImageSize % 2 != 0) is { ImageSize: var n })
            {
                found.Add(
                    $"the images have an odd side, {n} pixels; a structure without shift is taken to be at pixel {DiscTransform.OriginPixel(n)}, "
                        + "where relion_project puts it. "
                        + $"Other programs put it at pixel {DiscTransform.OriginPixel(n, OddOrigin.Half)}: --odd-origin half. The wrong one moves "
                        + "every image by a pixel along x and y");
            }

            var header = Enumerable.Range(0, _groups.Count).Select(
                g => _options.PixelSize is not null ? 0 : _stacks.Shape(images[Array.FindIndex(particles, p => p.OpticsIndex == g)].Stack).PixelSize);
            found.AddRange(new MetadataChecks(_table, _groups, particles).Pixels([.. header]));
            found.AddRange(_options.PixelSize is not null ? []
                : new MetadataChecks(_table, _groups, particles).SharedStacks(images, _stacks.Paths));
            found.AddRange(new MetadataChecks(_table, _groups, particles).Poses(
                _angles, ParticleColumns.LabelOf(_inPixels ? Field.OriginX : Field.OriginXAngstrom)));
        }

        _warnings.AddRange(found.Select(w => $"{_path}: {w}"));
    }

    private void WarnOfShared(SharedImages shared)
    {
        // Symmetry copies share their image by intention, though within their half.
        Warn(
            shared.Repeated > 0 && !_table.Contains(SymmetryExpansion.Copy),
            $"images that an earlier row has too: {shared.Repeated}, the first at row {_table.LineOf(Math.Max(0, shared.FirstRepeated))}, "
                + $"{Labels.ImageName}: they count twice, and uncertainties and resolutions come out too good; remove the rows if they are not meant "
                + "(relion_star_handler --remove_duplicates 1)");
        if (shared.AcrossText(_table) is { } text)
        {
            _warnings.Add($"{_path}, row {_table.LineOf(shared.FirstAcross.Row)}, {Labels.ImageName}: {text}");
        }
    }

    private readonly record struct GroupKey(int Id, double Voltage, double Aberration, double AmplitudeContrast, double PixelSize, AberrationTerms Terms);
}
