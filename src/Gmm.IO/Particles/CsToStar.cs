using System.Globalization;
using Gmm.Core;

namespace Gmm.IO;

/// <summary>
/// Says what particles of cryoSPARC are in RELION's columns (3.1): one file in memory, that everything reads as if it had been a STAR file. Numbers keep all
/// their digits, rows their order, and uids are in the column ucsfUid, as pyem writes them.
/// </summary>
/// <remarks>docs/formats.md has the table of fields and columns, with where each convention is from.</remarks>
internal sealed class CsToStar
{
    /// <summary>More turns than any program leaves in a rotation vector.</summary>
    private const double MostRadians = 1000;

    /// <summary>Column of cryoSPARC's uid: pyem's name for it.</summary>
    public const string UidLabel = "ucsfUid";

    private const string CoordinateX = "rlnCoordinateX";
    private const string CoordinateY = "rlnCoordinateY";

    /// <summary>The columns of a particle's place in its micrograph.</summary>
    public static IReadOnlyList<string> Coordinates { get; } = [CoordinateX, CoordinateY];

    private const double Degrees = 180 / Math.PI;

    /// <summary>cryoSPARC's fields of what <see cref="CtfLimits"/> looks at.</summary>
    private static readonly (string Label, string Field)[] s_limited =
    [
        (Labels.Voltage, CsFields.Voltage), (Labels.Aberration, CsFields.Aberration), (Labels.AmplitudeContrast, CsFields.AmplitudeContrast),
        (Labels.DefocusU, CsFields.Defocus1), (Labels.DefocusV, CsFields.Defocus2), (Labels.DefocusAngle, CsFields.DefocusAngle),
        (Labels.PhaseShift, CsFields.PhaseShift), (Labels.Scale, CsFields.Scale), (Labels.BFactor, CsFields.BFactor),
    ];

    private readonly NpyTable _cs;
    private readonly Dictionary<Optics, int> _groups = [];
    private readonly List<Optics> _optics = [];

    /// <summary>The columns of particles that the file has, with what makes the text of a row.</summary>
    private readonly List<(string Label, Func<int, string> Text)> _columns = [];

    private CsToStar(NpyTable cs) => _cs = cs;

    /// <summary>Makes the STAR file.</summary>
    /// <param name="cs">The particles.</param>
    /// <exception cref="InvalidInputException">
    /// A number is none, or one that no microscope has, or a field has another form than cryoSPARC's; the message names file, row and field.
    /// </exception>
    public static StarFile Convert(NpyTable cs)
    {
        var converter = new CsToStar(cs);
        converter.RequirePossible();
        converter.AddImages();
        converter.AddCtf();
        converter.AddPoses();
        converter._columns.Add((UidLabel, converter.Whole(CsDataset.Uid)));
        return converter.Build();
    }

    /// <summary>The rotation of a pose of cryoSPARC: the transpose of the rotation about its vector (radians).</summary>
    public static Rotation Rotation(double x, double y, double z) => Core.Rotation.FromRotationVector(x, y, z).Transpose();

    /// <summary>The name that a group of optics gets, which is none of RELION's: a .cs file has numbers of groups alone.</summary>
    /// <param name="exposureGroup">ctf/exp_group_id.</param>
    public static string OpticsName(int exposureGroup) => $"exposureGroup{Text(exposureGroup)}";

    /// <summary>Refuses CTFs and pixels that cannot be, of which no wavelength or place can be made.</summary>
    private void RequirePossible()
    {
        NpyField? Field(string name) => _cs.Contains(name) ? _cs.Numbers(name) : null;
        NpyField[] pixels = [.. new[] { CsFields.PixelSize, CsFields.PosePixelSize }.Select(Field).OfType<NpyField>()];
        var fields = s_limited.ToDictionary(f => f.Label, f => Field(f.Field), StringComparer.Ordinal);
        for (var row = 0; row < _cs.RowCount; row++)
        {
            foreach (var pixel in pixels)
            {
                if (PhysicalLimits.PixelProblem(_cs.Number(row, pixel)) is { } problem)
                {
                    throw _cs.Error(problem, row, pixel.Name);
                }
            }

            double Value(string label, double none) => fields[label] is { } field ? _cs.Number(row, field) : none;
            var ctf = new CtfParameters
            {
                DefocusU = Value(Labels.DefocusU, 0),
                DefocusV = Value(Labels.DefocusV, 0),
                DefocusAngleDegrees = Value(Labels.DefocusAngle, 0) * Degrees,
                VoltageKilovolt = Value(Labels.Voltage, 300),
                SphericalAberrationMillimetre = Value(Labels.Aberration, 0),
                AmplitudeContrast = Value(Labels.AmplitudeContrast, 0),
                PhaseShiftDegrees = Value(Labels.PhaseShift, 0) * Degrees,
                ScaleFactor = Value(Labels.Scale, 1),
                BFactor = Value(Labels.BFactor, 0),
            };
            if (CtfLimits.Problem(ctf, pixels.Length > 0 ? _cs.Number(row, pixels[0]) : PhysicalLimits.LargestPixel) is { } wrong)
            {
                throw _cs.Error(wrong.Problem, row, Array.Find(s_limited, f => f.Label == wrong.Label).Field);
            }
        }
    }

    private StarFile Build()
    {
        var labels = _columns.Select(c => c.Label).ToList();
        var hasOptics = _cs.Contains(CsFields.Voltage);
        var optics = hasOptics ? OpticsOf() : null;
        if (hasOptics)
        {
            labels.Insert(Math.Min(1, labels.Count), Labels.Group);
        }

        var table = new StarTable(labels) { Source = _cs.Path };
        var cells = new string[labels.Count];
        for (var row = 0; row < _cs.RowCount; row++)
        {
            var k = 0;
            for (var c = 0; c < _columns.Count; c++)
            {
                cells[k++] = _columns[c].Text(row);
                if (hasOptics && k == 1)
                {
                    cells[k++] = Text(_optics[optics![row]].Id);
                }
            }

            AddRow(table, cells, row);
        }

        var particles = new StarBlock("particles", table) { Source = _cs.Path };
        particles.Comments.Add("# version 30001");
        if (!hasOptics)
        {
            return new StarFile(particles);
        }

        var block = new StarBlock("optics", OpticsTable()) { Source = _cs.Path };
        block.Comments.Add("# version 30001");
        return new StarFile(block, particles);
    }

    private void AddRow(StarTable table, string[] cells, int row)
    {
        try
        {
            table.AddRow(cells);
        }
        catch (ArgumentException e)
        {
            throw _cs.Error($"a path cannot be in a STAR file: {ErrorText.Problem(e)}", row, CsFields.Path);
        }
    }

    private void AddImages()
    {
        if (_cs.Contains(CsFields.Path))
        {
            var (path, index) = (_cs.Texts(CsFields.Path), _cs.Numbers(CsFields.Index));
            _columns.Add((Labels.ImageName, row => ImageName(row, path, index)));
        }

        if (!_cs.Contains(CsFields.Micrograph))
        {
            return;
        }

        var micrograph = _cs.Texts(CsFields.Micrograph);
        _columns.Add((Labels.Micrograph, row => _cs.Text(row, micrograph).TrimStart('>')));
        if (_cs.Contains(CsFields.CentreX) && _cs.Contains(CsFields.CentreY) && _cs.Contains(CsFields.MicrographShape))
        {
            // The shape is rows, then columns; pyem multiplies with it turned about.
            var (x, y, shape) = (_cs.Numbers(CsFields.CentreX), _cs.Numbers(CsFields.CentreY), _cs.Numbers(CsFields.MicrographShape, 2));
            _columns.Add((CoordinateX, row => PoseText.Text(_cs.Number(row, x) * _cs.Number(row, shape, 1))));
            _columns.Add((CoordinateY, row => PoseText.Text(_cs.Number(row, y) * _cs.Number(row, shape, 0))));
        }
    }

    private string ImageName(int row, NpyField path, NpyField index)
    {
        var number = _cs.Number(row, index);
        var name = _cs.Text(row, path).TrimStart('>');
        return name.Length == 0 ? throw _cs.Error("the path is empty", row, CsFields.Path)
            : number is >= 0 and < int.MaxValue ? StarParticles.ImageName((int)number, name)
            : throw _cs.Error($"{number} is no number of an image", row, CsFields.Index);
    }

    private void AddCtf()
    {
        Add(Labels.DefocusU, CsFields.Defocus1);
        Add(Labels.DefocusV, CsFields.Defocus2);
        Add(Labels.DefocusAngle, CsFields.DefocusAngle, Degrees);
        Add(Labels.PhaseShift, CsFields.PhaseShift, Degrees);
        Add(Labels.BFactor, CsFields.BFactor);
        Add(Labels.Scale, CsFields.Scale);
    }

    private void AddPoses()
    {
        if (_cs.Contains(CsFields.Pose))
        {
            var pose = _cs.Numbers(CsFields.Pose, 3);
            var (last, angles) = (-1, default(EulerAngles));
            EulerAngles Angles(int row)
            {
                if (row != last)
                {
                    double x = _cs.Number(row, pose, 0), y = _cs.Number(row, pose, 1), z = _cs.Number(row, pose, 2);
                    if (Math.Abs(x) + Math.Abs(y) + Math.Abs(z) > MostRadians)
                    {
                        throw _cs.Error(FormattableString.Invariant($"a rotation by the vector ({x}, {y}, {z}) radians cannot be"), row, CsFields.Pose);
                    }

                    (last, angles) = (row, Rotation(x, y, z).ToEuler());
                }

                return angles;
            }

            _columns.Add((PoseText.Rot, row => Text(Angles(row).RotDegrees)));
            _columns.Add((PoseText.Tilt, row => Text(Angles(row).TiltDegrees)));
            _columns.Add((PoseText.Psi, row => Text(Angles(row).PsiDegrees)));
        }

        if (_cs.Contains(CsFields.Origin))
        {
            // Pixels of the images that were aligned, which can be smaller than those in the stacks.
            var shift = _cs.Numbers(CsFields.Origin, 2);
            var pixel = _cs.Numbers(_cs.Contains(CsFields.PosePixelSize) ? CsFields.PosePixelSize : CsFields.PixelSize);
            _columns.Add((PoseText.OriginXAngstrom, row => Text(_cs.Number(row, shift, 0) * _cs.Number(row, pixel))));
            _columns.Add((PoseText.OriginYAngstrom, row => Text(_cs.Number(row, shift, 1) * _cs.Number(row, pixel))));
        }

        // All in one half is what cryoSPARC writes where there are no halves.
        if (_cs.Contains(CsFields.Split) && HasBothHalves())
        {
            var split = _cs.Numbers(CsFields.Split);
            _columns.Add((Labels.Half, row => _cs.Number(row, split) is 0 or 1
                ? Text((int)_cs.Number(row, split) + 1)
                : throw _cs.Error(FormattableString.Invariant($"{_cs.Number(row, split)} is no half set; 0 and 1 are"), row, CsFields.Split)));
        }

        if (_cs.Contains(CsFields.Class))
        {
            var number = _cs.Numbers(CsFields.Class);
            _columns.Add((Labels.Class, row => Text((int)Math.Min(_cs.Number(row, number), int.MaxValue - 1) + 1)));
        }
    }

    private bool HasBothHalves()
    {
        var split = _cs.Numbers(CsFields.Split);
        for (var row = 1; row < _cs.RowCount; row++)
        {
            if (_cs.Number(row, split) != _cs.Number(0, split))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A column of a field's numbers, their digits kept, or times a factor.</summary>
    private void Add(string label, string name, double factor = 1)
    {
        if (_cs.Contains(name))
        {
            var field = _cs.Numbers(name);
            _columns.Add((label, factor == 1 ? row => Exact(row, field) : row => Text(_cs.Number(row, field) * factor)));
        }
    }

    /// <summary>A number of a field with the fewest digits that give it again.</summary>
    private string Exact(int row, NpyField field, int element = 0)
    {
        var value = _cs.Number(row, field, element);
        return field is { Kind: NpyKind.Float, ElementBytes: 4 } ? ((float)value).ToString("R", CultureInfo.InvariantCulture) : Text(value);
    }

    private Func<int, string> Whole(string name)
    {
        var field = _cs.Numbers(name);
        return row => _cs.Integer(row, field).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The optics group of each row: particles of one exposure group whose optics agree.</summary>
    private int[] OpticsOf()
    {
        double Number(int row, NpyField? field, int element = 0) => field is null ? 0 : _cs.Number(row, field, element);
        NpyField? Field(string name, int count = 1) => _cs.Contains(name) ? _cs.Numbers(name, count) : null;
        var (group, voltage) = (Field(CsFields.ExposureGroup), Field(CsFields.Voltage));
        var (cs, contrast) = (Field(CsFields.Aberration), Field(CsFields.AmplitudeContrast));
        var (pixel, shape) = (Field(_cs.Contains(CsFields.PixelSize) ? CsFields.PixelSize : CsFields.PosePixelSize), Field(CsFields.Shape, 2));
        var (shift, tilt, trefoil) = (Field(CsFields.Shift, 2), Field(CsFields.Tilt, 2), Field(CsFields.Trefoil, 2));
        var (tetra, matrix) = (Field(CsFields.Tetrafoil, 4), Field(CsFields.Magnification, 4));
        int[] groups = [.. Enumerable.Range(0, _cs.RowCount).Select(row => GroupOf(new Optics(
            (int)Math.Min(Number(row, group), int.MaxValue - 1),
            voltage is null ? null : Exact(row, voltage),
            cs is null ? null : Exact(row, cs),
            contrast is null ? null : Exact(row, contrast),
            pixel is null ? null : Exact(row, pixel),
            shape is null ? null : (int)Math.Min(Number(row, shape), int.MaxValue),
            new CsAberrations(
                Number(row, shift), Number(row, shift, 1), Number(row, tilt), Number(row, tilt, 1), Number(row, trefoil), Number(row, trefoil, 1),
                (Number(row, tetra), Number(row, tetra, 1), Number(row, tetra, 2), Number(row, tetra, 3)),
                new Magnification(1 + Number(row, matrix), Number(row, matrix, 1), Number(row, matrix, 2), 1 + Number(row, matrix, 3))))))];
        NameGroups();
        return groups;
    }

    private int GroupOf(Optics optics)
    {
        if (!_groups.TryGetValue(optics, out var index))
        {
            index = _optics.Count;
            _groups.Add(optics, index);
            _optics.Add(optics);
        }

        return index;
    }

    /// <summary>
    /// An exposure group's number from 0 is RELION's from 1, as pyem has it; a group whose particles differ needs more numbers, which are those behind all.
    /// </summary>
    private void NameGroups()
    {
        var taken = _optics.Select(o => o.ExposureGroup + 1).ToHashSet();
        var (free, parts) = (taken.Count == 0 ? 0 : taken.Max(), new Dictionary<int, int>());
        for (var g = 0; g < _optics.Count; g++)
        {
            var (group, name) = (_optics[g].ExposureGroup, OpticsName(_optics[g].ExposureGroup));
            var part = parts[group] = parts.GetValueOrDefault(group) + 1;
            while (part > 1 && !taken.Add(free))
            {
                free = free < int.MaxValue ? free + 1 : 1;
            }

            _optics[g] = _optics[g] with { Id = part > 1 ? free : group + 1, Name = part > 1 ? $"{name}_{Text(part)}" : name };
        }
    }

    private StarTable OpticsTable()
    {
        var table = new StarTable(Labels.OpticsName, Labels.Group) { Source = _cs.Path };
        foreach (var group in _optics)
        {
            table.AddRow(group.Name, Text(group.Id));
        }

        static string? List(double[] terms) => terms.Length == 0 ? null : AberrationTerms.List(terms);
        OpticsGathering.AddColumns(table, [.. _optics.Select(o =>
            new ParticleOptics(o.Voltage, o.Aberration, o.AmplitudeContrast, o.PixelSize, o.ImageSize)
            {
                TiltX = o.Tilt is (0, 0) ? null : Text(o.Tilt.X),
                TiltY = o.Tilt is (0, 0) ? null : Text(o.Tilt.Y),
                Odd = List(o.Terms.Odd(o.Cs, o.Wavelength)),
                Even = List(o.Terms.Even(o.Wavelength)),
            })]);
        if (_optics.Exists(o => o.Terms.Magnification != Magnification.None))
        {
            foreach (var (label, element) in AberrationTerms.MatrixColumns)
            {
                table.SetColumn(label, [.. _optics.Select(o => Text(element(o.Terms.Magnification)))]);
            }
        }

        return table;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>What the particles of a group share.</summary>
    private sealed record Optics(
        int ExposureGroup, string? Voltage, string? Aberration, string? AmplitudeContrast, string? PixelSize, int? ImageSize, CsAberrations Terms)
    {
        public int Id { get; init; }

        public string Name { get; init; } = string.Empty;

        public double Cs => Number(Aberration);

        public double Wavelength => new CtfParameters { DefocusU = 0, DefocusV = 0, VoltageKilovolt = Number(Voltage) }.WavelengthAngstrom;

        public (double X, double Y) Tilt => Terms.BeamTilt(Cs);

        private static double Number(string? text) => text is null ? 0 : double.Parse(text, CultureInfo.InvariantCulture);
    }
}
